import type { Finding, Reason } from "./finding.ts";

/** A number with the interval it lies in. A point estimate has no level and an interval of width 0. */
export interface Estimate {
  readonly value: number;
  /** One-sided ends at `level`; infinite where nothing is known. */
  readonly low: number;
  readonly high: number;
  /** Ends that face an upper limit, where they are others than those that face a lower one: several ratios on both sides of 1. */
  readonly upper?: { readonly low: number; readonly high: number };
  readonly level?: number;
  readonly n: number;
  /** Smallest change of n that could decide is worked out in these: rows, requests, pairs, clusters. */
  readonly noun: string;
  readonly method?: string;
  readonly values?: Readonly<Record<string, number>>;
  readonly standardError?: number;
}

/** Why there is no number. `detail` completes the sentence "NAME: detail". */
export interface NoAnswer {
  readonly reason: Reason;
  readonly detail: string;
  readonly n?: number;
  readonly flip?: string;
}

/** The three-valued answer of a test with its evidence. `truth` is undefined where it is unknown; then there is a reason. */
export interface Evaluation
  extends Pick<
    Finding,
    "sentence" | "estimate" | "interval" | "bound" | "unit" | "n" | "method" | "values" | "bins" | "noiseBound" | "flip"
  > {
  readonly truth: boolean | undefined;
  readonly reason?: Reason;
}

export function isNoAnswer(answer: object): answer is NoAnswer {
  return "reason" in answer;
}

/** The evaluation of a test that found no number. */
export function unknown(name: string, { reason, detail, n, flip }: NoAnswer): Evaluation {
  return {
    truth: undefined,
    reason,
    sentence: `${name}: ${detail}`,
    ...(n === undefined ? {} : { n }),
    ...(flip === undefined ? {} : { flip }),
  };
}

/** An interval as a finding records it: `null` for an open end, nothing for a point. */
export function recorded(low: number, high: number, level: number | undefined): Pick<Finding, "interval"> {
  if (level === undefined) return {};
  return { interval: { low: Number.isFinite(low) ? low : null, high: Number.isFinite(high) ? high : null, level } };
}
