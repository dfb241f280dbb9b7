import { readdirSync } from "node:fs";
import type { Dataset } from "../../compiler/plan/dataset.ts";
import type { LiveRateMeasure, Measure, PredictionMeasure, QuantileMeasure } from "../../compiler/plan/measure.ts";
import type { Engine } from "../engine/engine.ts";
import type { Reason } from "../judge/finding.ts";
import { measured } from "../judge/measured.ts";
import type { Change, Observation, Unanswered } from "../judge/observation.ts";
import { HOUR, hourOfFile } from "../server/hours.ts";
import type { Window } from "../sources/source.ts";
import { judgeContext } from "./judge-context.ts";
import { logFolder, versionScores } from "./observe-baseline.ts";
import { datasetOf } from "./observe-data.ts";

/** A version whose live answers are compared with its baseline, and since when it has served. */
export interface Serving {
  readonly version: string;
  readonly promotedAt: number;
}

type Point = Change["now"];

/** Name of a metric among the baselines of a version: with its options, where it has some. */
export function baselineKey({ metric, options }: PredictionMeasure): string {
  const given = Object.entries(options).map(([name, value]) => `${name}: ${value}`);
  return given.length === 0 ? metric : `${metric}(${given.sort().join(", ")})`;
}

/** What is compared: a metric of one version's logged answers, over windows of one length. */
interface Comparison {
  readonly engine: Engine;
  readonly measure: PredictionMeasure;
  readonly dataset: Dataset;
  readonly serving: Serving;
  /** Milliseconds; undefined takes everything since the promotion. */
  readonly over: number | undefined;
}

/**
 * Asks how a metric of the serving version does now against its baseline: over the newest `over` of mature labels, none of it before the promotion.
 * A window of which less than half is covered by answers is no answer: days are not alike, and one of them says nothing about a week.
 */
export async function observeDecay(
  engine: Engine,
  measure: Measure,
  datasetName: string,
  over: number | undefined,
  serving: Serving | undefined,
  registered: Point | undefined,
): Promise<Observation> {
  if (serving === undefined) return unanswered("no_champion", "there is no champion yet that could decay");
  if (measure.kind === "live_rate" || measure.kind === "quantile") return liveDecay(engine, measure, over, serving);
  if (measure.kind !== "prediction") return unanswered("source_rejected", `${measure.kind} has no baseline`);
  const dataset = datasetOf(engine, datasetName);
  const comparison: Comparison = { engine, measure, dataset, serving, over };
  const end = engine.clock.now() - (dataset.label?.maturesAfter ?? 0);
  const start = over === undefined ? serving.promotedAt : Math.max(end - over, serving.promotedAt);
  const now = await pointIn(comparison, { start, end });
  if ("kind" in now) return now;
  const baseline = (await rebased(comparison, end)) ?? registered;
  if (baseline === undefined)
    return unanswered("no_reference", "no baseline was recorded when the version was promoted");
  return { kind: "change", baseline, now };
}

/** A live metric of the serving version: its first full window since the promotion is the baseline, and what came later is compared with it. */
async function liveDecay(
  engine: Engine,
  measure: LiveRateMeasure | QuantileMeasure,
  over: number | undefined,
  { version, promotedAt }: Serving,
): Promise<Observation> {
  const end = engine.clock.now();
  const length = over ?? (end - promotedAt) / 2;
  const first = { start: promotedAt, end: promotedAt + length };
  const newest = { start: Math.max(end - length, first.end), end };
  if (newest.start >= newest.end) {
    return unanswered("no_reference", "the version has not served longer than the window that its baseline is");
  }
  if (measure.kind === "live_rate") {
    const count = async (window: Window) => {
      const { requests, errors } = await engine.traffic.counts(window.start, window.end);
      return { events: errors[version] ?? 0, trials: requests[version] ?? 0 };
    };
    return { kind: "rates", challenger: await count(newest), champion: await count(first) };
  }
  const values = (window: Window) =>
    measure.column === "latency"
      ? engine.traffic.latencies(version, window.start, window.end)
      : versionScores(engine, version, window);
  const reference = await values(first);
  const current = await values(newest);
  if ("kind" in reference) return reference;
  if ("kind" in current) return current;
  const rows = { reference: reference.length, current: current.length };
  return { kind: "samples", reference, current, rows, missing: { reference: 0, current: 0 } };
}

/** Once the version has served one full window of mature labels with enough rows, that window is its baseline: live is compared with live. */
async function rebased(comparison: Comparison, end: number): Promise<Point | undefined> {
  const { over, serving } = comparison;
  if (over === undefined || end < serving.promotedAt + over) return undefined;
  const first = await pointIn(comparison, { start: serving.promotedAt, end: serving.promotedAt + over });
  return "kind" in first ? undefined : first;
}

async function pointIn(comparison: Comparison, window: Window): Promise<Point | Unanswered> {
  const { engine, measure, dataset, serving, over } = comparison;
  if (window.start >= window.end) {
    return unanswered("labels_immature", "no label of an answer since the promotion is mature yet");
  }
  const log = logFolder(engine);
  const covered = coveredTime(log, window);
  if (over !== undefined && covered < over / 2) {
    const detail = `live answers cover ${written(covered)} of the ${written(over)} asked for, and at least half is needed: days are not alike`;
    return unanswered("no_data", detail);
  }
  const rows = await engine.source.labelledLog(dataset, log, serving.version, window, engine.clock.now());
  if (rows.kind === "unanswered") return rows;
  return measured(
    { ...measure, party: "challenger" },
    rows,
    judgeContext(engine, { champion: true }),
    `decay.${baselineKey(measure)}`,
  );
}

/** Hours of a window in which anything was answered, in milliseconds. */
function coveredTime(log: string, window: Window): number {
  let names: readonly string[];
  try {
    names = readdirSync(log);
  } catch {
    return 0;
  }
  const hours = names.flatMap((name) => {
    const hour = hourOfFile(name);
    return hour === undefined ? [] : [hour * HOUR];
  });
  return hours.reduce(
    (sum, hour) => sum + Math.max(0, Math.min(hour + HOUR, window.end) - Math.max(hour, window.start)),
    0,
  );
}

function written(milliseconds: number): string {
  return milliseconds >= 48 * HOUR
    ? `${Number((milliseconds / (24 * HOUR)).toFixed(1))} d`
    : `${Number((milliseconds / HOUR).toFixed(1))} h`;
}

function unanswered(reason: Reason, detail: string): Unanswered {
  return { kind: "unanswered", reason, detail };
}
