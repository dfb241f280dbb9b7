import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ChangeTest } from "../../compiler/plan/condition.ts";
import type { Dataset } from "../../compiler/plan/dataset.ts";
import type { PredictionMeasure } from "../../compiler/plan/measure.ts";
import type { Engine } from "../engine/engine.ts";
import type { Reason } from "../judge/finding.ts";
import { measured } from "../judge/measured.ts";
import type { Change, Observation, Unanswered } from "../judge/observation.ts";
import { HOUR, hourOfFile } from "../server/hours.ts";
import type { Window } from "../sources/source.ts";
import { judgeContext } from "./judge-context.ts";
import { datasetOf } from "./observe-data.ts";

/** A version whose live answers are compared with its baseline, and since when it has served. */
export interface Serving {
  readonly version: string;
  readonly promotedAt: number;
}

type Point = Change["now"];

/** Folder of the local server's prediction log. */
function logFolder({ root, plan }: Engine): string {
  const { serving } = plan.bindings;
  if (serving.kind !== "local") throw new Error(`answers of a \`${serving.kind}\` server are not read yet`);
  return join(resolve(root, serving.folder), "log");
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
  test: ChangeTest,
  datasetName: string,
  over: number | undefined,
  serving: Serving | undefined,
  registered: Point | undefined,
): Promise<Observation> {
  const { measure } = test;
  if (measure.kind !== "prediction") return unanswered("source_rejected", `${measure.kind} has no baseline`);
  if (serving === undefined) return unanswered("no_champion", "there is no champion yet that could decay");
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
    `decay.${measure.metric}`,
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
