import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { handedOver } from "../../../compiler/plan/command-line.ts";
import { emit } from "../../../targets/airflow/emit.ts";
import { airflowPodsPlan } from "../../support/engine-plan.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { environmentOf } from "../setup/python.ts";

interface Container {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly workingDir: string;
  readonly env: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: unknown }[];
  readonly resources: unknown;
  readonly securityContext: unknown;
  readonly volumeMounts: unknown;
}

interface Pod {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly labels: Record<string, string> };
  readonly spec: {
    readonly containers: readonly Container[];
    readonly initContainers?: unknown;
    readonly securityContext: unknown;
    readonly serviceAccountName: string;
    readonly automountServiceAccountToken: boolean;
    readonly activeDeadlineSeconds: number;
    readonly restartPolicy: string;
    readonly nodeSelector?: unknown;
    readonly volumes: unknown;
  };
}

const TROUBLE = "$(HOME) $$ {{ 7*7 }} 'x' $";

for (const name of ["airflow3", "airflow2"] as const) {
  const environment = await environmentOf(name);

  it(`${name}'s own builder makes of every task the pod that the plan says`, async () => {
    if (environment === undefined) return;
    const plan = airflowPodsPlan(name === "airflow3" ? "3.3" : "2.11", {
      env: { AUTHORS: TROUBLE },
      command: ["python", "train.py", TROUBLE.replaceAll("${", "$${"), "${run.id}"],
      spot: true,
      resources: { cpu: 0.5, memory: 3 * 1024 ** 3, gpu: 1 },
      secrets: { TOKEN: "lake/token" },
    });
    const file = join(temporaryFolder(), "flights.py");
    writeFileSync(file, emit(plan)[0]?.text ?? "");
    const known = {
      run: "flights-1$(A)",
      ...Object.fromEntries(handedOver(plan).map((value) => [value, `<${value}>`])),
    };
    const words = [join(import.meta.dirname, "pods.py"), file, JSON.stringify({ ...known, answer: "", identity: "" })];
    const { stdout } = await promisify(execFile)(environment.python, words, { maxBuffer: 1e8 });
    const line = stdout.split("\n").find((one) => one.startsWith("PODS ")) ?? "PODS {}";
    const pods = JSON.parse(line.slice("PODS ".length)) as Record<string, Pod>;
    const tasks = ["tick", "outcome", "snapshot", "train", "evaluate", "gate_offline", "register", "stage_full"];
    expect(Object.keys(pods)).toEqual(expect.arrayContaining(tasks));
    for (const [task, { metadata, spec }] of Object.entries(pods)) {
      expect(metadata.namespace, task).toBe("models");
      expect(metadata.name).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])$/);
      expect(metadata.labels).toMatchObject({ "retrain.dev/policy": "flight-delays" });
      expect(spec).toMatchObject({
        restartPolicy: "Never",
        serviceAccountName: "retrain",
        automountServiceAccountToken: false,
      });
      expect(spec.activeDeadlineSeconds).toBeGreaterThan(0);
      expect(spec.initContainers ?? []).toEqual([]);
      expect(spec.securityContext).toEqual({
        runAsNonRoot: true,
        runAsUser: 8737,
        runAsGroup: 8737,
        fsGroup: 8737,
        seccompProfile: { type: "RuntimeDefault" },
      });
      // One container: nothing beside it that would have to be asked by a command.
      expect(spec.containers).toHaveLength(1);
      const [container] = spec.containers;
      expect(container?.name).toBe("base");
      expect(container?.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
      expect(container?.volumeMounts).toEqual([
        { name: "work", mountPath: "/work" },
        { name: "tmp", mountPath: "/tmp" },
      ]);
      expect(spec.volumes).toEqual([
        { name: "work", persistentVolumeClaim: { claimName: "retrain" } },
        { name: "tmp", emptyDir: {} },
      ]);
    }
    const of = (task: string) => pods[task]?.spec.containers[0];
    const gate = of("gate_offline");
    expect([gate?.image, gate?.command]).toEqual([plan.bindings.runtimeImage, ["retrain-runtime"]]);
    expect(gate?.args).toEqual([
      ..."gate --environment production --policy flight_delays --run".split(" "),
      // Kubernetes makes one dollar of two, and then leaves the rest alone.
      "flights-1$$(A)",
      ..."--node gate.offline --answers /dev/termination-log".split(" "),
    ]);
    expect(gate?.env).toEqual([
      { name: "RETRAIN_LEDGER_URL", valueFrom: { secretKeyRef: { name: "retrain", key: "ledger-url" } } },
    ]);
    const tick = of("tick")?.args ?? [];
    expect(JSON.parse(tick[tick.indexOf("--plan-json") + 1] ?? "")).toEqual(JSON.parse(JSON.stringify(plan)));
    const train = of("train");
    const whole = (text: string) => text.replaceAll("$$", "$");
    expect([train?.command, train?.args.map(whole)]).toEqual([["python"], ["train.py", TROUBLE, "flights-1$(A)"]]);
    const variables = Object.fromEntries(
      (train?.env ?? []).map(({ name, value, valueFrom }) => [name, value ?? valueFrom]),
    );
    expect(whole(String(variables["AUTHORS"]))).toBe(TROUBLE);
    expect(variables["RETRAIN_CHALLENGER_URI"]).toBe("/work/.retrain/runs/flights-1$$(A)/model");
    expect(variables["RETRAIN_CHAMPION_URI"]).toBe("<champion.uri>");
    expect(variables["TOKEN"]).toEqual({ secretKeyRef: { name: "lake", key: "token" } });
    expect(Object.keys(variables)).not.toContain("RETRAIN_LEDGER_URL");
    const amounts = { cpu: "500m", memory: "3Gi", "nvidia.com/gpu": "1" };
    expect(train?.resources).toEqual({ requests: amounts, limits: amounts });
    expect(pods["train"]?.spec.nodeSelector).toEqual({ "retrain.dev/capacity": "spot" });
    expect(pods["evaluate"]?.spec.nodeSelector ?? {}).toEqual({});
    const ends = stdout.split("\n").find((one) => one.startsWith("ENDS ")) ?? "ENDS {}";
    expect(JSON.parse(ends.slice("ENDS ".length))).toEqual({
      pass: { pushed: { word: "pass" }, way: ["register"] },
      fail: { pushed: { word: "fail" }, way: ["outcome"] },
      values: { pushed: { word: "ready", "champion.uri": "/work/1" }, way: ["validate_flights"] },
      // Tried again: what the runtime calls worth it, and what Kubernetes did to the pod.
      again: { raised: "AirflowException" },
      killed: { raised: "AirflowException" },
      evicted: { raised: "AirflowException" },
      "author's": { raised: "AirflowException" },
      "for good": { raised: "AirflowFailException" },
      "author's done": { pushed: { word: "done" }, way: ["evaluate"] },
    });
  });
}
