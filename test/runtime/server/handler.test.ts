import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { expect, it } from "vitest";
import {
  ask,
  ECHO,
  predictAt,
  putRoute,
  serverFolders,
  setFirstRoute,
  startServer,
} from "../../support/model-server.ts";
import { parsePrometheus } from "../../support/prometheus.ts";

const NINE = "2001-04-09T09:00:00Z";
const post = (body: string, headers: Record<string, string> = { "retrain-clock": NINE }): RequestInit => ({
  method: "POST",
  headers,
  body,
});

async function started() {
  const server = await startServer(
    serverFolders({ "1": ECHO, "2": "export const predict = () => { throw new Error('x'); };" }),
  );
  await setFirstRoute(server.url, { champion: "1" });
  return server;
}

it.each([
  ["no JSON", "POST", "/predict", '{"key":', 400, "bad_json", /not JSON/],
  ["an empty body", "POST", "/predict", "", 400, "bad_json", /it is empty/],
  ["an array", "POST", "/predict", "[]", 400, "bad_request", /must be a JSON object/],
  ["no key", "POST", "/predict", '{"features":{}}', 400, "bad_request", /`key`/],
  [
    "a key that is too long",
    "POST",
    "/predict",
    JSON.stringify({ key: "k".repeat(501), features: {} }),
    400,
    "bad_request",
    /`key`/,
  ],
  ["no features", "POST", "/predict", '{"key":"a"}', 400, "bad_request", /`features`/],
  ["features that are a list", "POST", "/predict", '{"key":"a","features":[1]}', 400, "bad_request", /`features`/],
  ["more than 1 MiB", "POST", "/predict", `{"key":"${"k".repeat(1 << 20)}"}`, 413, "too_large", /1048576 bytes/],
  ["another method", "GET", "/predict", undefined, 405, "wrong_method", /\/predict takes POST, not GET/],
  ["an inherited method name", "POST", "/route", "{}", 405, "wrong_method", /takes GET, PUT/],
  ["an unknown address", "GET", "/constructor", undefined, 404, "not_found", /addresses: \/predict/],
  ["a window without an end", "GET", "/counts?from=0", undefined, 400, "bad_request", /`until`/],
  [
    "a window without an offset",
    "GET",
    "/counts?from=0&until=2001-04-09T09:00:00",
    undefined,
    400,
    "bad_request",
    /offset/,
  ],
  ["a probe of nobody", "POST", "/probe", '{"key":"a","features":{}}', 400, "bad_request", /`version` must name/],
  ["a probe of a path", "POST", "/probe?version=../1", "{}", 400, "bad_request", /`version` must name/],
  ["a probe without features", "POST", "/probe?version=1", '{"key":"a"}', 400, "bad_request", /`features`/],
  ["latencies of nobody", "GET", "/latencies?from=0&until=1", undefined, 400, "bad_request", /`version` is missing/],
])("%s is refused in words and the server goes on", async (_name, method, path, body, status, code, words) => {
  const { url } = await started();
  const init = { method, headers: { "retrain-clock": NINE }, ...(body === undefined ? {} : { body }) };
  const answer = await ask(url, path, init);
  expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  expect(answer.body.error.message).toMatch(words);
  expect((await predictAt(url, NINE, "a", { x: 0.5 })).status).toBe(200);
});

it("a time that is no instant is refused", async () => {
  const { url } = await started();
  for (const clock of ["yesterday", "2001-04-09", "2001-13-40T00:00:00Z", "2001-04-09T09:00:00"]) {
    const { status, body } = await ask(url, "/predict", post('{"key":"a","features":{}}', { "retrain-clock": clock }));
    expect([clock, status, body.error.code]).toEqual([clock, 400, "bad_request"]);
  }
});

it("a body without a declared length is cut at 1 MiB", async () => {
  const { url } = await started();
  const status = await new Promise((resolve, reject) => {
    const sent = httpRequest(`${url}/predict`, { method: "POST" }, (response) => resolve(response.resume().statusCode));
    sent.on("error", reject);
    for (let at = 0; at < 20; at += 1) sent.write(Buffer.alloc(1 << 16, "x"));
  });
  expect(status).toBe(413);
});

it("bytes that are no HTTP are answered with 400, and the server goes on", async () => {
  const { url } = await started();
  const text = await new Promise<string>((resolve) => {
    let got = "";
    const socket = connect(Number(new URL(url).port), "127.0.0.1", () => socket.write("\u0000\u0001 nonsense\r\n\r\n"));
    socket.on("data", (chunk) => {
      got += chunk.toString();
    });
    socket.on("close", () => resolve(got));
  });
  expect(text).toMatch(/^HTTP\/1\.1 400 /);
  expect((await predictAt(url, NINE, "a", { x: 0.5 })).status).toBe(200);
});

it("does not answer pages in a browser, nor under another host's name", async () => {
  const { url } = await started();
  const page = await ask(url, "/route", { headers: { origin: "https://example.com" } });
  expect([page.status, page.body.error.code]).toEqual([403, "from_a_page"]);
  const rebound = await new Promise((resolve, reject) => {
    httpRequest(`${url}/route`, { headers: { host: "evil.example.com" } }, (response) =>
      resolve(response.resume().statusCode),
    )
      .on("error", reject)
      .end();
  });
  expect(rebound).toBe(421);
});

it("takes a number as key and writes it as text", async () => {
  const { url } = await started();
  expect((await ask(url, "/predict", post('{"key":17,"features":{"x":0.5}}'))).body.key).toBe("17");
});

it("metrics count answers, errors, refusals and latency, and show the route", async () => {
  const { url } = await started();
  await putRoute(url, { champion: "1", challenger: "2", share: 0.25, mirror: 1, key: "b", fence: 1, revision: 1 });
  let live2 = 0;
  for (let at = 0; at < 40; at += 1) live2 += (await predictAt(url, NINE, `k${at}`, { x: 0.5 })).status === 500 ? 1 : 0;
  await ask(url, "/predict", post("{"));
  await ask(url, "/pairs?from=0&until=1");
  const response = await fetch(`${url}/metrics`);
  expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  const series = parsePrometheus(await response.text()).flatMap((family) => family.series);
  const value = (name: string, labels: Record<string, string> = {}) =>
    series.find(
      (one) => one.name === name && Object.entries(labels).every(([label, text]) => one.labels[label] === text),
    )?.value;
  expect(live2).toBeGreaterThan(0);
  expect(value("retrain_requests_total", { version: "1", mode: "live", outcome: "ok" })).toBe(40 - live2);
  expect(value("retrain_requests_total", { version: "2", mode: "live", outcome: "error" })).toBe(live2);
  expect(value("retrain_requests_total", { version: "2", mode: "mirror", outcome: "error" })).toBe(40 - live2);
  expect(value("retrain_errors_total", { version: "2", mode: "mirror", kind: "exception" })).toBe(40 - live2);
  expect(value("retrain_refused_requests_total", { code: "bad_json" })).toBe(1);
  expect(value("retrain_request_latency_seconds_count", { version: "1", mode: "live" })).toBe(40 - live2);
  expect(value("retrain_request_latency_seconds_bucket", { version: "1", mode: "live", le: "0.05" })).toBeGreaterThan(
    0,
  );
  expect(value("retrain_route_share", { version: "1", role: "champion" })).toBe(0.75);
  expect(value("retrain_route_share", { version: "2", role: "challenger" })).toBe(0.25);
  expect(value("retrain_route_mirror_share")).toBe(1);
  expect(value("retrain_route_revision")).toBe(2);
  expect(value("retrain_build_info", { node: process.versions.node })).toBe(1);
});
