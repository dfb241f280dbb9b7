import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { load } from "../../support/load.ts";
import {
  ask,
  ECHO,
  predictAt,
  putRoute,
  serverFolders,
  setFirstRoute,
  startServer,
} from "../../support/model-server.ts";

const NINE = "2001-04-09T09:00:00Z";
const change = { champion: "1", challenger: "2", share: 0.1, mirror: 0, key: "canary", fence: 5, revision: 1 };

async function started(artefacts: Readonly<Record<string, string>> = { "1": ECHO, "2": ECHO }) {
  const server = await startServer(serverFolders(artefacts));
  await setFirstRoute(server.url, { champion: "1", fence: 5 });
  return server;
}

it("a change grows the revision and stands in the file before it is answered", async () => {
  const { url, folder } = await started();
  const { status, body } = await putRoute(url, change);
  expect([status, body]).toEqual([200, { set: true, route: { ...change, revision: 2 } }]);
  expect(JSON.parse(readFileSync(join(folder, "route.json"), "utf8"))).toEqual({
    schema: "retrain.route/1",
    ...change,
    revision: 2,
  });
  expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  expect((await ask(url, "/route")).body).toEqual({ ...change, revision: 2 });
});

it("repeating a change with its key changes nothing", async () => {
  const { url, folder } = await started();
  const first = await putRoute(url, change);
  const written = statSync(join(folder, "route.json")).ino;
  expect(await putRoute(url, change)).toEqual(first);
  expect(await putRoute(url, { ...change, revision: 77, fence: 1 })).toEqual(first);
  expect(statSync(join(folder, "route.json")).ino).toBe(written);
});

it("a repeat by a newer holder shuts out the older one", async () => {
  const { url } = await started();
  await putRoute(url, change);
  const repeated = await putRoute(url, { ...change, fence: 9 });
  expect(repeated.body.route).toEqual({ ...change, fence: 9, revision: 2 });
  const older = await putRoute(url, { ...change, key: "full", share: 1, revision: 2 });
  expect([older.status, older.body.why]).toEqual([409, "fence"]);
});

it("refuses an older fence, then another revision, and says which", async () => {
  const { url } = await started();
  const fence = await putRoute(url, { ...change, fence: 4 });
  expect([fence.status, fence.body.set, fence.body.why]).toEqual([409, false, "fence"]);
  expect(fence.body.error.message).toContain("newer holder");
  const revision = await putRoute(url, { ...change, revision: 0 });
  expect([revision.status, revision.body.set, revision.body.why]).toEqual([409, false, "revision"]);
  expect(revision.body.route).toMatchObject({ champion: "1", share: 0, revision: 1, key: "first" });
  const reused = await putRoute(url, { ...change, key: "first", revision: 0 });
  expect([reused.status, reused.body.why]).toEqual([409, "revision"]);
});

it("of many changes of one revision exactly one is set", async () => {
  const { url } = await started();
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, at) => putRoute(url, { ...change, key: `k${at}`, share: at / 10 })),
  );
  expect(answers.filter(({ status }) => status === 200).length).toBe(1);
  expect(answers.filter(({ body }) => body.why === "revision").length).toBe(7);
  expect((await ask(url, "/route")).body.revision).toBe(2);
});

it.each([
  ["is missing", "3", /version 3 does not load: file not found: .*predict\.mjs/],
  ["cannot be parsed", "broken", /version broken does not load: .*predict\.mjs: /],
  ["exports nothing", "empty", /it exports no function `predict`/],
  ["throws while it loads", "throwing", /no table/],
  ["ends the thread while it loads", "ending", /worker thread ended/],
])("a version whose artefact %s is refused and the route stays", async (_name, challenger, words) => {
  const { url } = await started({
    "1": ECHO,
    broken: "export const predict = (",
    empty: "export const other = 1;",
    throwing: "throw new Error('no table');",
    ending: "process.exit(0);",
  });
  const { status, body } = await putRoute(url, { ...change, challenger });
  expect([status, body.error.code]).toEqual([422, "version_does_not_load"]);
  expect(body.error.message).toMatch(words);
  expect((await ask(url, "/route")).body).toMatchObject({ champion: "1", revision: 1 });
  expect((await predictAt(url, NINE, "a", { x: 0.5 })).body.version).toBe("1");
  expect((await ask(url, "/healthz")).body.ok).toBe(true);
});

it("an artefact that takes too long to load is refused", async () => {
  const server = await startServer(
    serverFolders({ "1": "await new Promise((resolve) => setTimeout(resolve, 60_000));" }),
    {
      loadTimeout: 300,
    },
  );
  const { status, body } = await putRoute(server.url, {
    champion: "1",
    share: 0,
    mirror: 0,
    key: "a",
    fence: 1,
    revision: 0,
  });
  expect(status).toBe(422);
  expect(body.error.message).toContain("took longer than 300 ms");
});

it("no answer is lost while versions come and go", async () => {
  const { url } = await started();
  let running = true;
  const switching = (async () => {
    for (let revision = 1; running; revision += 1) {
      const wish = revision % 2 === 0 ? { champion: "1" } : { champion: "2", challenger: "1" };
      const { status } = await putRoute(url, { share: 0, mirror: 0, ...wish, key: `k${revision}`, fence: 5, revision });
      expect(status).toBe(200);
    }
  })();
  const { answers } = await load(url, 3_000, 8, (at) => ({ key: `k${at}`, features: { x: 0.1 }, time: NINE }));
  running = false;
  await switching;
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  expect(new Set(answers.map(({ body }) => JSON.parse(body).version))).toEqual(new Set(["1", "2"]));
});

it("a new version has scored recent rows before it gets its first request", async () => {
  const counting = "let calls = 0; export const predict = () => ({ score: calls++ });";
  const { url } = await started({ "1": ECHO, "2": counting });
  for (let at = 0; at < 10; at += 1) await predictAt(url, NINE, `k${at}`, { x: 0.5 });
  await putRoute(url, { ...change, share: 1 });
  expect((await predictAt(url, NINE, "a", { x: 0.5 })).body.score).toBe(10);
});

it.each([
  [{ share: 1.5 }, /share/],
  [{ share: -0.1 }, /share/],
  [{ mirror: "all" }, /mirror/],
  [{ champion: "../../etc" }, /champion/],
  [{ challenger: "1" }, /must be different/],
  [{ challenger: undefined }, /needs a challenger/],
  [{ key: "" }, /key/],
  [{ fence: 0.5 }, /fence/],
  [{ revision: undefined }, /revision/],
  [{ shares: 1 }, /shares/],
])("a change that makes no sense is refused: %j", async (wrong, words) => {
  const { url } = await started();
  const { status, body } = await putRoute(url, { ...change, ...wrong });
  expect([status, body.error.code]).toEqual([400, "bad_request"]);
  expect(body.error.message).toMatch(words);
});

it("a version is asked beside the route without being logged, counted or routed to", async () => {
  const { url, folder } = await started({
    "1": ECHO,
    "2": ECHO,
    "3": "export const predict = () => { throw new Error('x'); };",
  });
  const probe = (version: string) =>
    ask(url, `/probe?version=${version}`, { method: "POST", body: JSON.stringify({ key: "a", features: { x: 0.7 } }) });
  expect(await probe("2")).toEqual({ status: 200, body: { key: "a", score: 0.7, decision: true, version: "2" } });
  expect(await probe("1")).toMatchObject({ status: 200, body: { version: "1" } });
  expect(await probe("3")).toMatchObject({ status: 500, body: { version: "3", error: { code: "exception" } } });
  expect(await probe("4")).toMatchObject({ status: 422, body: { error: { code: "version_does_not_load" } } });
  expect((await ask(url, "/route")).body).toMatchObject({ champion: "1", revision: 1 });
  const window = `from=0&until=${Date.now()}`;
  expect((await ask(url, `/counts?${window}`)).body.requests).toEqual({});
  expect((await (await fetch(`${url}/metrics`)).text()).includes("retrain_requests_total{")).toBe(false);
  expect(readdirSync(folder)).not.toContain("log");
  // The version that was asked before can join the route, and the one in the route is still asked.
  expect((await putRoute(url, change)).status).toBe(200);
  expect((await probe("2")).status).toBe(200);
});
