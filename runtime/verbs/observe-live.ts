import type { Requirement, Test } from "../../compiler/plan/condition.ts";
import type { QuantileMeasure } from "../../compiler/plan/measure.ts";
import type { Instant } from "../clock/clock.ts";
import type { Engine } from "../engine/engine.ts";
import { championOf, readHistory } from "../engine/history.ts";
import type { Reason } from "../judge/finding.ts";
import { columnsOf, testNeeds } from "../judge/needs.ts";
import type { Observation, TwoSamples, Unanswered } from "../judge/observation.ts";
import type { LookRequest } from "../rollout/observe.ts";
import type { Seen } from "./judge-stage.ts";
import { observeBaseline, versionRows, versionScores } from "./observe-baseline.ts";
import { championFacts } from "./observe-data.ts";
import { baselineKey, observeDecay } from "./observe-decay.ts";
import { observeMetric } from "./observe-metric.ts";

/** What a condition counts: since when, and over which of its own windows. */
export interface Counting {
  readonly from: Instant;
  readonly over?: number;
}

/** Asks traffic and prediction log for what a condition of a stage or of a rollback measures while requests are served. */
export async function observeLive(
  engine: Engine,
  request: LookRequest,
  condition: Pick<Requirement, "test" | "forEach" | "clusteredBy">,
  counting: Counting,
  look: () => Promise<Seen>,
): Promise<Observation> {
  const { test } = condition;
  const groups = columnsOf(condition);
  const need = testNeeds(test, groups);
  const versionOf = (party: string) => (party === "champion" ? request.champion : request.challenger);
  const window = { start: counting.from, end: request.now };
  switch (need.kind) {
    case "rates":
      return (await look()).rates;
    case "pairs":
      return (await look()).pairs;
    case "sample":
      if (need.both === true) return samplesOf(engine, request, need.measure, counting.from);
      return sampleOf(engine, versionOf(need.measure.party), need.measure, counting.from, request.now);
    case "metric":
      return observeMetric(engine, request, need, counting.from);
    case "scores":
      return scoresOf(engine, request, counting.from);
    case "rows": {
      if (need.champion && test.kind === "comparison") {
        const { challenger, champion } = request;
        if (champion === null) return noChampion;
        return {
          kind: "arms",
          challenger: await versionRows(engine, challenger, window, groups),
          champion: await versionRows(engine, champion, window, groups),
        };
      }
      const version = need.measure.kind === "prediction" ? versionOf(need.measure.party) : request.challenger;
      return version === null ? noChampion : versionRows(engine, version, window, groups);
    }
    case "change":
      return observeChange(engine, request, test, counting, look);
    default:
      return unanswered("source_rejected", "this cannot be observed while requests are served");
  }
}

const noChampion: Unanswered = {
  kind: "unanswered",
  reason: "no_champion",
  detail: "there is no champion to be observed",
};

function unanswered(reason: Reason, detail: string): Unanswered {
  return { kind: "unanswered", reason, detail };
}

async function valuesOf(
  engine: Engine,
  version: string,
  { column }: QuantileMeasure,
  from: Instant,
  until: Instant,
): Promise<Float64Array | Unanswered> {
  if (column === "latency") return engine.traffic.latencies(version, from, until);
  return versionScores(engine, version, { start: from, end: until });
}

async function sampleOf(
  engine: Engine,
  version: string | null,
  measure: QuantileMeasure,
  from: Instant,
  until: Instant,
): Promise<Observation> {
  if (version === null) return noChampion;
  const values = await valuesOf(engine, version, measure, from, until);
  return "kind" in values ? values : { kind: "sample", values };
}

/** Left side as the present, right side as the reference. */
async function samplesOf(
  engine: Engine,
  request: LookRequest,
  measure: QuantileMeasure,
  from: Instant,
): Promise<Observation> {
  const { challenger, champion, now } = request;
  if (champion === null) return noChampion;
  const [left, right] = measure.party === "champion" ? [champion, challenger] : [challenger, champion];
  const current = await valuesOf(engine, left, measure, from, now);
  const reference = await valuesOf(engine, right, measure, from, now);
  return pairOf(reference, current);
}

async function scoresOf(
  engine: Engine,
  { challenger, champion, now }: LookRequest,
  from: Instant,
): Promise<Observation> {
  if (champion === null) return noChampion;
  const window = { start: from, end: now };
  return pairOf(await versionScores(engine, champion, window), await versionScores(engine, challenger, window));
}

function pairOf(reference: Float64Array | Unanswered, current: Float64Array | Unanswered): TwoSamples | Unanswered {
  if ("kind" in reference) return reference;
  if ("kind" in current) return current;
  const rows = { reference: reference.length, current: current.length };
  return { kind: "samples", reference, current, rows, missing: { reference: 0, current: 0 } };
}

/** In a rollout the baseline is that of the version that was champion when the run began. */
async function observeChange(
  engine: Engine,
  request: LookRequest,
  test: Test,
  { over }: Counting,
  look: () => Promise<Seen>,
): Promise<Observation> {
  const measure = test.kind === "change" ? test.measure : test.kind === "comparison" ? test.left : undefined;
  const history = championOf(await readHistory(engine.ledger, engine.chain));
  const champion = request.champion ?? history?.version;
  const servedSince = history?.version === champion ? history?.promotedAt : undefined;
  switch (measure?.kind) {
    case "live_rate": {
      if (champion === undefined) return noChampion;
      const baseline = await observeBaseline(engine, champion, request.startedAt, servedSince);
      const { challenger } = (await look()).rates;
      return { kind: "rates", challenger, champion: await baseline.rate() };
    }
    case "quantile": {
      if (champion === undefined) return noChampion;
      const baseline = await observeBaseline(engine, champion, request.startedAt, servedSince);
      const from = request.promotedAt ?? request.since ?? request.routedAt ?? request.now;
      const start = over === undefined ? from : Math.max(from, request.now - over);
      const current = await valuesOf(engine, request.challenger, measure, start, request.now);
      const { start: first, end } = baseline.window;
      return pairOf(await valuesOf(engine, champion, measure, first, end), current);
    }
    case "prediction": {
      const dataset = engine.plan.datasets.find((one) => one.holdout !== undefined);
      if (dataset === undefined) return unanswered("no_data", "no dataset has labels");
      const facts = await championFacts(engine, champion);
      const since = request.promotedAt ?? request.routedAt ?? request.now;
      const serving = { version: request.challenger, promotedAt: since };
      return observeDecay(engine, measure, dataset.name, over, serving, facts?.baselines[baselineKey(measure)]);
    }
    default:
      return unanswered("source_rejected", "this has no baseline");
  }
}
