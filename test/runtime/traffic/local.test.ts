import { createServer } from "node:http";
import { expect, it, onTestFinished } from "vitest";
import { TrafficError } from "../../../runtime/traffic/error.ts";
import { localTraffic } from "../../../runtime/traffic/local.ts";
import { killNow } from "../../support/child.ts";
import { ECHO, predictAt, serverFolders, startServer } from "../../support/model-server.ts";

const NINE = Date.parse("2001-04-09T09:00:00Z");
const iso = (seconds: number): string => new Date(NINE + seconds * 1000).toISOString();
const first = { champion: "1", challenger: undefined, share: 0, mirror: 0 };

/** A server that answers as `answers` says, one entry a request and the last one for all that follow. */
async function fake(answers: readonly { readonly status: number; readonly body: string }[]) {
  let asked = 0;
  const server = createServer((_request, response) => {
    const answer = answers[Math.min(asked, answers.length - 1)];
    asked += 1;
    response.writeHead(answer?.status ?? 500).end(answer?.body);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => {
    server.close();
  });
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`, asked: () => asked };
}

it("sets, reads and observes the route of a running server", async () => {
  const { url } = await startServer(serverFolders({ "1": ECHO, "2": ECHO }));
  const traffic = localTraffic({ url });
  expect(await traffic.route()).toEqual({
    champion: undefined,
    challenger: undefined,
    share: 0,
    mirror: 0,
    fence: 0,
    revision: 0,
    key: "",
  });
  const wish = { champion: "1", challenger: "2", share: 0, mirror: 1 };
  const set = await traffic.setRoute(wish, { key: "shadow", fence: 3, revision: 0 });
  expect(set).toEqual({ set: true, route: { ...wish, fence: 3, revision: 1, key: "shadow" } });
  expect(await traffic.route()).toEqual(set.route);
  for (let at = 0; at < 10; at += 1) expect((await predictAt(url, iso(at), `k${at}`, { x: 0.5 })).status).toBe(200);
  expect(await traffic.counts(NINE, NINE + 5_000)).toEqual({ requests: { "1": 5 }, errors: { "1": 0 } });
  expect(await traffic.pairs(NINE + 1, NINE + 10_000)).toEqual({ expected: 9, matched: 9, flips: 0 });
  const latencies = await traffic.latencies("2", NINE, NINE + 10_000);
  expect(latencies).toBeInstanceOf(Float64Array);
  expect(latencies.length).toBe(10);
  expect(latencies.every((latency) => latency > 0 && latency < 1_000)).toBe(true);
});

it("passes on why a change was not made, and harmless repeats", async () => {
  const { url } = await startServer(serverFolders({ "1": ECHO }));
  const traffic = localTraffic({ url });
  const guard = { key: "first", fence: 3, revision: 0 };
  const set = await traffic.setRoute(first, guard);
  expect(await traffic.setRoute(first, guard)).toEqual(set);
  expect(await traffic.setRoute(first, { key: "x", fence: 2, revision: 1 })).toEqual({
    set: false,
    route: set.route,
    why: "fence",
  });
  expect(await traffic.setRoute(first, { key: "x", fence: 3, revision: 0 })).toEqual({
    set: false,
    route: set.route,
    why: "revision",
  });
});

it("a version that does not load is an error of its own", async () => {
  const { url } = await startServer(serverFolders({ "1": "throw new Error('no table')" }));
  const setting = localTraffic({ url }).setRoute(first, { key: "first", fence: 1, revision: 0 });
  await expect(setting).rejects.toThrow(TrafficError);
  await expect(setting).rejects.toMatchObject({
    code: "version_does_not_load",
    message: expect.stringContaining("no table"),
  });
});

it("a server that is gone is named with what to do", async () => {
  const server = await startServer(serverFolders({ "1": ECHO }));
  await killNow(server.child);
  await expect(localTraffic({ url: server.url, retries: 0 }).route()).rejects.toMatchObject({
    code: "unreachable",
    message: `the model server at ${server.url} does not answer; start it with \`retrain serve POLICY\``,
  });
});

it("waits over a short outage", async () => {
  const folders = serverFolders({ "1": ECHO });
  const server = await startServer(folders);
  const port = Number(new URL(server.url).port);
  await killNow(server.child);
  const answer = localTraffic({ url: server.url, retries: 6 }).route();
  await startServer(folders, { port });
  expect((await answer).revision).toBe(0);
});

it("a server that hangs is given up at the deadline", async () => {
  const server = createServer(() => undefined).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  await expect(localTraffic({ url, timeout: 100, retries: 1 }).counts(0, 1)).rejects.toMatchObject({
    code: "unreachable",
    message: expect.stringContaining("did not answer in time"),
  });
});

it.each([
  ["a page", { status: 200, body: "<html>" }],
  ["a page with an error", { status: 404, body: "<html>" }],
  ["JSON of something else", { status: 200, body: '{"hello":1}' }],
  ["a fraction of a request", { status: 200, body: '{"requests":{"1":0.5},"errors":{}}' }],
  ["nothing", { status: 200, body: "" }],
])("%s is no answer, and not asked for again", async (_name, answer) => {
  const { url, asked } = await fake([answer]);
  await expect(localTraffic({ url }).counts(0, 1)).rejects.toMatchObject({ name: "TrafficError", code: "bad_answer" });
  expect(asked()).toBe(1);
});

it("asks again when the server is not ready, at most as often as told", async () => {
  const full = { status: 500, body: '{"error":{"code":"file_full","message":"no space is left"}}' };
  const recovering = await fake([full, { status: 200, body: '{"requests":{"1":4},"errors":{"1":0}}' }]);
  expect((await localTraffic({ url: recovering.url }).counts(0, 1)).requests).toEqual({ "1": 4 });
  const broken = await fake([full]);
  await expect(localTraffic({ url: broken.url }).counts(0, 1)).rejects.toMatchObject({
    code: "not_ready",
    message: expect.stringContaining("no space is left"),
  });
  expect(broken.asked()).toBe(3);
});

it("a window that is no longer kept is an error of its own", async () => {
  const { url } = await startServer(serverFolders({ "1": ECHO }));
  const traffic = localTraffic({ url });
  await traffic.setRoute(first, { key: "first", fence: 1, revision: 0 });
  await predictAt(url, iso(0), "a", { x: 1 });
  await predictAt(url, iso(40 * 86_400), "a", { x: 1 });
  await expect(traffic.counts(NINE, NINE + 1)).rejects.toMatchObject({ code: "window_dropped" });
});
