import type { Requirement, Test } from "../../compiler/plan/condition.ts";
import type { Measure, PredictionMeasure } from "../../compiler/plan/measure.ts";
import type { Context } from "../../runtime/judge/context.ts";
import { judge } from "../../runtime/judge/judge.ts";
import type { Observation, ScoredRows } from "../../runtime/judge/observation.ts";
import { normalQuantile } from "../../runtime/stats/normal.ts";
import { type Generator, uniform, xoshiro128 } from "../../runtime/stats/random.ts";

/** Probability of a wrong verdict that every gate promises. */
export const alpha = 0.05;

/** One line of the table of simulations. */
export interface Simulation {
  readonly name: string;
  /** What is drawn, in words. */
  readonly setting: string;
  /** Rehearsals in the table, and in the dose that every run of the tests has. */
  readonly rounds: number;
  readonly dose: number;
  /** Shares of the rehearsals, by what was counted. */
  run(rounds: number, next: Generator): Readonly<Record<string, number>>;
  /** Highest and lowest share allowed of each; a share that is promised gets three standard errors more. */
  readonly atMost?: Readonly<Record<string, number>>;
  readonly atLeast?: Readonly<Record<string, number>>;
}

export function generatorOf(name: string): Generator {
  let state = 17;
  for (const character of name) state = Math.imul(state, 31) + (character.codePointAt(0) ?? 0);
  const next = xoshiro128([state >>> 0, 2, 3, 4]);
  for (let draw = 0; draw < 100; draw++) next();
  return next;
}

/** What a share may look like in so many rehearsals where it is `share` in truth. */
export function allowance(share: number, rounds: number): number {
  return 3 * Math.sqrt((Math.max(share, 0.01) * (1 - Math.min(share, 0.99))) / rounds);
}

export function normal(next: Generator): number {
  return normalQuantile((next() + 0.5) / 4294967296);
}

/** How many of so many trials come true. By the gaps between events, so that rare ones cost little. */
export function events(next: Generator, trials: number, rate: number): number {
  if (rate <= 0) return 0;
  const log = Math.log1p(-rate);
  let count = 0;
  for (let at = Math.floor(Math.log1p(-uniform(next)) / log); at < trials; count++) {
    at += 1 + Math.floor(Math.log1p(-uniform(next)) / log);
  }
  return count;
}

export const metric = (
  name: string,
  party: PredictionMeasure["party"],
  better: "higher" | "lower" = "higher",
): PredictionMeasure => ({
  kind: "prediction",
  metric: name,
  party,
  options: {},
  unit: "ratio",
  better,
});

export function comparison(
  name: string,
  claim: "not_worse" | "better",
  margin: number,
  better: "higher" | "lower" = "higher",
): Test {
  const sides = { left: metric(name, "challenger", better), right: metric(name, "champion", better) };
  return { kind: "comparison", ...sides, claim, margin: { kind: "absolute", value: margin }, confidence: 1 - alpha };
}

export const atMost = (measure: Measure, limit: number): Test => ({
  kind: "threshold",
  measure,
  relation: "<=",
  limit,
});

const context: Context = {
  task: "binary",
  decidesAt: 0.5,
  champion: true,
  firstModel: "absolute_gates_only",
  policyDigest: "c".repeat(64),
};

export function verdict(
  test: Test,
  observation: Observation,
  more: Partial<Requirement> = {},
  live?: Context["live"],
): string {
  const place = { file: "p.retrain", line: 1, column: 1, endLine: 1, endColumn: 2 };
  const requirement: Requirement = {
    kind: "requirement",
    id: "gate.g.1",
    role: "require",
    text: "",
    place,
    test,
    ...more,
  };
  return judge(requirement, observation, live === undefined ? context : { ...context, live }).verdict;
}

/** Shares of rehearsals that pass and that fail. */
export function verdicts(rounds: number, judged: () => string): { pass: number; fail: number } {
  let pass = 0;
  let fail = 0;
  for (let round = 0; round < rounds; round++) {
    const word = judged();
    if (word === "pass") pass++;
    if (word === "fail") fail++;
  }
  return { pass: pass / rounds, fail: fail / rounds };
}

export function columns(
  n: number,
  draw: (row: number) => readonly [label: number, challenger: number, champion: number],
  groups: ScoredRows["groups"] = {},
): ScoredRows {
  const label = new Float64Array(n);
  const challenger = new Float64Array(n);
  const champion = new Float64Array(n);
  for (let row = 0; row < n; row++) [label[row], challenger[row], champion[row]] = draw(row);
  return { kind: "rows", label, challenger, champion, groups };
}

/** Right alone on `left` of rows, wrong alone on `right`, right together on most of the rest. */
export function decisions(
  next: Generator,
  n: number,
  left: number,
  right: number,
  groups: ScoredRows["groups"] = {},
): ScoredRows {
  return columns(
    n,
    () => {
      const u = uniform(next);
      const label = uniform(next) < 0.5 ? 1 : 0;
      const [one, other] = u < left ? [1, 0] : u < left + right ? [0, 1] : u < 0.9 ? [1, 1] : [0, 0];
      return [label, one === label ? 0.9 : 0.1, other === label ? 0.9 : 0.1];
    },
    groups,
  );
}

/** Two equally good scores that go together, on rows of unequal classes. */
export function scores(next: Generator, n: number): ScoredRows {
  return columns(n, () => {
    const label = uniform(next) < 0.2 ? 1 : 0;
    const shared = normal(next) + 0.8 * label;
    return [label, shared + 0.7 * normal(next), shared + 0.7 * normal(next)];
  });
}
