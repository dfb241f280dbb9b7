import { join, resolve } from "node:path";
import type { ChangeTest } from "../../compiler/plan/condition.ts";
import type { Dataset } from "../../compiler/plan/dataset.ts";
import type { PredictionMeasure } from "../../compiler/plan/measure.ts";
import type { Engine } from "../engine/engine.ts";
import type { NoAnswer } from "../judge/answer.ts";
import { measured } from "../judge/measured.ts";
import type { Change, Observation, Unanswered } from "../judge/observation.ts";
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
function logFolder(engine: Engine): string {
  return join(resolve(engine.root, engine.plan.bindings.serving.folder), "log");
}

/** Asks how a metric of the serving version does now against its baseline: over the newest `over` of mature labels, none of it before the promotion. */
export async function observeDecay(
  engine: Engine,
  test: ChangeTest,
  dataset: string,
  over: number,
  serving: Serving | undefined,
  registered: Point | undefined,
): Promise<Observation> {
  const { measure } = test;
  if (measure.kind !== "prediction")
    return unanswered({ reason: "source_rejected", detail: `${measure.kind} has no baseline` });
  if (serving === undefined)
    return unanswered({ reason: "no_champion", detail: "there is no champion yet that could decay" });
  const rows = datasetOf(engine, dataset);
  const end = engine.clock.now() - (rows.label?.maturesAfter ?? 0);
  const now = await pointIn(engine, measure, rows, serving, { start: Math.max(end - over, serving.promotedAt), end });
  if ("kind" in now) return now;
  const baseline = (await rebased(engine, measure, rows, serving, over, end)) ?? registered;
  if (baseline === undefined)
    return unanswered({ reason: "no_reference", detail: "no baseline was recorded when the version was promoted" });
  return { kind: "change", baseline, now };
}

/** Once the version has served one full window of mature labels with enough rows, that window is its baseline: live is compared with live. */
async function rebased(
  engine: Engine,
  measure: PredictionMeasure,
  dataset: Dataset,
  { version, promotedAt }: Serving,
  over: number,
  end: number,
): Promise<Point | undefined> {
  if (end < promotedAt + over) return undefined;
  const first = await pointIn(
    engine,
    measure,
    dataset,
    { version, promotedAt },
    { start: promotedAt, end: promotedAt + over },
  );
  return "kind" in first ? undefined : first;
}

async function pointIn(
  engine: Engine,
  measure: PredictionMeasure,
  dataset: Dataset,
  { version }: Serving,
  window: Window,
): Promise<Point | Unanswered> {
  if (window.start >= window.end)
    return unanswered({ reason: "labels_immature", detail: "no label of an answer since the promotion is mature yet" });
  const rows = await engine.source.labelledLog(dataset, logFolder(engine), version, window, engine.clock.now());
  if (rows.kind === "unanswered") return rows;
  const context = judgeContext(engine, { champion: true });
  return measured({ ...measure, party: "challenger" }, rows, context, `decay.${measure.metric}`);
}

function unanswered({ reason, detail }: Pick<NoAnswer, "reason" | "detail">): Unanswered {
  return { kind: "unanswered", reason, detail };
}
