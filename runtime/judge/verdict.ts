import type { ThresholdTest } from "../../compiler/plan/condition.ts";

type Relation = ThresholdTest["relation"];

/**
 * Whether every value of an interval stands in a relation to a limit (true), none does (false), or some do (undefined). For a point both ends are
 * the value. Written so that a number that is not finite never makes it true.
 */
export function relate(low: number, relation: Relation, limit: number, high: number): boolean | undefined {
  if (Number.isNaN(low) || Number.isNaN(high) || !Number.isFinite(limit)) return undefined;
  switch (relation) {
    case ">=":
      return low >= limit ? true : high < limit ? false : undefined;
    case ">":
      return low > limit ? true : high <= limit ? false : undefined;
    case "<=":
      return high <= limit ? true : low > limit ? false : undefined;
    case "<":
      return high < limit ? true : low >= limit ? false : undefined;
    case "==":
      return low === limit && high === limit ? true : low > limit || high < limit ? false : undefined;
    case "!=":
      return low > limit || high < limit ? true : low === limit && high === limit ? false : undefined;
  }
}

/** A relation in words, for sentences: `at least 0.60`. */
export const relationWords: Readonly<Record<Relation, string>> = {
  ">=": "at least",
  "<=": "at most",
  ">": "more than",
  "<": "less than",
  "==": "exactly",
  "!=": "anything but",
};

/**
 * Number of observations at which the interval would just reach the limit if the estimate stayed: n (half / distance)^2. Undefined where the
 * estimate stands on the limit or the interval is open.
 */
export function deciding(n: number, value: number, low: number, high: number, limit: number): number | undefined {
  const half = value >= limit ? value - low : high - value;
  const distance = Math.abs(value - limit);
  if (!Number.isFinite(half) || !(distance > 0) || !(half > distance)) return undefined;
  const needed = Math.ceil(n * (half / distance) ** 2);
  return needed < 1e12 ? needed : undefined;
}
