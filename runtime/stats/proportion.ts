import { normalQuantile } from "./normal.ts";
import { signChange } from "./root.ts";

/**
 * Wilson's score interval of a proportion without continuity correction; each end is one-sided at `level` (exclusive 0.5 to 1).
 * Source: E. B. Wilson, JASA 22 (1927). 0..1 where there are no trials.
 */
export function wilson(events: number, trials: number, level: number): { low: number; high: number } {
  if (trials === 0) return { low: 0, high: 1 };
  const z = normalQuantile(level);
  const p = events / trials;
  const shrink = 1 + (z * z) / trials;
  const middle = (p + (z * z) / (2 * trials)) / shrink;
  const half = (z / shrink) * Math.sqrt((p * (1 - p)) / trials + (z * z) / (4 * trials * trials));
  return {
    low: events === 0 ? 0 : Math.max(0, middle - half),
    high: events === trials ? 1 : Math.min(1, middle + half),
  };
}

/**
 * Tango's score interval of the difference of two paired proportions, (b - c)/n; each end is one-sided at `level`.
 * Source: T. Tango, Statistics in Medicine 17 (1998): z(delta) = (b - c - n delta)/sqrt(n (2q + delta (1 - delta))) with
 * q = (sqrt(B^2 - 4AC) - B)/2A, A = 2n, B = -b - c + (2n - b + c) delta, C = -c delta (1 - delta); inverted by bisection.
 * @param b rows that only the challenger gets right
 * @param c rows that only the champion gets right
 * @param n all rows, at least b + c and at least 1
 */
export function tango(
  b: number,
  c: number,
  n: number,
  level: number,
): { difference: number; low: number; high: number } {
  const z = normalQuantile(level);
  const difference = (b - c) / n;
  const score = (delta: number) => {
    const middle = -b - c + (2 * n - b + c) * delta;
    const q = (Math.sqrt(Math.max(0, middle * middle + 8 * n * c * delta * (1 - delta))) - middle) / (4 * n);
    const variance = n * (2 * q + delta * (1 - delta));
    const distance = b - c - n * delta;
    if (variance <= 0) return distance === 0 ? 0 : distance > 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    return distance / Math.sqrt(variance);
  };
  return {
    difference,
    low: signChange((delta) => z - score(delta), -1, difference),
    high: signChange((delta) => -z - score(delta), difference, 1),
  };
}

/** A proportion with an interval of its own, each end one-sided. */
export interface Bounded {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Interval of the difference of two independent proportions from the interval of each (method of variance estimates recovery); with Wilson's
 * intervals it is method 10 of R. Newcombe, Statistics in Medicine 17 (1998). Each end has the level of the intervals given.
 */
export function differenceOf(one: Bounded, other: Bounded): Bounded {
  const value = one.value - other.value;
  return {
    value,
    low: value - Math.hypot(one.value - one.low, other.high - other.value),
    high: value + Math.hypot(one.high - one.value, other.value - other.low),
  };
}

/**
 * Interval of the ratio of two independent proportions by the same recovery: the r at which the interval of one - r other has an end at 0.
 * `high` is infinite where the other may be 0. NaN where the other is 0.
 * Source: A. Donner and G. Zou, Statistical Methods in Medical Research 21 (2012), equation 9.
 */
export function ratioOf(one: Bounded, other: Bounded): Bounded {
  if (!(other.value > 0)) return { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  const product = one.value * other.value;
  const end = (near: number, far: number, sign: 1 | -1) => {
    const root = product * product - near * (2 * one.value - near) * far * (2 * other.value - far);
    return (product + sign * Math.sqrt(Math.max(0, root))) / (far * (2 * other.value - far));
  };
  return {
    value: one.value / other.value,
    low: one.value === 0 ? 0 : Math.max(0, end(one.low, other.high, -1)),
    high: other.low > 0 ? end(one.high, other.low, 1) : Number.POSITIVE_INFINITY,
  };
}
