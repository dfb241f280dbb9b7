import { join, resolve } from "node:path";
import type { Instant } from "../clock/clock.ts";
import type { Engine } from "../engine/engine.ts";
import type { ScoredRows, Unanswered } from "../judge/observation.ts";
import type { Window } from "../sources/source.ts";
import type { Count } from "../stats/sequence.ts";

/** Longest stretch before a rollout from which baselines of live metrics are taken: a week, since days are not alike. */
const WEEK = 7 * 24 * 60 * 60 * 1000;

/** Folder of the local server's prediction log. */
export function logFolder({ root, plan }: Pick<Engine, "root" | "plan">): string {
  const { serving } = plan.bindings;
  if (serving.kind !== "local") throw new Error(`answers of a \`${serving.kind}\` server are not read yet`);
  return join(resolve(root, serving.folder), "log");
}

/** How the champion answered before a rollout. */
export interface LiveBaseline {
  readonly window: Window;
  rate(): Promise<Count>;
}

/**
 * The champion's live answers in the week before an instant, none of them before its promotion: the baseline of live rates and latencies, which no
 * rows of a promotion can tell.
 */
export async function observeBaseline(
  engine: Engine,
  champion: string,
  until: Instant,
  promotedAt: Instant | undefined,
): Promise<LiveBaseline> {
  const window = { start: Math.max(until - WEEK, promotedAt ?? until - WEEK), end: until };
  return {
    window,
    async rate() {
      if (window.start >= window.end) return { events: 0, trials: 0 };
      const { requests, errors } = await engine.traffic.counts(window.start, window.end);
      return { events: errors[champion] ?? 0, trials: requests[champion] ?? 0 };
    },
  };
}

/** A version's logged answers in a window with the labels that are mature now; slice columns are read from the dataset that has the label. */
export async function versionRows(
  engine: Engine,
  version: string,
  window: Window,
  groups: readonly string[],
): Promise<ScoredRows | Unanswered> {
  const dataset = engine.plan.datasets.find((one) => one.holdout !== undefined && one.label !== undefined);
  if (dataset === undefined) return { kind: "unanswered", reason: "no_data", detail: "no dataset has labels" };
  if (window.start >= window.end) {
    return { kind: "unanswered", reason: "no_data", detail: "the window has no length yet" };
  }
  return engine.source.labelledLog(dataset, logFolder(engine), version, window, engine.clock.now(), groups);
}

/** Scores of a version's answers in a window, in the order they came. */
export async function versionScores(
  engine: Engine,
  version: string,
  window: Window,
): Promise<Float64Array | Unanswered> {
  const sample = await engine.source.loggedScores(logFolder(engine), version, window, engine.clock.now());
  return sample.kind === "sample" ? sample.values : sample;
}
