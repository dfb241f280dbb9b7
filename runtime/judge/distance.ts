import type { DriftMeasure } from "../../compiler/plan/measure.ts";
import { type DriftName, drift } from "../stats/drift.ts";
import { smirnovNoise, wasserstein } from "../stats/gap.ts";
import { smirnovTest } from "../stats/kolmogorov.ts";
import { mmd } from "../stats/mmd.ts";
import { type Seed, xoshiro128 } from "../stats/random.ts";
import type { NoAnswer } from "./answer.ts";
import type { BinnedPair, DriftObservation, GapPair, TwoSamples } from "./observation.ts";
import { count } from "./quantity.ts";

/** Rows of each side below which drift says nothing. */
export const fewestForDrift = 200;

/** How far two samples are apart, and what chance explains of it. */
export interface Distance {
  readonly value: number;
  /** What the value stays below by sampling alone at the level asked for; absent for `mmd`. */
  readonly noiseBound?: number;
  /** Present for the functions that also ask for an unlikely chance: `ks`, `chi_square`, `mmd`. */
  readonly p?: number;
  readonly method: string;
  /** Rows of each side. */
  readonly before: number;
  readonly now: number;
  readonly bins?: readonly { readonly label: string; readonly reference: number; readonly current: number }[];
  readonly note?: string;
}

export interface DistanceOptions {
  /** What sampling alone stays below, exclusive 0 to 1. */
  readonly level: number;
  /** Of the permutations of `mmd`. */
  readonly seed: Seed;
}

/** A distance by the function that a policy names, from the observation that it needs; why there is none otherwise. */
export function distanceOf(
  { name, options }: Pick<DriftMeasure, "name" | "options">,
  observation: Exclude<DriftObservation, { kind: "unanswered" }>,
  { level, seed }: DistanceOptions,
): Distance | NoAnswer {
  switch (name) {
    case "ks":
    case "wasserstein":
      if (observation.kind === "gap") return fromGap(name, observation, level);
      break;
    case "mmd":
      if (observation.kind === "samples") return fromSamples(observation, seed);
      break;
    default:
      if (observation.kind === "bins") return fromBins(name, options, observation, level);
  }
  return { reason: "schema_mismatch", detail: `an observation of kind "${observation.kind}" does not answer it` };
}

function fromBins(
  name: DriftName,
  options: DriftMeasure["options"],
  { reference, current, labels, note }: BinnedPair,
  level: number,
): Distance | NoAnswer {
  if (reference.length !== current.length || reference.length !== labels.length) {
    return { reason: "schema_mismatch", detail: "the two sides have different bins" };
  }
  const counts = [...reference, ...current];
  if (!counts.every((one) => Number.isFinite(one))) {
    return { reason: "undefined_value", detail: "a bin's count is not a finite number" };
  }
  if (counts.some((one) => one < 0)) return { reason: "schema_mismatch", detail: "a bin's count is negative" };
  const before = reference.reduce((sum, one) => sum + one, 0);
  const now = current.reduce((sum, one) => sum + one, 0);
  const few = fewRows(before, now);
  if (few !== undefined) return few;
  const { epsilon } = options;
  const { value, noiseBound, p } = drift(name, reference, current, {
    level,
    ...(typeof epsilon === "number" ? { epsilon } : {}),
  });
  return {
    value,
    noiseBound,
    ...(p === undefined ? {} : { p }),
    method: name,
    before,
    now,
    bins: labels.map((label, bin) => ({ label, reference: reference[bin] ?? 0, current: current[bin] ?? 0 })),
    ...(note === undefined ? {} : { note }),
  };
}

function fromGap(name: "ks" | "wasserstein", { gap, note }: GapPair, level: number): Distance | NoAnswer {
  const { reference: before, current: now } = gap;
  const few = fewRows(before, now);
  if (few !== undefined) return few;
  const shared = { before, now, ...(note === undefined ? {} : { note }) };
  if (name === "ks") {
    if (!Number.isFinite(gap.largest)) return { reason: "undefined_value", detail: "it is not a finite number" };
    const { p, exact } = smirnovTest(gap.largest, before, now, gap.ties);
    const method = exact ? "ks (exact p)" : "ks (p of the limit)";
    return { value: gap.largest, noiseBound: smirnovNoise(gap, level), p, method, ...shared };
  }
  const absent = withoutValue(gap.missing);
  if (absent !== undefined) return absent;
  const { value, noiseBound } = wasserstein(gap, level);
  if (!Number.isFinite(value) || !Number.isFinite(noiseBound)) {
    return { reason: "undefined_value", detail: "the reference does not vary, or a value is infinite" };
  }
  return { value, noiseBound, method: name, ...shared };
}

function fromSamples({ reference, current, rows, missing, note }: TwoSamples, seed: Seed): Distance | NoAnswer {
  const { reference: before, current: now } = rows;
  const few = fewRows(before, now) ?? fewRows(reference.length, current.length);
  if (few !== undefined) return few;
  const absent = withoutValue(missing);
  if (absent !== undefined) return absent;
  if (![...reference, ...current].every((value) => Number.isFinite(value))) {
    return { reason: "undefined_value", detail: "a value is not a finite number" };
  }
  const { value, p } = mmd(reference, current, xoshiro128(seed));
  const drawn = reference.length < before || current.length < now;
  const method = `mmd (999 permutations${drawn ? `, of ${count(reference.length)} and ${count(current.length)} rows drawn` : ""})`;
  return { value, p, method, before, now, ...(note === undefined ? {} : { note }) };
}

/** Distances between values say nothing about rows that have none, and must not look stable while a column empties. */
function withoutValue({ reference, current }: TwoSamples["missing"]): NoAnswer | undefined {
  if (reference + current === 0) return undefined;
  const detail = `${count(reference)} reference and ${count(current)} current rows have no value, to which there is no distance; write missing: "ignore" and judge null_rate beside it, or use ks`;
  return { reason: "undefined_value", detail };
}

function fewRows(before: number, now: number): NoAnswer | undefined {
  if (before === 0) return { reason: "no_reference", detail: "the reference window has no rows", n: 0 };
  if (now === 0) return { reason: "no_data", detail: "the current window has no rows", n: 0 };
  const n = Math.min(before, now);
  if (n >= fewestForDrift) return undefined;
  const detail = `${count(before)} reference and ${count(now)} current rows are too few, ${fewestForDrift} of each are needed`;
  return { reason: "too_few_samples", detail, n };
}
