import type { ChangeTest, ComparisonTest, Requirement, RequirementGroup } from "../../compiler/plan/condition.ts";
import type { Finding } from "../../runtime/judge/finding.ts";
import type { Observation, ScoredRows } from "../../runtime/judge/observation.ts";

/** Truth and, where there is none, the reason. `too near`: two ways of rounding may differ on which side of the margin it stands. */
export type Answer = "pass" | "fail" | "skipped" | "too near" | `inconclusive ${string}`;

const rounding = 1e-12;

const open = (reason: string): Answer => `inconclusive ${reason}`;
const decided = (passes: boolean, fails: boolean): Answer => (passes ? "pass" : fails ? "fail" : open("ci_straddles"));

/** Standard normal distribution function, by its power series. */
export function normalCdf(x: number): number {
  if (Math.abs(x) > 8) return x < 0 ? 0 : 1;
  let term = x;
  let sum = x;
  for (let k = 1; Math.abs(term) > 1e-18 && k < 400; k += 1) {
    term *= (x * x) / (2 * k + 1);
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}

function normalPoint(p: number): number {
  let [low, high] = [-6, 6];
  for (let step = 0; step < 90; step += 1) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

interface Ends {
  readonly low: number;
  readonly high: number;
}

/** A requirement on one observation, from the tables of the semantics (2.1 to 2.4) and of the rules (2, 3). */
export function answer(requirement: Requirement, observation: Observation, champion: boolean): Answer {
  const { test } = requirement;
  const versions = "left" in test ? [test.left, test.right] : "measure" in test ? [test.measure] : [];
  const compares = versions.some((one) => one.kind === "pairs" || ("party" in one && one.party !== "challenger"));
  if (!champion && (compares || test.kind === "change")) return "skipped";
  if (observation.kind === "unanswered") return open(observation.reason);
  if (test.kind === "comparison" && observation.kind !== "change") return open("schema_mismatch");
  if (requirement.minimum !== undefined) {
    const has = sizeOf(observation);
    if (has !== undefined && has < requirement.minimum.count) return open("too_few_samples");
  }
  switch (test.kind) {
    case "schema":
      if (observation.kind !== "schema") return open("schema_mismatch");
      return observation.differences.length === 0 ? "pass" : "fail";
    case "change":
      return observation.kind === "change" ? decay(test, observation) : open("schema_mismatch");
    case "comparison":
      return observation.kind === "change" ? compared(test, observation) : open("schema_mismatch");
    default: {
      if (requirement.forEach !== undefined && observation.kind === "rows" && test.kind === "threshold") {
        return slices(observation, requirement.forEach, test.limit, test.confidence);
      }
      const ends = endsOf(observation, test.measure, test.confidence);
      if (typeof ends === "string") return ends;
      return test.kind === "range"
        ? both(related(ends, ">=", test.low), related(ends, "<=", test.high))
        : related(ends, test.relation, test.limit);
    }
  }
}

function sizeOf(observation: Observation): number | undefined {
  if (observation.kind === "value") return observation.n;
  if (observation.kind === "pairs") return observation.matched;
  if (observation.kind === "sample") return observation.values.length;
  return observation.kind === "change" ? observation.now.n : undefined;
}

function related({ low, high }: Ends, relation: string, limit: number): Answer {
  const every: Record<string, boolean> = {
    ">=": low >= limit,
    ">": low > limit,
    "<=": high <= limit,
    "<": high < limit,
    "==": low === limit && high === limit,
    "!=": low > limit || high < limit,
  };
  const none: Record<string, boolean> = {
    ">=": high < limit,
    ">": high <= limit,
    "<=": low > limit,
    "<": low >= limit,
    "==": low > limit || high < limit,
    "!=": low === limit && high === limit,
  };
  return decided(every[relation] === true, none[relation] === true);
}

function both(one: Answer, other: Answer): Answer {
  if (one === "fail" || other === "fail") return "fail";
  return one === "pass" ? other : one;
}

function endsOf(observation: Observation, measure: { kind: string; name?: string }, level?: number): Ends | Answer {
  if (observation.kind === "value") {
    const { value, n, events, standardError } = observation;
    if (n === 0 && measure.name !== "rows") return open("no_data");
    if (!Number.isFinite(value)) return open("undefined_value");
    if (level === undefined || measure.name === "rows") return { low: value, high: value };
    if (events !== undefined) return scoreEnds(events, n, level);
    if (standardError === undefined || !Number.isFinite(standardError)) {
      return { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
    }
    const half = normalPoint(level) * standardError;
    return { low: value - half, high: value + half };
  }
  if (observation.kind === "pairs" && measure.kind === "pairs") {
    const covers = measure.name === "match_coverage";
    const trials = covers ? observation.expected : observation.matched;
    const events = covers ? Math.min(observation.matched, observation.expected) : observation.flips;
    if (![observation.expected, observation.matched, observation.flips].every(Number.isFinite)) {
      return open("undefined_value");
    }
    if (trials === 0) return open("no_data");
    return level === undefined ? { low: events / trials, high: events / trials } : scoreEnds(events, trials, level);
  }
  return open("schema_mismatch");
}

/** Rates that a one-sided score test does not reject, found by halving. */
function scoreEnds(events: number, n: number, level: number): Ends {
  const rate = events / n;
  const z = normalPoint(level);
  const rejected = (truth: number) => Math.abs(rate - truth) > z * Math.sqrt((truth * (1 - truth)) / n);
  const edge = (outside: number): number => {
    if (!rejected(outside) && rate === outside) return outside;
    let [inside, away] = [rate, outside];
    for (let step = 0; step < 80; step += 1) {
      const middle = (inside + away) / 2;
      if (rejected(middle)) away = middle;
      else inside = middle;
    }
    return inside;
  };
  return { low: edge(0), high: edge(1) };
}

type Change = Extract<Observation, { kind: "change" }>;

function decay({ direction, margin, confidence }: ChangeTest, { baseline, now }: Change): Answer {
  const numbers = [baseline.value, baseline.standardError, now.value, now.standardError];
  if (!numbers.every(Number.isFinite)) return open("undefined_value");
  if (now.n === 0) return open("no_data");
  if (now.n < 100 || baseline.n < 100) return open("too_few_samples");
  if (margin.kind === "relative" && Math.abs(baseline.value) < 1e-12) return open("baseline_zero");
  // How far the change is beyond the margin, as one linear function of baseline and now.
  const o = direction === "drops" ? 1 : -1;
  const share = margin.kind === "relative" ? margin.value * (baseline.value < 0 ? -1 : 1) : 0;
  const beyond = (o - share) * baseline.value - o * now.value - (margin.kind === "absolute" ? margin.value : 0);
  const error = Math.sqrt(((o - share) * baseline.standardError) ** 2 + now.standardError ** 2);
  const half = normalPoint(confidence) * error;
  if (Math.abs(beyond) < rounding || Math.abs(beyond - half) < rounding) return "too near";
  return decided(beyond > half, beyond <= 0);
}

function compared({ left, claim, margin, confidence }: ComparisonTest, { baseline, now }: Change): Answer {
  if (!Number.isFinite(baseline.value) || !Number.isFinite(now.value)) return open("undefined_value");
  // A relative margin of 0 is 0 of whatever it is compared with: d -+ 0 * |m| needs no |m|.
  if (margin.kind === "relative" && margin.value > 0 && Math.abs(baseline.value) < 1e-12) return open("baseline_zero");
  const o = left.better === "lower" ? -1 : 1;
  const give = (claim === "not_worse" ? 1 : -1) * margin.value;
  const share = margin.kind === "relative" ? give * (baseline.value < 0 ? -1 : 1) : 0;
  const gain = o * now.value + (share - o) * baseline.value + (margin.kind === "absolute" ? give : 0);
  const error = Math.sqrt(now.standardError ** 2 + ((share - o) * baseline.standardError) ** 2);
  if (!Number.isFinite(error)) return open("ci_straddles");
  const half = normalPoint(confidence) * error;
  if (Math.abs(gain - half) < rounding || Math.abs(gain + half) < rounding) return "too near";
  return claim === "not_worse"
    ? decided(gain - half >= 0, gain + half < 0)
    : decided(gain - half > 0, gain + half <= 0);
}

/** `for each COLUMN: accuracy >= limit`: Holm's step-down over the p-values of the score test in every slice. */
function slices(rows: ScoredRows, column: string, limit: number, level: number | undefined): Answer {
  const of = rows.groups[column] ?? [];
  const names = [...new Set(of)];
  if (names.length > 50) return open("schema_mismatch");
  const tested = names.map((name) => {
    const mine = [...of.keys()].filter((row) => of[row] === name);
    const positives = mine.filter((row) => rows.label[row] === 1).length;
    const right = mine.filter((row) => ((rows.challenger[row] ?? 0) >= 0.5 ? 1 : 0) === rows.label[row]).length;
    const few = mine.length < 100 || positives < 30 || mine.length - positives < 30;
    return { few, n: mine.length, rate: right / mine.length };
  });
  if (level === undefined) {
    if (tested.some((one) => !one.few && one.rate < limit)) return "fail";
    return tested.some((one) => one.few) ? open("too_few_samples") : "pass";
  }
  const p = ({ n, rate }: (typeof tested)[number]) => normalCdf((rate - limit) / Math.sqrt((limit * (1 - limit)) / n));
  const ordered = tested
    .filter((one) => !one.few)
    .map(p)
    .sort((a, b) => a - b);
  // The smallest p-value decides whether any slice is rejected.
  if ((ordered[0] ?? 1) < (1 - level) / names.length) return "fail";
  if (tested.every((one) => !one.few && p(one) >= level)) return "pass";
  return open("any");
}

/** The verdict of a program: Kleene's "and" over requirements and groups, by best and worst case. */
export function combined(
  entries: readonly (Requirement | RequirementGroup)[],
  findings: ReadonlyMap<string, Finding["verdict"]>,
): "pass" | "fail" | "inconclusive" {
  const verdictOf = ({ id }: Requirement) => findings.get(id) ?? "inconclusive";
  const required = (list: readonly Requirement[]) => list.filter((one) => one.role === "require");
  const parts = entries.flatMap((entry) => {
    const deciding = required(entry.kind === "group" ? entry.members : [entry]);
    const counted = deciding.map(verdictOf).filter((verdict) => verdict !== "skipped");
    if (deciding.length === 0 || counted.length === 0) return [];
    const k = entry.kind === "group" && entry.atLeast < deciding.length ? entry.atLeast : counted.length;
    // No champion: fewer are left than must hold, which says nothing either way.
    if (counted.length < k) return ["inconclusive"];
    const passing = (assumed: string) =>
      counted.filter((verdict) => (verdict === "inconclusive" ? assumed : verdict) === "pass").length >= k;
    return [passing("fail") ? "pass" : passing("pass") ? "inconclusive" : "fail"];
  });
  const asked = entries.some((entry) => required(entry.kind === "group" ? entry.members : [entry]).length > 0);
  if (asked && parts.length === 0) return "inconclusive";
  if (parts.includes("fail")) return "fail";
  return parts.includes("inconclusive") ? "inconclusive" : "pass";
}
