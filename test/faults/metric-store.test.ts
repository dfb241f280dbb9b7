import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { PrometheusMeasure } from "../../compiler/plan/measure.ts";
import { holds } from "../../runtime/judge/judge.ts";
import { prometheusClient } from "../../runtime/sources/prometheus/client.ts";
import { prometheusSource } from "../../runtime/sources/prometheus/source.ts";
import { below, uniform, xoshiro128 } from "../../runtime/stats/random.ts";

/** Evaluations; 50,000 by `npm run faults:metrics`. */
const RUNS = Number(process.env["RETRAIN_METRIC_FAULTS"] ?? 3_000);

const random = xoshiro128([7, 1, 2, 3]);
const pick = <T>(items: readonly T[]): T => items[below(random, items.length)] as T;

/** What a store that works says: 1 failure among 1,000 requests, all of them quick, every sample taken now. */
function healthy(query: string, at: number): unknown {
  const vector = (pairs: readonly (readonly [labels: Record<string, string>, value: string])[]) => ({
    status: "success",
    data: { resultType: "vector", result: pairs.map(([metric, value]) => ({ metric, value: [at, value] })) },
  });
  if (query.startsWith("max(timestamp(")) return vector([[{}, String(at)]]);
  if (query.includes("bucket"))
    return vector([
      [{ le: "0.1" }, "99900"],
      [{ le: "+Inf" }, "100000"],
    ]);
  if (query.includes("5..")) return vector([[{}, "1"]]);
  if (query.includes("gauge")) return vector([[{}, "0.001"]]);
  return vector([[{}, "100000"]]);
}

type Fault = (response: ServerResponse, text: string, at: number) => void;

const json = (response: ServerResponse, text: string, status = 200) =>
  response.writeHead(status, { "content-type": "application/json" }).end(text);
const vectorOf = (values: readonly string[], at: number) =>
  JSON.stringify({
    status: "success",
    data: {
      resultType: "vector",
      result: values.map((value, index) => ({ metric: { i: `${index}` }, value: [at, value] })),
    },
  });

/** Every one of them turns an answer into none: whatever it is done to, nothing may pass. */
const faults: Readonly<Record<string, Fault>> = {
  reset: (response) => response.destroy(),
  "no answer": () => undefined,
  "cut off": (response, text) => {
    response.writeHead(200, { "content-length": String(text.length) });
    response.write(text.slice(0, Math.floor(text.length / 2)));
    setTimeout(() => response.destroy(), 1);
  },
  "status 500": (response, text) => json(response, text, 500),
  "status 503 as HTML": (response) => response.writeHead(503, { "content-type": "text/html" }).end("<h1>Busy</h1>"),
  "status 200 as HTML": (response) => response.writeHead(200, { "content-type": "text/html" }).end("<h1>Sign in</h1>"),
  redirect: (response) => response.writeHead(302, { location: "/" }).end(),
  "bad data": (response) => json(response, '{"status":"error","errorType":"bad_data","error":"x"}', 400),
  "status 200 with an error": (response) => json(response, '{"status":"error","errorType":"timeout","error":"x"}'),
  NaN: (response, _, at) => json(response, vectorOf(["NaN"], at)),
  "+Inf": (response, _, at) => json(response, vectorOf(["+Inf"], at)),
  "-Inf": (response, _, at) => json(response, vectorOf(["-Inf"], at)),
  "a number with a unit": (response, _, at) => json(response, vectorOf(["0.1ms"], at)),
  hexadecimal: (response, _, at) => json(response, vectorOf(["0x1"], at)),
  "an empty text": (response, _, at) => json(response, vectorOf([""], at)),
  null: (response) => json(response, "null"),
  "null for a value": (response) =>
    json(response, '{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":null}]}}'),
  "a number for a text": (response) =>
    json(response, '{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,1]}]}}'),
  empty: (response) => json(response, '{"status":"success","data":{"resultType":"vector","result":[]}}'),
  "nothing at all": (response) => response.writeHead(200).end(),
  "several series": (response, _, at) => json(response, vectorOf(["1", "1"], at)),
  "a matrix": (response) => json(response, '{"status":"success","data":{"resultType":"matrix","result":[]}}'),
  stale: (response, _, at) => json(response, vectorOf([String(at - 900)], at)),
  "a negative number": (response, _, at) => json(response, vectorOf(["-5"], at)),
  "too long": (response) => response.writeHead(200).end(" ".repeat(1024 * 1024 + 1)),
};

/** Where the fault strikes: at each question, or only at those about time, counts, or the metric itself. */
const strikes: Readonly<Record<string, (query: string) => boolean>> = {
  everywhere: () => true,
  "the samples' times": (query) => query.startsWith("max(timestamp("),
  counts: (query) => query.includes("all"),
  metric: (query) => !query.includes("all") && !query.startsWith("max(timestamp("),
};

let strike: { fault: Fault; at: (query: string) => boolean } | undefined;
const server = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk: Buffer) => {
    body += chunk.toString();
  });
  request.on("end", () => {
    const parameters = new URLSearchParams(body);
    const query = parameters.get("query") ?? "";
    const at = Number(parameters.get("time"));
    const text = JSON.stringify(healthy(query, at));
    if (strike?.at(query) === true) strike.fault(response, text, at);
    else json(response, text);
  });
});
let url = "";
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const base = { kind: "prometheus", party: "challenger", freshWithin: 60_000, better: "lower" } as const;
const all = 'sum(increase(all_total{v="$version"}[$window]))';
const measures: readonly (PrometheusMeasure & { readonly limit: number })[] = [
  {
    ...base,
    name: "failures",
    unit: "ratio",
    low: 0,
    high: 1,
    query: 'sum(increase(some_total{v="$version",code=~"5.."}[$window]))',
    form: { kind: "ratio", over: all },
    limit: 0.01,
  },
  {
    ...base,
    name: "p99",
    unit: "duration",
    query: 'histogram_quantile(0.99, sum by (le) (increase(latency_bucket{v="$version"}[$window])))',
    form: { kind: "bucket_quantile", quantile: 0.99, countedBy: all },
    limit: 100,
  },
  {
    ...base,
    name: "gauge",
    unit: "ratio",
    low: 0,
    high: 1,
    query: 'max_over_time(gauge{v="$version"}[$window])',
    form: { kind: "opaque", countedBy: all },
    limit: 0.01,
  },
];
const context = {
  task: "binary",
  decidesAt: 0.5,
  champion: true,
  firstModel: "absolute_gates_only",
  policyDigest: "d",
  live: { planned: 1_000 },
} as const;

async function truthOf({ limit, ...measure }: (typeof measures)[number]): Promise<true | false | "unknown"> {
  const ask = prometheusClient({ url, deadline: 60, tries: 1 });
  const look = { at: Date.now(), window: 600_000, challenger: { version: "7", revision: "7" } };
  const observation = await prometheusSource(ask, 15_000).observe(measure, look);
  return holds({ kind: "threshold", measure, relation: "<=", limit }, observation, context).truth;
}

it("a store that works is believed", async () => {
  strike = undefined;
  for (const measure of measures) expect(await truthOf(measure)).toBe(true);
});

it(`${RUNS.toLocaleString("en")} evaluations against a store that fails in ${Object.keys(faults).length} ways: none passes`, async () => {
  const passed: string[] = [];
  const answered = new Map<string, number>();
  for (let run = 0; run < RUNS; run += 1) {
    const [name, fault] = pick(Object.entries(faults));
    const [where, at] = pick(Object.entries(strikes));
    const measure = pick(measures);
    // A series of failures that is empty while requests are counted is none: the one empty answer that is one (docs/language/metric.md).
    const isNone = measure.name === "failures" && where === "metric" && name === "empty";
    // A waiting store costs its deadline each time: it is met a tenth as often.
    if (name === "no answer" && uniform(random) > 0.1) continue;
    // The answer of the time query is a number of its own: what is no time is caught there, a time in the past is stale.
    const isOtherTime = name === "stale" && where !== "the samples' times";
    if (isNone || isOtherTime) continue;
    strike = { fault, at };
    const truth = await truthOf(measure);
    answered.set(name, (answered.get(name) ?? 0) + 1);
    if (truth === true) passed.push(`${measure.name}: ${name} at ${where}`);
  }
  strike = undefined;
  expect([...new Set(passed)]).toEqual([]);
  if (RUNS >= 3_000) expect(answered.size).toBe(Object.keys(faults).length);
}, 1_200_000);

it("an answer with flipped bits passes only where it still says what the healthy one says", async () => {
  const unexplained: string[] = [];
  for (let run = 0; run < RUNS / 3; run += 1) {
    const measure = pick(measures);
    const seen: string[] = [];
    strike = {
      at: () => true,
      fault: (response, text) => {
        const bytes = Buffer.from(text);
        const index = below(random, bytes.length);
        bytes[index] = (bytes[index] as number) ^ (1 << below(random, 8));
        seen.push(bytes.toString("latin1"));
        response.writeHead(200).end(bytes);
      },
    };
    const truth = await truthOf(measure);
    // A flipped digit of a count is another count: it passes as that count does. Anything that is no whole answer must not.
    if (truth === true && seen.some((text) => !isWhole(text))) unexplained.push(seen.join("\n"));
  }
  strike = undefined;
  expect(unexplained.slice(0, 3)).toEqual([]);
}, 1_200_000);

function isWhole(text: string): boolean {
  try {
    const parsed = JSON.parse(text) as { status: unknown; data: { resultType: unknown; result: unknown } };
    return parsed.status === "success" && parsed.data.resultType === "vector" && Array.isArray(parsed.data.result);
  } catch {
    return false;
  }
}
