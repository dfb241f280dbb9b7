import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { Engines } from "../../../compiler/plan/engines.ts";
import { argoStarter } from "../../../runtime/starters/argo.ts";
import { kfpStarter } from "../../../runtime/starters/kfp.ts";
import { openStarter } from "../../../runtime/starters/open.ts";
import { exitOf } from "../../../runtime/steps/error.ts";
import { fixturePlan } from "../../support/fixture-plan.ts";
import { temporaryFolder } from "../../support/folder.ts";

const plan = fixturePlan({ engines: Engines.parse({ argo: { namespace: "ml" }, kfp: {}, airflow: {} }) });
const RUN = "flight_delays-0a1b2c3d";
const never = new AbortController().signal;

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

async function served(
  listener: RequestListener,
  tls?: { readonly key: string; readonly cert: string },
): Promise<string> {
  const server = tls === undefined ? createServer(listener) : createSecureServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `${tls === undefined ? "http" : "https"}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Exit code that a step has when its starter fails so. */
async function codeOf(started: Promise<void>): Promise<number | undefined> {
  try {
    await started;
    return 0;
  } catch (error) {
    return exitOf(error);
  }
}

function certificate(): { key: string; cert: string } {
  const folder = temporaryFolder();
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  execFileSync(
    "openssl",
    [
      ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1"],
      ...["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert],
    ],
    { stdio: "ignore" },
  );
  return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
}

/** The API server of Kubernetes for workflows: a second object of a name is 409, a wrong token 401, a body that is no Workflow 422. */
function kubernetes(names: Set<string>): RequestListener {
  return async (request, response) => {
    const say = (status: number, message: string) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify({ kind: "Status", apiVersion: "v1", status: "Failure", message, code: status }));
    };
    if (request.headers.authorization !== "Bearer good") return say(401, "Unauthorized");
    if (request.method !== "POST" || request.url !== "/apis/argoproj.io/v1alpha1/namespaces/ml/workflows")
      return say(404, "the server could not find the requested resource");
    const body = JSON.parse(await textOf(request));
    const { kind, metadata, spec } = body;
    if (kind !== "Workflow" || !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(metadata.name)) return say(422, "invalid");
    if (spec.workflowTemplateRef.name !== "flight-delays-retrain") return say(422, "no such template");
    if (names.has(metadata.name)) return say(409, `workflows.argoproj.io "${metadata.name}" already exists`);
    names.add(metadata.name);
    response.writeHead(201, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  };
}

it("Argo: a workflow is made once over https with the cluster's authority and token; a second time is done already", async () => {
  const tls = certificate();
  const names = new Set<string>();
  const base = await served(kubernetes(names), tls);
  const starter = argoStarter(plan, { base, authority: tls.cert, token: "good" });
  await starter.start(RUN, never);
  await starter.start(RUN, never);
  expect([...names]).toEqual([expect.stringMatching(/^flight-delays-0a1b2c3d/)]);
  await expect(argoStarter(plan, { base, authority: tls.cert, token: "bad" }).start(RUN, never)).rejects.toThrow(
    /401.*token/,
  );
  expect(await codeOf(argoStarter(plan, { base, authority: tls.cert, token: "bad" }).start(RUN, never))).toBe(3);
  // A server that the cluster's authority does not vouch for is never told the token.
  expect(
    await codeOf(argoStarter(plan, { base, authority: certificate().cert, token: "good" }).start("other", never)),
  ).toBe(75);
  expect(names.size).toBe(1);
});

it("a server that fails, hangs or is not there is worth a retry; one that refuses is not", async () => {
  const answers: [number, number][] = [
    [500, 75],
    [503, 75],
    [429, 75],
    [400, 3],
    [403, 3],
    [404, 3],
  ];
  for (const [status, code] of answers) {
    const base = await served((_request, response) => response.writeHead(status).end("<html>no</html>"));
    expect([status, await codeOf(argoStarter(plan, { base }).start(RUN, never))]).toEqual([status, code]);
    expect([status, await codeOf(kfpStarter(plan, { base }).start(RUN, never))]).toEqual([status, code]);
  }
  const hanging = await served(() => {});
  expect(await codeOf(argoStarter(plan, { base: hanging, timeout: 100 }).start(RUN, never))).toBe(75);
  expect(await codeOf(kfpStarter(plan, { base: hanging, timeout: 100 }).start(RUN, never))).toBe(75);
  const cut = await served((_request, response) => response.writeHead(200).destroy());
  expect(await codeOf(kfpStarter(plan, { base: cut }).start(RUN, never))).toBe(75);
  expect(await codeOf(argoStarter(plan, { base: "http://127.0.0.1:1" }).start(RUN, never))).toBe(75);
  const page = await served((_request, response) => response.end("<html>hello</html>"));
  expect(await codeOf(kfpStarter(plan, { base: page }).start(RUN, never))).toBe(3);
});

it("KFP: asks for a run of this name first, then makes one of the policy's pipeline", async () => {
  const runs: { display_name: string; pipeline_version_reference: object; runtime_config: object }[] = [];
  const base = await served(async (request, response) => {
    const url = new URL(request.url ?? "", "http://api");
    const json = (value: object, status = 200) => response.writeHead(status).end(JSON.stringify(value));
    if (request.method === "POST" && url.pathname === "/apis/v2beta1/runs") {
      runs.push(JSON.parse(await textOf(request)));
      return json({ run_id: String(runs.length) });
    }
    if (url.pathname === "/apis/v2beta1/pipelines/names/flight-delays-retrain") return json({ pipeline_id: "p-1" });
    if (url.pathname !== "/apis/v2beta1/runs") return json({ error: "not found", code: 5, message: "not found" }, 404);
    const [predicate] = JSON.parse(url.searchParams.get("filter") ?? "{}").predicates;
    if (predicate.key !== "display_name" || predicate.operation !== "EQUALS") return json({ message: "filter" }, 400);
    const found = runs.filter((run) => run.display_name === predicate.string_value);
    return json(found.length === 0 ? {} : { runs: found, total_size: found.length });
  });
  const starter = kfpStarter(plan, { base });
  await starter.start(RUN, never);
  await starter.start(RUN, never);
  expect(runs).toEqual([
    {
      display_name: RUN,
      pipeline_version_reference: { pipeline_id: "p-1" },
      runtime_config: { parameters: { run: RUN } },
      service_account: "pipeline-runner",
    },
  ]);
});

it("Airflow starts its runs itself, and an engine without a cluster around it says so", async () => {
  await openStarter("airflow", plan).start(RUN, never);
  expect(await codeOf(openStarter("argo", plan).start(RUN, never))).toBe(3);
});
