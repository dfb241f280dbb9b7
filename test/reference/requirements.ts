import fc from "fast-check";
import type { Requirement, RequirementGroup, Test } from "../../compiler/plan/condition.ts";
import type { Measure } from "../../compiler/plan/measure.ts";
import type { Context } from "../../runtime/judge/context.ts";
import { decide } from "../../runtime/judge/decide.ts";
import type { Finding, Reason } from "../../runtime/judge/finding.ts";
import { holds, judge } from "../../runtime/judge/judge.ts";
import type { Observation } from "../../runtime/judge/observation.ts";
import { answer, combined } from "./verdict.ts";

const place = { file: "p.retrain", line: 1, column: 1, endLine: 1, endColumn: 2 };
const context: Context = {
  task: "binary",
  decidesAt: 0.5,
  champion: true,
  firstModel: "absolute_gates_only",
  policyDigest: "d".repeat(64),
};

interface Case {
  readonly requirement: Requirement;
  readonly observation: Observation;
  readonly champion: boolean;
}

const confidence = fc.constantFrom(0.8, 0.95, 0.99);
const maybe = fc.option(confidence, { nil: undefined });
const grid = fc.integer({ min: -4, max: 14 }).map((n) => n / 10);
const fine = fc.double({ min: -0.5, max: 1.5, noNaN: true });
const value = fc.oneof(
  { weight: 5, arbitrary: grid },
  { weight: 8, arbitrary: fine },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0) },
);
const error = fc.oneof(
  { weight: 9, arbitrary: fc.double({ min: 1e-4, max: 0.3, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(0, Number.NaN) },
);
const n = fc.oneof(fc.integer({ min: 0, max: 150 }), fc.integer({ min: 100, max: 20_000 }));
const relation = fc.constantFrom(">=", "<=", ">", "<", "==", "!=");
const margin = fc.record({
  kind: fc.constantFrom("absolute" as const, "relative" as const),
  value: fc.oneof(grid.map(Math.abs), fc.double({ min: 0, max: 0.3, noNaN: true })),
});
const better = fc.constantFrom("higher" as const, "lower" as const);
const party = fc.constantFrom("challenger" as const, "champion" as const);

const side = fc.record({ value, standardError: error, n });
const change = fc.record({ kind: fc.constant("change" as const), baseline: side, now: side });
const unanswered = fc
  .constantFrom<Reason[]>("no_data", "stale", "source_unavailable", "rows_mismatch")
  .map((reason): Observation => ({ kind: "unanswered", reason, detail: "no answer" }));
const plain: fc.Arbitrary<Observation> = fc
  .record({ value, n, standardError: fc.option(error, { nil: undefined }) })
  .map(({ standardError, ...rest }) => ({
    kind: "value",
    ...rest,
    ...(standardError === undefined ? {} : { standardError }),
  }));
const rate: fc.Arbitrary<Observation> = fc
  .tuple(n, fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([trials, share]) => ({
    kind: "value",
    value: trials === 0 ? 0 : Math.round(trials * share) / trials,
    n: trials,
    events: Math.round(trials * share),
  }));
const pairs: fc.Arbitrary<Observation> = fc
  .tuple(n, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([expected, matched, flips]) => {
    const found = Math.round(expected * matched);
    return { kind: "pairs", expected, matched: found, flips: Math.round(found * flips) };
  });
const schema = fc
  .constantFrom<string[][]>([], ["a is missing"])
  .map((differences): Observation => ({ kind: "schema", differences }));

const evaluation = fc
  .record({ party, better })
  .map((more): Measure => ({ kind: "evaluation", key: "m", unit: "ratio", ...more }));
const nulls: Measure = {
  kind: "data",
  name: "null_rate",
  dataset: "d",
  columns: ["c"],
  options: {},
  unit: "ratio",
  better: "lower",
};
const counts: Measure = {
  kind: "data",
  name: "rows",
  dataset: "d",
  columns: [],
  options: {},
  unit: "count",
  better: "higher",
};
const paired = fc
  .constantFrom("match_coverage" as const, "flip_rate" as const)
  .map((name): Measure => ({ kind: "pairs", name, options: {}, unit: "ratio", better: "higher" }));

function levels(measures: fc.Arbitrary<Measure>, observations: fc.Arbitrary<Observation>) {
  const tests = fc
    .record({
      measure: measures,
      relation,
      limit: fc.oneof(grid, fine),
      width: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
      sure: maybe,
    })
    .map(({ measure, relation, limit, width, sure }): Test => {
      const more = sure === undefined ? {} : { confidence: sure };
      return width === undefined
        ? { kind: "threshold", measure, relation, limit, ...more }
        : { kind: "range", measure, low: limit, high: limit + width, ...more };
    });
  return fc.tuple(tests, observations);
}

const comparisons = fc
  .record({ left: evaluation, claim: fc.constantFrom("not_worse" as const, "better" as const), margin, confidence })
  .map(({ left, ...rest }): Test => {
    const mine = { ...left, party: "challenger" } as Measure;
    return { kind: "comparison", left: mine, right: { ...mine, party: "champion" } as Measure, ...rest };
  });
const changes = fc
  .record({ measure: evaluation, direction: fc.constantFrom("drops" as const, "rises" as const), margin, confidence })
  .map((rest): Test => ({ kind: "change", ...rest }));

const sliced = fc
  .record({
    sizes: fc.array(fc.tuple(fc.integer({ min: 40, max: 400 }), fc.integer({ min: 50, max: 99 })), {
      minLength: 1,
      maxLength: 6,
    }),
    limit: fc.integer({ min: 60, max: 95 }),
    sure: maybe,
  })
  .map(({ sizes, limit, sure }): [Test, Observation] => {
    const slice = sizes.flatMap(([rows], index) => new Array<string>(rows).fill(`s${index}`));
    const label = Float64Array.from(slice, (_, row) => row % 2);
    const challenger = Float64Array.from(
      sizes.flatMap(([rows, right]) => Array.from({ length: rows }, (_, row) => row * 100 < rows * right)),
      (right, row) => (right === (row % 2 === 1) ? 0.9 : 0.1),
    );
    const measure: Measure = {
      kind: "prediction",
      metric: "accuracy",
      party: "challenger",
      options: {},
      unit: "ratio",
      better: "higher",
    };
    return [
      {
        kind: "threshold",
        measure,
        relation: ">=",
        limit: limit / 100 + 0.0003,
        ...(sure === undefined ? {} : { confidence: sure }),
      },
      { kind: "rows", label, challenger, groups: { region: slice } },
    ];
  });

const asked = fc.oneof(
  levels(evaluation, plain),
  levels(fc.constant(nulls), rate),
  levels(fc.constant(counts), plain),
  levels(paired, pairs),
  fc.tuple(comparisons, change),
  fc.tuple(changes, change),
  fc.tuple(fc.constant<Test>({ kind: "schema", dataset: "d" }), schema),
  fc.tuple(fc.oneof(comparisons, changes), unanswered),
  fc.tuple(comparisons, plain),
  sliced,
);

/** One requirement, one observation. */
export const cases: fc.Arbitrary<Case> = fc
  .record({
    pair: asked,
    minimum: fc.option(fc.integer({ min: 0, max: 300 }), { nil: undefined, freq: 4 }),
    champion: fc.constantFrom(true, true, true, false),
  })
  .map(({ pair: [test, observation], minimum, champion }) => {
    const least =
      minimum === undefined || test.kind === "change" || test.kind === "schema" || observation.kind === "rows"
        ? {}
        : { minimum: { count: minimum, of: "rows" as const } };
    const each = observation.kind === "rows" ? { forEach: "region" } : {};
    const requirement: Requirement = {
      kind: "requirement",
      id: "gate.g.1",
      role: "require",
      text: "",
      place,
      test,
      ...least,
      ...each,
    };
    return { requirement, observation, champion };
  });

/** Judges a case both ways; the difference in words, or nothing. */
export function differInVerdict(
  { requirement, observation, champion }: Case,
  tally: Record<string, number>,
): string | undefined {
  const finding = judge(requirement, observation, { ...context, champion });
  const expected = answer(requirement, observation, champion);
  const found = finding.verdict === "inconclusive" ? `inconclusive ${finding.reason}` : finding.verdict;
  tally[finding.verdict] = (tally[finding.verdict] ?? 0) + 1;
  if (expected === "too near") {
    tally["too near"] = (tally["too near"] ?? 0) + 1;
    return undefined;
  }
  const same = expected === "inconclusive any" ? finding.verdict === "inconclusive" : found === expected;
  if (!same) return `reference: ${expected}, runtime: ${found} (${finding.sentence})`;
  if (!champion || requirement.minimum !== undefined || requirement.forEach !== undefined) return undefined;
  const { truth } = holds(requirement.test, observation, context);
  const read = truth === "unknown" ? "inconclusive" : truth ? "pass" : "fail";
  return read === finding.verdict ? undefined : `judge says ${finding.verdict}, holds says ${read}`;
}

const entry = fc.record({
  roles: fc.array(fc.constantFrom("require" as const, "require" as const, "advisory" as const), {
    minLength: 1,
    maxLength: 4,
  }),
  k: fc.integer({ min: 0, max: 4 }),
});
const verdicts = fc.array(
  fc.constantFrom<(Finding["verdict"] | undefined)[]>("pass", "pass", "fail", "inconclusive", "skipped", undefined),
  { minLength: 16, maxLength: 16 },
);

/** A program of requirements and groups with what was found for each; undefined was never judged. */
export const programs = fc.record({ entries: fc.array(entry, { minLength: 1, maxLength: 4 }), verdicts });

export function differInDecision(given: {
  entries: readonly { roles: readonly ("require" | "advisory")[]; k: number }[];
  verdicts: readonly (Finding["verdict"] | undefined)[];
}): string | undefined {
  const [test] = [{ kind: "schema", dataset: "d" }] as const;
  let next = 0;
  const one = (role: "require" | "advisory"): Requirement => ({
    kind: "requirement",
    id: `r${next++}`,
    role,
    text: "",
    place,
    test,
  });
  const entries = given.entries.map(({ roles, k }, index): Requirement | RequirementGroup => {
    if (k === 0) return one(roles[0] ?? "require");
    return { kind: "group", id: `g${index}`, atLeast: Math.min(k, roles.length), members: roles.map(one), place };
  });
  const all = entries.flatMap((each) => (each.kind === "group" ? each.members : [each]));
  const findings = all.flatMap(({ id, role }, index): Finding[] => {
    const verdict = given.verdicts[index];
    return verdict === undefined ? [] : [{ requirement: id, role, text: "", verdict, sentence: "found" }];
  });
  const found = decide({ id: "gate.g", requirements: entries }, findings).verdict;
  const expected = combined(entries, new Map(findings.map(({ requirement, verdict }) => [requirement, verdict])));
  return found === expected ? undefined : `reference: ${expected}, runtime: ${found}`;
}
