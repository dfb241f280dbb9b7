import { createServer, type RequestListener } from "node:http";
import { expect, it, onTestFinished } from "vitest";
import { localTraffic } from "../../../runtime/traffic/local.ts";
import { askSmoke } from "../../../runtime/verbs/smoke.ts";
import { ECHO, serverFolders, startServer } from "../../support/model-server.ts";

const request = (line: number, x: unknown) => ({ line, body: JSON.stringify({ key: `k${line}`, features: { x } }) });
const smoke = {
  file: "smoke.jsonl",
  expect: 200,
  timeout: 1_000,
  requests: [request(1, 0.2), request(3, 0.9), request(4, 0.4)],
};

/** A server that is no model server; gives its address. */
async function other(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
}

it("a version that answers every request passes, and the record names each", async () => {
  const { url } = await startServer(serverFolders({ "2": ECHO }));
  const found = await askSmoke(localTraffic({ url }), smoke, "2");
  expect(found.kind).toBe("passed");
  expect(found.sentence).toMatch(
    /^version 2 answered 3 smoke requests of smoke\.jsonl with 200, the slowest in \d+ ms$/,
  );
  expect(found.answers.map(({ request: name, status }) => [name, status])).toEqual([
    ["smoke.jsonl:1", 200],
    ["smoke.jsonl:3", 200],
    ["smoke.jsonl:4", 200],
  ]);
});

it.each([
  [
    "throws",
    "if (row.x > 0.5) throw new Error('no such destination'); return { score: row.x };",
    /500 instead of 200: exception: .*no such destination/,
  ],
  ["gives no score", "return row.x > 0.5 ? {} : { score: row.x };", /500 instead of 200: bad_score/],
  [
    "hangs",
    "if (row.x > 0.5) for (;;); return { score: row.x };",
    /500 instead of 200: timeout: .*no answer within 300 ms/,
  ],
])("a version that %s fails at that request, and no later one is sent", async (_what, body, says) => {
  const artefact = `export function predict(row) { ${body} }`;
  const { url } = await startServer(serverFolders({ "2": artefact }), { timeout: 300 });
  const found = await askSmoke(localTraffic({ url }), smoke, "2");
  expect(found).toMatchObject({
    kind: "failed",
    sentence: expect.stringContaining("smoke request smoke.jsonl:3 to version 2"),
  });
  expect(found.sentence).toMatch(says);
  expect(found.answers.map(({ status }) => status)).toEqual([200, 500]);
});

it("a version that does not load, or is not there, fails", async () => {
  const { url } = await startServer(serverFolders({ "2": "throw new Error('no table')" }));
  const broken = await askSmoke(localTraffic({ url }), smoke, "2");
  expect(broken).toMatchObject({ kind: "failed", answers: [{ request: "smoke.jsonl:1", status: null }] });
  expect(broken.sentence).toContain("no table");
  expect(await askSmoke(localTraffic({ url }), smoke, "7")).toMatchObject({ kind: "failed" });
});

it.each<[what: string, listener: RequestListener, says: RegExp]>([
  ["answers too late", () => undefined, /did not answer in time/],
  ["hangs up", (_request, response) => response.destroy(), /does not answer/],
  [
    "stops in the middle",
    (_request, response) => void response.writeHead(200, { "content-length": "99" }).write("{"),
    /did not answer in time/,
  ],
  [
    "answers 200 and is no model server",
    (_request, response) => response.end("<html>welcome</html>"),
    /is not the model server/,
  ],
  [
    "answers 200 for another version",
    (_request, response) => response.end('{"version":"1","score":1}'),
    /is not the model server/,
  ],
  [
    "sends elsewhere",
    (_request, response) => response.writeHead(302, { location: "/" }).end(),
    /is not the model server/,
  ],
  [
    "is busy",
    (_request, response) => response.writeHead(503).end('{"error":{"code":"full","message":"the disk is full"}}'),
    /the disk is full/,
  ],
])("a server that %s gives no answer, which is never a pass", async (_what, listener, says) => {
  const url = await other(listener);
  const found = await askSmoke(localTraffic({ url }), { ...smoke, timeout: 200 }, "2");
  expect(found).toMatchObject({ kind: "unanswered", answers: [{ request: "smoke.jsonl:1", status: null }] });
  expect(found.sentence).toMatch(/^smoke request smoke\.jsonl:1 to version 2 was not answered: /);
  expect(found.sentence).toMatch(says);
});

it("a port where nobody listens gives no answer", async () => {
  const found = await askSmoke(localTraffic({ url: "http://127.0.0.1:1" }), smoke, "2");
  expect(found).toMatchObject({ kind: "unanswered", sentence: expect.stringContaining("does not answer") });
});

it("another status can be what is expected", async () => {
  const { url } = await startServer(serverFolders({ "2": "export const predict = () => { throw new Error('x'); };" }));
  expect(await askSmoke(localTraffic({ url }), { ...smoke, expect: 500 }, "2")).toMatchObject({ kind: "passed" });
});
