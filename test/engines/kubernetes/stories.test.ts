import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect } from "vitest";
import { type PostgresServer, startPostgres } from "../../support/postgres.ts";
import { live } from "../same/live.ts";
import { readStories } from "../same/story.ts";
import { accessOf } from "./access.ts";
import { clusterCarrier } from "./carrier.ts";
import { type Cluster, missingCluster, openCluster } from "./cluster.ts";
import { addresses } from "./places.ts";
import { life, table } from "./story.ts";
import { deletePod, hasEnded, podOf, submitFrom, suspendCron, told, untilWorkflow, type Workflow } from "./workflow.ts";
import type { ClusterWorld } from "./world.ts";

const repository = join(import.meta.dirname, "../../..");
const LONG = 600_000;

let cluster: Cluster | undefined;
let server: PostgresServer | undefined;
const postgres = (): PostgresServer => {
  if (server === undefined) throw new Error(missingCluster() ?? "no server");
  return server;
};
const theCluster = (): Cluster => {
  if (cluster === undefined) throw new Error(missingCluster() ?? "no cluster");
  return cluster;
};

beforeAll(async () => {
  cluster = await openCluster(repository, (line) => process.stdout.write(`${line}\n`));
  server = await startPostgres(addresses.node);
}, LONG);

afterAll(async () => {
  process.stdout.write(`\n${table()}\n`);
  await server?.stop();
  await cluster?.stop();
}, LONG);

/** Nodes of a run that goes all the way, as Argo names them. */
const PROMOTED = [
  "snapshot(0) Succeeded ready",
  "validate-flights(0) Succeeded pass",
  "train(0) Succeeded",
  "evaluate Succeeded",
  "gate-offline(0) Succeeded pass",
  "register(0) Succeeded done",
  "stage-shadow(0) Succeeded advance",
  "stage-canary(0) Succeeded advance",
  "stage-full(0) Succeeded advance",
  expect.stringMatching(/onExit\(0\) Succeeded/),
];

/** The last thing that the ledger says. */
const lastOf = async (on: ClusterWorld) => (await on.world.trace()).at(-1);
const attempts = (ended: Workflow, task: string) => told(ended).filter((line) => line.startsWith(`${task}(`));

life("a life of flights", postgres, {}, ({ story }) => {
  story("the generated accounts may do what they must, and nothing else", async () => {
    const resources = [
      "workflows",
      "workflowtaskresults",
      "workflowtemplates",
      "cronworkflows",
      "pods",
      "secrets",
      "configmaps",
    ];
    const verbs = ["get", "list", "watch", "create", "update", "patch", "delete"];
    const may = async (account: string, verb: string, resource: string) =>
      (await accessOf(account, verb, resource)) ? `${account} ${verb} ${resource}` : [];
    const all = ["retrain", "retrain-tick"].flatMap((account) =>
      resources.flatMap((resource) => verbs.map((verb) => may(account, verb, resource))),
    );
    expect((await Promise.all(all)).flat()).toEqual([
      "retrain create workflowtaskresults",
      "retrain patch workflowtaskresults",
      "retrain-tick create workflows",
      "retrain-tick create workflowtaskresults",
      "retrain-tick patch workflowtaskresults",
    ]);
  });

  story("the CronWorkflow fires by itself, and the run that its tick starts is promoted", async (on) => {
    await on.order("the first model");
    await suspendCron(on.cron, false);
    await on.untilDecided("run 1: started by hand, attempt 1", 660);
    await suspendCron(on.cron, true);
    const [run = ""] = await on.runs();
    const ended = await on.ended(run);
    expect([ended.status?.phase, told(ended)]).toEqual(["Succeeded", PROMOTED]);
    // Nobody but the tick's pod has made it.
    expect([...new Set(ended.metadata.managedFields?.map(({ manager }) => manager))].sort()).toEqual([
      "retrain-runtime",
      "workflow-controller",
    ]);
    expect(ended.metadata.labels).toMatchObject({ "retrain.dev/policy": "flights" });
    expect(await lastOf(on)).toBe("run 1: ended promoted after stage.full; champion 1");
  });

  story("two ticks at the same moment start one run; it is refused, which is a success to Argo", async (on) => {
    on.world.story({ train: "weak" });
    await on.order("once");
    const names = await Promise.all([submitFrom(on.cron), submitFrom(on.cron)]);
    const ticks = await Promise.all(names.map((name) => untilWorkflow(name, hasEnded)));
    expect(ticks.map(({ status }) => status?.phase)).toEqual(["Succeeded", "Succeeded"]);
    const [, run = "", ...more] = await on.runs();
    expect(more).toEqual([]);
    const ended = await on.ended(run);
    expect([ended.status?.phase, told(ended)]).toEqual([
      "Succeeded",
      [...PROMOTED.slice(0, 4), "gate-offline(0) Succeeded fail", "release Skipped", PROMOTED.at(-1)],
    ]);
    expect(await lastOf(on)).toBe("run 2: ended refused after gate.offline; champion 1");
    expect(await on.runWorkflows()).toHaveLength(2);
  });

  story("a canary that throws is rolled back; an order that comes meanwhile waits for the end", async (on) => {
    const run = await on.beginRun({ train: "brittle" });
    await on.order("another one");
    await on.untilDecided("run 3: gate.offline says pass");
    expect((await on.tick()).status?.phase).toBe("Succeeded");
    expect(await on.runs()).toHaveLength(3);
    await on.untilDecided("run 3: entered canary");
    on.world.isStrange = true;
    const ended = await on.ended(run);
    on.world.isStrange = false;
    expect([ended.status?.phase, attempts(ended, "stage-canary")]).toEqual([
      "Succeeded",
      ["stage-canary(0) Succeeded rolled_back"],
    ]);
    expect(await lastOf(on)).toBe("run 3: ended rolled_back after stage.canary; champion 1");
    expect(await on.world.route()).toMatchObject({ champion: "1", share: 0 });
  });

  story(
    "the order that waited is started when the breaker is closed; its challenger is promoted, and rolled back in the watch",
    async (on) => {
      on.world.isStrange = false;
      // A rollback opens the breaker, which a person's order does not pass.
      expect((await on.tick()).status?.phase).toBe("Succeeded");
      expect(await on.runs()).toHaveLength(3);
      const resumed = await on.world.say("resume", "flights", "--because", "the rows were looked at");
      expect(resumed.code, resumed.said).toBe(0);
      expect((await on.tick()).status?.phase).toBe("Succeeded");
      const [, , , run = ""] = await on.runs();
      await on.untilDecided("run 4: promoted full", 400);
      on.world.isStrange = true;
      const ended = await on.ended(run);
      expect([ended.status?.phase, attempts(ended, "stage-full")]).toEqual([
        "Succeeded",
        ["stage-full(0) Succeeded rolled_back"],
      ]);
      expect(await lastOf(on)).toBe("run 4: ended rolled_back after stage.full; champion 1");
      expect(await on.world.route()).toMatchObject({ champion: "1", share: 0 });
    },
  );
});

life("a life with bad data", postgres, { shape: "nulls" }, ({ story }) => {
  story("a validation that fails stops the run before train", async (on) => {
    const ended = await on.run();
    expect([ended.status?.phase, told(ended)]).toEqual([
      "Succeeded",
      ["snapshot(0) Succeeded ready", "validate-flights(0) Succeeded fail", "build Skipped", PROMOTED.at(-1)],
    ]);
    expect(await lastOf(on)).toMatch(/^run 1: ended validation_stopped after validate.flights/);
  });
});

life("a life with faults", postgres, {}, ({ story }) => {
  story("train that fails for good fails the run, after the attempts of the policy", async (on) => {
    const ended = await on.run({ train: "fail" });
    expect(ended.status?.phase).toBe("Failed");
    expect(attempts(ended, "train")).toEqual([
      expect.stringMatching(/^train\(0\) Failed exit 1/),
      expect.stringMatching(/^train\(1\) Failed exit 1/),
    ]);
    // The exit task fails too and is not attempted again.
    expect(told(ended).filter((line) => line.includes("onExit"))).toEqual([
      expect.stringMatching(/onExit\(0\) Failed exit 3/),
    ]);
    expect(await lastOf(on)).toMatch(/^run 1: ended failed after train/);
  });

  story(
    "train that crashes once is attempted again; the controller is killed twice meanwhile and carries the run on",
    async (on) => {
      const run = await on.beginRun({ train: "crash" });
      await on.untilDecided("run 2: validate.flights says pass");
      await theCluster().killController();
      await sleep(5_000);
      await theCluster().startController();
      await on.untilDecided("run 2: promoted full", 400);
      await theCluster().killController();
      await on.untilDecided("run 2: watch_ended full");
      await theCluster().startController();
      const ended = await on.ended(run);
      expect([ended.status?.phase, attempts(ended, "train"), attempts(ended, "stage-full")]).toEqual([
        "Succeeded",
        [expect.stringMatching(/^train\(0\) Failed exit 1/), "train(1) Succeeded"],
        ["stage-full(0) Succeeded advance"],
      ]);
      expect(await lastOf(on)).toBe("run 2: ended promoted after stage.full; champion 1");
    },
  );

  story("the ledger is down for a while: a gate ends with 75 and is attempted again, a stage waits", async (on) => {
    const run = await on.beginRun();
    await on.untilDecided("run 3: validate.flights says pass");
    await podOf(on.workflowOf(run), "evaluate");
    await postgres().crash();
    await untilWorkflow(on.workflowOf(run), (one) =>
      told(one).some((line) => line.startsWith("gate-offline(0) Failed exit 75")),
    );
    await postgres().start();
    await on.untilDecided("run 3: entered canary", 400);
    await postgres().crash();
    await sleep(8_000);
    await postgres().start();
    const ended = await on.ended(run);
    expect([ended.status?.phase, attempts(ended, "gate-offline")[1], attempts(ended, "stage-canary")]).toEqual([
      "Succeeded",
      "gate-offline(1) Succeeded pass",
      ["stage-canary(0) Succeeded advance"],
    ]);
    expect(await lastOf(on)).toBe("run 3: ended promoted after stage.full; champion 2");
  });
});

life("a life with a lost pod", postgres, {}, ({ story }) => {
  story(
    "a stage's pod is deleted and the policy compiled anew in the middle: the run goes on by the rules it began with",
    async (on) => {
      expect((await on.run()).status?.phase).toBe("Succeeded");
      const run = await on.beginRun();
      // Without requests the stage cannot end before its pod is found.
      on.world.isAsking = false;
      await on.untilDecided("run 2: entered shadow", 400);
      await deletePod(await podOf(on.workflowOf(run), "stage-shadow"));
      on.world.isAsking = true;
      await on.untilDecided("run 2: entered canary", 400);
      await on.recompile((text) => text.replace("challenger.auc >= 0.60", "challenger.auc >= 0.99"));
      const ended = await on.ended(run);
      expect([ended.status?.phase, attempts(ended, "stage-shadow")]).toEqual([
        "Succeeded",
        [expect.stringMatching(/^stage-shadow\(0\) Error/), "stage-shadow(1) Succeeded advance"],
      ]);
      expect((await on.world.trace()).filter((line) => line === "run 2: entered shadow")).toHaveLength(1);
      expect(await lastOf(on)).toBe("run 2: ended promoted after stage.full; champion 2");
    },
  );

  story("the next run follows the policy that was compiled anew", async (on) => {
    expect((await on.run()).status?.phase).toBe("Succeeded");
    expect(await lastOf(on)).toBe("run 3: ended refused after gate.offline; champion 2");
    const plans = (await on.world.records(["run_started"])).map(({ body }) => (body as { plan: string }).plan);
    expect(new Set(plans).size).toBe(2);
  });
});

// The decisions must be those of every other engine. What cannot be told with a stand-in of Argo can be told with itself.
for (const { name, story: sentence, chapters, policy, shape, expect: expected } of readStories()) {
  life(`the same everywhere: ${name}`, postgres, { policy, shape }, ({ story }) => {
    story(sentence, async (on) => {
      const trace = await live({ chapters }, on.world, clusterCarrier(on, postgres()));
      expect(trace).toEqual(expected);
    });
  });
}
