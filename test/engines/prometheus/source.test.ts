import { afterAll, beforeAll, expect, it } from "vitest";
import type { PrometheusMeasure } from "../../../compiler/plan/measure.ts";
import { holds, judge } from "../../../runtime/judge/judge.ts";
import type { Observation } from "../../../runtime/judge/observation.ts";
import { prometheusClient } from "../../../runtime/sources/prometheus/client.ts";
import { prometheusSource } from "../../../runtime/sources/prometheus/source.ts";
import { missingPrometheus, type PrometheusServer, startPrometheus } from "../../support/prometheus-server.ts";

if (missingPrometheus !== undefined && process.env["CI"] === "true") throw new Error(missingPrometheus);
if (missingPrometheus !== undefined) process.stderr.write(`NOT RUN: ${missingPrometheus}\n`);
const real = it.skipIf(missingPrometheus !== undefined);

let server: PrometheusServer;
beforeAll(async () => {
  if (missingPrometheus === undefined) server = await startPrometheus();
});
afterAll(async () => {
  await server?.stop();
});

const common = { party: "challenger", better: "lower" } as const;
const failures: PrometheusMeasure = {
  ...common,
  kind: "prometheus",
  name: "failures",
  unit: "ratio",
  low: 0,
  high: 1,
  query: 'sum(increase(requests_total{version="$version", code=~"5.."}[$window]))',
  form: { kind: "ratio", over: 'sum(increase(requests_total{version="$version"}[$window]))' },
  freshWithin: 2_000,
};
const slow: PrometheusMeasure = {
  ...common,
  kind: "prometheus",
  name: "p99",
  unit: "duration",
  query: 'histogram_quantile(0.99, sum by (le) (increase(latency_bucket{version="$version"}[$window])))',
  form: { kind: "bucket_quantile", quantile: 0.99 },
  freshWithin: 2_000,
};
const version = (name: string) => ({ version: name, revision: name });

function observe(
  measure: PrometheusMeasure,
  window = 4_000,
  sides: { challenger?: string; champion?: string } = { challenger: "7" },
): Promise<Observation> {
  const source = prometheusSource(prometheusClient({ url: server.url, tries: 1 }), server.interval);
  return source.observe(measure, {
    at: Date.now(),
    window,
    ...(sides.challenger === undefined ? {} : { challenger: version(sides.challenger) }),
    ...(sides.champion === undefined ? {} : { champion: version(sides.champion) }),
  });
}

/** Requests of one version so far: good ones and failed ones. */
const requests = (name: string, good: number, failed: number | undefined) =>
  `requests_total{version="${name}",code="200"} ${good}\n${failed === undefined ? "" : `requests_total{version="${name}",code="500"} ${failed}\n`}`;

/** Lets the counters run, so that `increase` has something to count between. */
async function counting(text: (round: number) => string, rounds = 6): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    server.expose(text(round));
    await server.scraped(1);
  }
}

real("a ratio is two counts of the same window, rounded and said so, and judged like any live rate", async () => {
  await counting((round) => requests("7", 1_000 * round, 2 * round) + requests("6", 20_000 * round, 50 * round), 9);
  const observation = await observe(failures, 4_000, { challenger: "7", champion: "6" });
  if (observation.kind !== "rates") throw new Error(JSON.stringify(observation));
  const { challenger, champion, note } = observation;
  expect(challenger.events / challenger.trials).toBeCloseTo(2 / 1_002, 3);
  expect(champion.events / champion.trials).toBeCloseTo(50 / 20_050, 3);
  expect(Number.isInteger(challenger.events) && Number.isInteger(challenger.trials)).toBe(true);
  expect(note).toContain("rounded");
  const context = {
    task: "binary",
    decidesAt: 0.5,
    champion: true,
    firstModel: "absolute_gates_only",
    policyDigest: "d",
    live: { planned: 1_000 },
  } as const;
  const found = holds({ kind: "threshold", measure: failures, relation: "<=", limit: 0.01 }, observation, context);
  expect(found.truth).toBe(true);
  expect(found.sentence).toMatch(/requests\): at most 1 % is the condition; counts that Prometheus extrapolated/);
  expect(judge(requirementOf(0.0005), observation, context)).toMatchObject({ verdict: "fail" });
});

const requirementOf = (limit: number) =>
  ({
    kind: "requirement",
    id: "stage.canary.1",
    role: "require",
    text: "challenger.failures <= 1%",
    place: { file: "a.retrain", line: 1, column: 1, length: 1 },
    test: { kind: "threshold", measure: failures, relation: "<=", limit },
  }) as unknown as Parameters<typeof judge>[0];

real("no series of failures among counted requests is none, and nothing counted is no data", async () => {
  await counting((round) => requests("8", 500 * round, undefined));
  const none = await observe(failures, 2_000, { challenger: "8" });
  expect(none).toMatchObject({ kind: "rates", challenger: { events: 0 } });
  expect((none as { note: string }).note).toContain("read as none");
  expect(await observe(failures, 2_000, { challenger: "nobody" })).toMatchObject({
    kind: "unanswered",
    reason: "no_data",
  });
});

real("a counter that begins anew is counted on, not back", async () => {
  await counting((round) => requests("9", round < 3 ? 3_000 * (round + 1) : 3_000 * (round - 2), 1));
  const observation = await observe(failures, 2_000, { challenger: "9" });
  if (observation.kind !== "rates") throw new Error(JSON.stringify(observation));
  expect(observation.challenger.trials).toBeGreaterThan(9_000);
});

real("a series that has vanished is stale or gone, never its last value", async () => {
  await counting((round) => requests("10", 100 * round, 0));
  expect(await observe(failures, 2_000, { challenger: "10" })).toMatchObject({ kind: "rates" });
  server.expose("other 1\n");
  await server.scraped(12);
  const gone = await observe(failures, 8_000, { challenger: "10" });
  expect(gone).toMatchObject({ kind: "unanswered", reason: expect.stringMatching(/^(stale|no_data)$/) });
});

real("an exporter that no longer answers makes its numbers stale", async () => {
  server.expose('gauge{version="11"} 0.2\ncount_total{version="11"} 900\n');
  await server.scraped(3);
  const opaque: PrometheusMeasure = {
    ...failures,
    query: 'max_over_time(gauge{version="$version"}[$window])',
    form: { kind: "opaque", countedBy: 'max(count_total{version="$version"})' },
    freshWithin: 1_000,
  };
  expect(await observe(opaque, 10_000, { challenger: "11" })).toEqual({ kind: "value", value: 0.2, n: 900 });
  server.expose(undefined);
  await server.scraped(10);
  // The window still holds old samples; the series itself has ended.
  expect(await observe(opaque, 10_000, { challenger: "11" })).toMatchObject({ kind: "unanswered" });
  server.expose("");
  await server.scraped(1);
});

real("NaN, infinity, several series and a query that Prometheus refuses are no numbers", async () => {
  server.expose('v{version="12",kind="nan"} NaN\nv{version="12",kind="inf"} +Inf\ncount_total{version="12"} 900\n');
  await server.scraped(2);
  const form = { kind: "opaque", countedBy: 'max(count_total{version="$version"})' } as const;
  const ask = (query: string) => observe({ ...failures, query, form }, 4_000, { challenger: "12" });
  expect(await ask('v{version="$version", kind="nan"}')).toMatchObject({ reason: "undefined_value" });
  expect(await ask('v{version="$version", kind="inf"}')).toMatchObject({ reason: "undefined_value" });
  expect(await ask('v{version="$version"}')).toMatchObject({ reason: "schema_mismatch" });
  expect(await ask('nothing{version="$version"}')).toMatchObject({ reason: "no_data" });
  expect(await ask('sum by (le(v{version="$version"}')).toMatchObject({ reason: "source_rejected" });
  expect(await ask('label_replace(v{version="$version"}, "a b", "$1", "c", "(")')).toMatchObject({
    reason: "source_rejected",
  });
});

real("a version's name is a label's text whatever it holds", async () => {
  const name = 'a"} or vector(1) or x{b="\\';
  await counting(
    (round) =>
      `requests_total{version=${JSON.stringify(name)},code="200"} ${100 * round}\nrequests_total{version="z",code="200"} ${9_000 * round}\n`,
  );
  const observation = await observe(failures, 2_000, { challenger: name });
  if (observation.kind !== "rates") throw new Error(JSON.stringify(observation));
  expect(observation.challenger.trials).toBeLessThan(2_000);
  expect(observation.challenger.trials).toBeGreaterThan(100);
});

real("a quantile is judged by the bucket that its limit lies in", async () => {
  const buckets = (round: number) =>
    [
      ["0.05", 900],
      ["0.1", 4_970],
      ["0.2", 5_000],
      ["+Inf", 5_000],
    ]
      .map(([le, count]) => `latency_bucket{version="13",le="${le}"} ${Number(count) * round}`)
      .join("\n");
  await counting((round) => `${buckets(round)}\n`);
  const observation = await observe(slow, 2_000, { challenger: "13" });
  if (observation.kind !== "buckets") throw new Error(JSON.stringify(observation));
  expect(observation.challenger?.upper).toEqual([50, 100, 200, Number.POSITIVE_INFINITY]);
  const context = {
    task: "binary",
    decidesAt: 0.5,
    champion: true,
    firstModel: "absolute_gates_only",
    policyDigest: "d",
    live: { planned: 1_000 },
  } as const;
  const asked = (limit: number) =>
    holds({ kind: "threshold", measure: slow, relation: "<=", limit }, observation, context);
  expect(asked(200).truth).toBe(true);
  expect(asked(100).truth).toBe(true);
  expect(asked(99).truth).toBe("unknown");
  expect(asked(40).truth).toBe(false);
  // What Prometheus itself says of the same buckets, in seconds.
  const query = `histogram_quantile(0.99, sum by (le) (increase(latency_bucket{version="13"}[2s])))`;
  const said = await prometheusClient({ url: server.url })(query, Date.now());
  if ("kind" in said) throw new Error(said.detail);
  expect(asked(100).estimate).toBeCloseTo((said[0]?.value ?? 0) * 1_000, 0);
});

real("a window shorter than four scrapes is no window, and a server that is away no answer", async () => {
  expect(await observe(failures, 900)).toMatchObject({ reason: "too_few_samples" });
  const away = prometheusSource(prometheusClient({ url: "http://127.0.0.1:9", tries: 2, firstWait: 1 }), 250);
  expect(await away.observe(failures, { at: Date.now(), window: 5_000, challenger: version("7") })).toMatchObject({
    reason: "source_unavailable",
  });
});
