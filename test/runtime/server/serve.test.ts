import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, it } from "vitest";
import { killNow, startChild } from "../../support/child.ts";
import { load, quantile } from "../../support/load.ts";
import { ask, ECHO, predictAt, serverFolders, setFirstRoute, startServer } from "../../support/model-server.ts";

const NINE = "2001-04-09T09:00:00Z";
const WINDOW = "from=2001-04-09T00:00:00Z&until=2001-04-10T00:00:00Z";
/** Instant of the rehearsal, `at` seconds after nine. */
const second = (at: number): string => new Date(Date.parse(NINE) + at * 1000).toISOString();
const request = (at: number) => ({ key: `flight-${at}`, features: { x: (at % 100) / 100 }, time: second(at) });

it("answers 503 in words until the first route is set, then the champion's score and decision", async () => {
  const { url } = await startServer(serverFolders({ "1": ECHO }));
  const before = await predictAt(url, NINE, "a", { x: 0.7 });
  expect(before.status).toBe(503);
  expect(before.body.error).toEqual({
    code: "no_version",
    message: expect.stringContaining("no version answers here yet"),
  });
  await setFirstRoute(url, { champion: "1" });
  expect(await predictAt(url, NINE, "a", { x: 0.7 })).toEqual({
    status: 200,
    body: { key: "a", score: 0.7, decision: true, version: "1" },
  });
  expect((await predictAt(url, NINE, "b", { x: 0.49 })).body.decision).toBe(false);
  expect((await ask(url, `/counts?${WINDOW}`)).body).toEqual({ requests: { "1": 2 }, errors: { "1": 0 } });
});

it("sends a share of keys to the challenger and every key always to the same version", async () => {
  const { url } = await startServer(serverFolders({ "1": ECHO, "2": ECHO }));
  await setFirstRoute(url, { champion: "1", challenger: "2", share: 0.1 });
  const first = await load(url, 3_000, 8, request);
  const again = await load(url, 500, 8, request);
  const versions = first.answers.map(({ body }) => JSON.parse(body).version as string);
  const share = versions.filter((version) => version === "2").length / versions.length;
  expect(Math.abs(share - 0.1)).toBeLessThan(4 * Math.sqrt((0.1 * 0.9) / versions.length));
  expect(again.answers.map(({ body }) => JSON.parse(body).version)).toEqual(versions.slice(0, 500));
  const { requests } = (await ask(url, `/counts?${WINDOW}`)).body;
  expect(requests["1"] + requests["2"]).toBe(3_500);
});

it("a slow challenger behind a mirror neither slows nor changes live answers, and every pair is counted", async () => {
  const slow = `import { setTimeout as sleep } from "node:timers/promises";
    export const predict = async (row) => { await sleep(300); return { score: 1 - row.x, decision: row.x < 0.5 }; };`;
  const server = await startServer(serverFolders({ "1": ECHO, "2": slow }));
  await setFirstRoute(server.url, { champion: "1", challenger: "2", mirror: 1 });
  const { answers } = await load(server.url, 60, 4, request);
  expect(answers.every(({ status, body }) => status === 200 && JSON.parse(body).version === "1")).toBe(true);
  expect(
    quantile(
      answers.map(({ latency }) => latency),
      0.9,
    ),
  ).toBeLessThan(150);
  // At 0.5 and above the champion says yes and the challenger no, below it is the other way round: all flip.
  expect((await ask(server.url, `/pairs?${WINDOW}`)).body).toEqual({ expected: 60, matched: 60, flips: 60 });
  const { milliseconds } = (await ask(server.url, `/latencies?version=2&${WINDOW}`)).body;
  expect(milliseconds.length).toBe(60);
  expect(Math.min(...milliseconds)).toBeGreaterThan(295);
  expect((await ask(server.url, `/counts?${WINDOW}`)).body.requests).toEqual({ "1": 60 });
  const lines = readLog(server.folder, "2001-04-09T09");
  const [live, mirror] = [lines.filter(({ mode }) => mode === "live"), lines.filter(({ mode }) => mode === "mirror")];
  expect(new Set(live.map((line) => line["request"]))).toEqual(new Set(mirror.map((line) => line["request"])));
});

it("mirrors a share of keys only", async () => {
  const { url } = await startServer(serverFolders({ "1": ECHO, "2": ECHO }));
  await setFirstRoute(url, { champion: "1", challenger: "2", mirror: 0.25 });
  await load(url, 2_000, 8, request);
  const { expected, matched } = (await ask(url, `/pairs?${WINDOW}`)).body;
  expect(Math.abs(expected / 2_000 - 0.25)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / 2_000));
  expect(matched).toBe(expected);
});

it.each([
  [
    "throws",
    "export const predict = () => { throw new Error('no such destination: XNA'); };",
    /no such destination: XNA/,
  ],
  ["gives no finite score", "export const predict = () => ({ score: 0 / 0 });", /predict returned NaN/],
  ["ends its thread", "export const predict = () => process.exit(1);", /worker thread|out of service/],
  ["hangs", "export const predict = () => { for (;;); };", /no answer within 200 ms|stuck|out of service/],
  [
    "never resolves",
    "export const predict = () => new Promise(() => {});",
    /no answer within 200 ms|stuck|out of service/,
  ],
  [
    "fails later, outside of its answer",
    "export const predict = (row) => { setTimeout(() => { throw new Error('later'); }); return new Promise(() => {}); };",
    /later|out of service/,
  ],
  [
    "eats all memory",
    "const kept = []; export const predict = () => { for (;;) kept.push(new Array(1e5).fill(0.5)); };",
    /no answer within 200 ms|memory|stuck|out of service/,
  ],
])("a challenger that %s fails its own requests only", async (_name, code, words) => {
  const { url } = await startServer(serverFolders({ "1": ECHO, "2": code }), { timeout: 200, memory: 64 });
  await setFirstRoute(url, { champion: "1", challenger: "2", share: 0.3 });
  const { answers } = await load(url, 60, 4, request);
  const good = answers.filter(({ status }) => status === 200).map(({ body }) => JSON.parse(body));
  const bad = answers.filter(({ status }) => status !== 200);
  expect(bad.every(({ status }) => status === 500)).toBe(true);
  expect(new Set(good.map(({ version }) => version))).toEqual(new Set(["1"]));
  expect(bad.length).toBeGreaterThan(5);
  for (const { body } of bad) {
    expect(JSON.parse(body).version).toBe("2");
    expect(JSON.parse(body).error.message).toMatch(words);
    expect(body).not.toMatch(/ {4}at |predict\.mjs:\d/);
  }
  expect((await ask(url, `/counts?${WINDOW}`)).body).toEqual({
    requests: { "1": good.length, "2": bad.length },
    errors: { "1": 0, "2": bad.length },
  });
});

it("a challenger comes back after a crash", async () => {
  const moody = "export const predict = (row) => row.x < 0 ? process.exit(1) : { score: row.x };";
  const { url } = await startServer(serverFolders({ "1": ECHO, "2": moody }));
  await setFirstRoute(url, { champion: "1", challenger: "2", share: 1 });
  expect((await predictAt(url, NINE, "a", { x: -1 })).body.error.code).toBe("crash");
  expect(await predictAt(url, NINE, "a", { x: 0.5 })).toEqual({
    status: 200,
    body: { key: "a", score: 0.5, decision: true, version: "2" },
  });
});

it("is slow for one row and still answers those that wait behind it", async () => {
  const busy =
    "export const predict = (row) => { for (const end = Date.now() + 90; Date.now() < end; ); return { score: row.x }; };";
  const { url } = await startServer(serverFolders({ "1": busy }), { timeout: 200 });
  await setFirstRoute(url, { champion: "1" });
  const { answers } = await load(url, 12, 4, request);
  const codes = answers.map(({ status, body }) => (status === 200 ? "ok" : JSON.parse(body).error.code));
  expect(new Set(codes)).toEqual(new Set(["ok", "timeout"]));
});

it("comes back after kill -9 with the same route and with every answer that was given", async () => {
  const folders = serverFolders({ "1": ECHO, "2": ECHO });
  const first = await startServer(folders);
  await setFirstRoute(first.url, { champion: "1", challenger: "2", share: 0.2, mirror: 0.5, fence: 7 });
  let answered = 0;
  const flood = Promise.allSettled(
    Array.from({ length: 4 }, async (_, lane) => {
      for (let at = 0; at < 5_000; at += 1) {
        const { key, features, time } = request(lane * 5_000 + at);
        const { status } = await predictAt(first.url, time, key, features);
        if (status === 200) answered += 1;
      }
    }),
  );
  while (answered < 400) await new Promise((resolve) => setTimeout(resolve, 5));
  await killNow(first.child);
  await flood;
  const second = await startServer(folders);
  expect((await ask(second.url, "/route")).body).toEqual({
    champion: "1",
    challenger: "2",
    share: 0.2,
    mirror: 0.5,
    fence: 7,
    revision: 1,
    key: "first",
  });
  const { requests } = (await ask(second.url, `/counts?${WINDOW}`)).body;
  const counted = requests["1"] + requests["2"];
  // A request may have been written down when the kill took its answer: at most one for each that was in flight.
  expect(counted).toBeGreaterThanOrEqual(answered);
  expect(counted).toBeLessThanOrEqual(answered + 4);
  expect((await predictAt(second.url, NINE, "a", { x: 0.2 })).status).toBe(200);
  const after = (await ask(second.url, `/counts?${WINDOW}`)).body.requests;
  expect(after["1"] + after["2"]).toBe(counted + 1);
});

it("a stop answers what is in flight, keeps every count, and the next life has the same", async () => {
  const slow = `import { setTimeout as sleep } from "node:timers/promises";
    export const predict = async (row) => { await sleep(150); return { score: row.x }; };`;
  const folders = serverFolders({ "1": slow, "2": slow });
  const first = await startServer(folders);
  await setFirstRoute(first.url, { champion: "1", challenger: "2", mirror: 1 });
  const flying = Promise.all(
    Array.from({ length: 10 }, (_, at) => predictAt(first.url, second(at), `k${at}`, { x: 0.1 })),
  );
  await new Promise((resolve) => setTimeout(resolve, 100));
  const ended = new Promise((resolve) => first.child.process.once("exit", resolve));
  first.child.process.kill("SIGTERM");
  expect((await flying).map(({ status }) => status)).toEqual(Array(10).fill(200));
  expect(await ended).toBe(0);
  const next = await startServer(folders);
  expect((await ask(next.url, `/pairs?${WINDOW}`)).body).toEqual({ expected: 10, matched: 10, flips: 0 });
});

it("a stop is not held up by a client that keeps asking", async () => {
  const server = await startServer(serverFolders({ "1": ECHO }));
  await setFirstRoute(server.url, { champion: "1" });
  const flood = load(server.url, 20_000, 4, request).catch(() => "cut");
  await new Promise((resolve) => setTimeout(resolve, 200));
  const start = performance.now();
  const ended = new Promise((resolve) => server.child.process.once("exit", resolve));
  server.child.process.kill("SIGTERM");
  expect(await ended).toBe(0);
  expect(performance.now() - start).toBeLessThan(2_000);
  expect(await flood).toBe("cut");
});

it("a second signal ends at once", async () => {
  const slow = "export const predict = () => new Promise(() => {});";
  const server = await startServer(serverFolders({ "1": slow }), { timeout: 30_000 });
  await setFirstRoute(server.url, { champion: "1" });
  const lost = predictAt(server.url, NINE, "a", { x: 1 }).catch(() => "lost");
  await new Promise((resolve) => setTimeout(resolve, 100));
  const ended = new Promise((resolve) => server.child.process.once("exit", resolve));
  server.child.process.kill("SIGTERM");
  expect(await server.child.line()).toContain("stopping");
  server.child.process.kill("SIGTERM");
  expect(await ended).toBe(130);
  expect(await lost).toBe("lost");
});

it("an occupied port and an occupied folder are named, with exit code 75", async () => {
  const folders = serverFolders({ "1": ECHO });
  const run = (port: number) =>
    startChild(join(import.meta.dirname, "../../support/model-server.run.ts"), [
      JSON.stringify({ ...folders, host: "127.0.0.1", port, rehearsal: true, decidesAt: 0.5 }),
    ]);
  const blocker = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => blocker.once("listening", resolve));
  const address = blocker.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const refused = run(port);
  const code = new Promise((resolve) => refused.process.once("exit", resolve));
  expect(await refused.line()).toBe(`port ${port} is already in use; stop what listens there, or choose another port`);
  expect(await code).toBe(75);
  blocker.close();
  await startServer(folders);
  const other = run(0);
  const otherCode = new Promise((resolve) => other.process.once("exit", resolve));
  expect(await other.line()).toContain(`another server runs in ${folders.folder}`);
  expect(await otherCode).toBe(75);
});

it("a route file that is not one stops the start and is left as it is", async () => {
  const folders = serverFolders({ "1": ECHO });
  const first = await startServer(folders);
  await setFirstRoute(first.url, { champion: "1" });
  await killNow(first.child);
  const file = join(folders.folder, "route.json");
  writeFileSync(file, readFileSync(file, "utf8").slice(0, 30));
  await expect(startServer(folders)).rejects.toThrow(`${file} is not a route file`);
  expect(readFileSync(file, "utf8").length).toBe(30);
});

it("starts with a version that has gone, answers for the other, and says so in its health", async () => {
  const folders = serverFolders({ "1": ECHO, "2": ECHO });
  const first = await startServer(folders);
  await setFirstRoute(first.url, { champion: "1", challenger: "2", share: 0.5 });
  await killNow(first.child);
  writeFileSync(join(folders.registryFolder, "versions", "2", "model", "predict.mjs"), "not a module");
  const { url } = await startServer(folders);
  const { answers } = await load(url, 40, 4, request);
  const good = answers.filter(({ status }) => status === 200);
  expect(good.length).toBeGreaterThan(5);
  expect(good.every(({ body }) => JSON.parse(body).version === "1")).toBe(true);
  const health = await ask(url, "/healthz");
  expect([health.status, health.body.ok, health.body.problems.length]).toEqual([503, false, 1]);
  expect(health.body.problems[0]).toContain("version 2");
  writeFileSync(join(folders.registryFolder, "versions", "2", "model", "predict.mjs"), ECHO);
  while ((await ask(url, "/healthz")).status !== 200) await new Promise((resolve) => setTimeout(resolve, 50));
});

it("in a rehearsal a request without a time stands at the newest one; on the real clock a time is refused", async () => {
  const rehearsal = await startServer(serverFolders({ "1": ECHO }));
  await setFirstRoute(rehearsal.url, { champion: "1" });
  const untimed = { method: "POST", body: JSON.stringify({ key: "a", features: { x: 1 } }) };
  expect((await ask(rehearsal.url, "/predict", untimed)).body.error.code).toBe("clock_unknown");
  await predictAt(rehearsal.url, "2001-04-09T04:30:00-05:00", "a", { x: 1 });
  expect((await ask(rehearsal.url, "/predict", untimed)).status).toBe(200);
  expect(readLog(rehearsal.folder, "2001-04-09T09").map(({ time }) => time)).toEqual(
    Array(2).fill("2001-04-09T09:30:00.000Z"),
  );
  const real = await startServer(serverFolders({ "1": ECHO }), { rehearsal: false });
  await setFirstRoute(real.url, { champion: "1" });
  expect((await predictAt(real.url, NINE, "a", { x: 1 })).body.error.code).toBe("not_a_rehearsal");
  const before = Date.now();
  expect((await ask(real.url, "/predict", untimed)).status).toBe(200);
  expect((await ask(real.url, `/counts?from=${before}&until=${Date.now() + 1}`)).body.requests).toEqual({ "1": 1 });
});

function readLog(folder: string, hour: string): Record<string, unknown>[] {
  const file = join(folder, "log", `${hour}.jsonl`);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}
