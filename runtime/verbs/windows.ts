import type { Dataset } from "../../compiler/plan/dataset.ts";
import type { Instant } from "../clock/clock.ts";
import type { Unanswered } from "../judge/observation.ts";
import type { Window } from "../sources/source.ts";

/** The newest rows of a dataset that count as now: all of them where the policy names no length. */
export function currentWindow(dataset: Dataset, now: Instant): Window {
  return { start: dataset.current === undefined ? 0 : now - dataset.current, end: now };
}

/** Reference and current window of a drift test. The reference ends where the champion's training window ends; the current window never overlaps it. */
export function driftWindows(
  dataset: Dataset,
  trainingEnd: Instant | undefined,
  now: Instant,
): { readonly reference: Window; readonly current: Window } | Unanswered {
  const { reference } = dataset;
  const unanswered = (detail: string): Unanswered => ({ kind: "unanswered", reason: "no_reference", detail });
  if (reference === undefined) return unanswered(`dataset \`${dataset.name}\` declares no reference`);
  const current = currentWindow(dataset, now);
  if (reference.kind === "fixed") return { reference: { start: 0, end: now }, current };
  if (trainingEnd === undefined)
    return unanswered("there is no champion yet whose training rows could be the reference");
  return {
    reference: { start: trainingEnd - reference.length, end: trainingEnd },
    current: { start: Math.max(current.start, trainingEnd), end: current.end },
  };
}
