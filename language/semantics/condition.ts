import { amount as amountText, condition as conditionText, operand as operandText } from "../format/print-values.ts";
import type { ComparedWith, Comparison, Condition, InRange, MovedFrom, Operand } from "../syntax/tree.ts";
import type { CheckedTest, Relation } from "./checked/condition.ts";
import type { Measure } from "./checked/measure.ts";
import { readLimit } from "./limit.ts";
import { readMargin } from "./margin.ts";
import { resolve } from "./operand.ts";
import { readConfidence } from "./quantity.ts";
import type { Scope } from "./scope.ts";
import { type Resolved, type Site, siteName } from "./site.ts";
import { unitName } from "./wording.ts";

/** A condition that was understood: its test, and what it measures. */
export interface CheckedCondition {
  readonly test: CheckedTest;
  /** Absent for `schema matches`. */
  readonly measured?: Resolved;
}

/** Level of a comparison that names none: one-sided. */
const defaultConfidence = 0.95;

/** Checks one condition in its place: names, units, ranges and directions. Reports and returns undefined where something is wrong. `path` is where the condition stands, for its defaults. */
export function checkCondition(
  condition: Condition,
  site: Site,
  path: string,
  scope: Scope,
): CheckedCondition | undefined {
  const { test } = condition;
  if (test.kind === "Matches") return schemaMatches(condition, site, scope);
  const measured = resolve(condition.subject, site, scope);
  const confidence = readLevel(condition, measured, site, scope);
  if (confidence === "wrong") return undefined;
  const level = confidence === undefined ? {} : { confidence };
  switch (test.kind) {
    case "Comparison":
      return measured && threshold(condition, test, measured, level, site, scope);
    case "InRange":
      return measured && inRange(test, measured, level, scope);
    case "ComparedWith":
      return compared(condition, test, measured, confidence, site, path, scope);
    case "MovedFrom":
      return measured && moved(condition, test, measured, confidence, site, path, scope);
  }
}

function schemaMatches(condition: Condition, site: Site, scope: Scope): CheckedCondition | undefined {
  const subject = operandText(condition.subject);
  if (site.place === "validate" && subject === "schema" && site.dataset !== undefined) {
    return { test: { kind: "schema", dataset: site.dataset.name } };
  }
  return scope.out.report("type/not-here", condition.span, {
    what: `\`${subject} matches\``,
    place: subject === "schema" ? siteName(site) : "a condition",
    instead: "The only thing that matches is the schema: `require schema matches` in `validate DATASET { }`.",
  });
}

function readLevel(
  condition: Condition,
  measured: Resolved | undefined,
  site: Site,
  scope: Scope,
): number | undefined | "wrong" {
  if (condition.confidence === undefined) return undefined;
  const level = readConfidence(condition.confidence, scope.out);
  if (level === undefined) return "wrong";
  const exact = measured?.measure.kind === "data" || measured?.measure.kind === "drift";
  if (exact || site.place === "validate" || site.place === "drift") {
    scope.out.report("type/qualifier", condition.confidence.span, {
      qualifier: `at ${amountText(condition.confidence)} confidence`,
      why: "statistics of the data are counted over all rows of the window",
    });
    return "wrong";
  }
  return level;
}

function threshold(
  condition: Condition,
  test: Comparison,
  measured: Resolved,
  level: { readonly confidence?: number },
  site: Site,
  scope: Scope,
): CheckedCondition | undefined {
  const { out } = scope;
  if (test.value.kind === "Operand") return bareComparison(condition, test, test.value, measured, site, scope);
  const limit = readLimit(test.value, measured, out);
  if (limit === undefined) return undefined;
  const relation: Relation = test.operator.text;
  const { low, high } = measured;
  const always = (relation === ">=" && limit === low) || (relation === "<=" && limit === high);
  const never = (relation === ">" && limit === high) || (relation === "<" && limit === low);
  if (always || never) {
    out.report(always ? "gate/always-holds" : "gate/never-holds", condition.span, {
      condition: conditionText(condition),
      measure: measured.text,
    });
    return undefined;
  }
  return { test: { kind: "threshold", measure: measured.measure, relation, limit, ...level }, measured };
}

/** `challenger.auc >= champion.auc`: two estimates, compared without saying how much noise may decide. */
function bareComparison(
  condition: Condition,
  test: Comparison,
  right: Operand,
  left: Resolved,
  site: Site,
  scope: Scope,
): undefined {
  const resolved = resolve(right, site, scope);
  if (resolved === undefined) return undefined;
  if (sameMeasure(left.measure, resolved.measure)) {
    return scope.out.report("type/compares-with-itself", condition.span, { measure: left.text });
  }
  if (!comparable(left, resolved)) return incomparable(condition, left, resolved, scope);
  const margin = left.measure.unit === "ratio" || left.measure.unit === "points" ? "0.5pp" : "relative 1%";
  const text = `not worse than ${resolved.text} by ${margin}`;
  return scope.out.report(
    "gate/comparison-without-margin",
    condition.span,
    { left: left.text, right: resolved.text },
    { fixes: [{ label: `write \`${text}\` with the margin that is meant`, edits: [{ span: test.span, text }] }] },
  );
}

function inRange(
  test: InRange,
  measured: Resolved,
  level: { readonly confidence?: number },
  scope: Scope,
): CheckedCondition | undefined {
  const { low, high } = test.range;
  if (low.kind === "Name" || high.kind === "Name") {
    const name = low.kind === "Name" ? low : high;
    return scope.out.report("unit/wrong-kind", name.span, {
      place: `a limit of \`${measured.text}\``,
      wanted: unitName(measured.measure.unit),
      found: `the name \`${amountText(name)}\``,
    });
  }
  const from = readLimit(low, measured, scope.out);
  const to = readLimit(high, measured, scope.out);
  if (from === undefined || to === undefined) return undefined;
  if (from > to) return scope.out.report("policy/range-upside-down", test.range.span, { low: low.raw, high: high.raw });
  if (measured.low !== undefined && measured.high !== undefined && from <= measured.low && to >= measured.high) {
    return scope.out.report("gate/always-holds", test.span, {
      condition: `${measured.text} in ${low.raw}..${high.raw}`,
      measure: measured.text,
    });
  }
  return { test: { kind: "range", measure: measured.measure, low: from, high: to, ...level }, measured };
}

/** Same number, whatever it is called: options included. */
export function sameMeasure(left: Measure, right: Measure): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** How far a measure can move at all, in its own unit. */
function widthOf({ low, high }: Resolved): number {
  return low === undefined || high === undefined ? Number.POSITIVE_INFINITY : high - low;
}

function comparable(left: Resolved, right: Resolved): boolean {
  return sameMeasure(
    { ...left.measure, party: "champion" } as Measure,
    { ...right.measure, party: "champion" } as Measure,
  );
}

function incomparable(condition: Condition, left: Resolved, right: Resolved, scope: Scope): undefined {
  return scope.out.report("type/incomparable", condition.span, {
    left: left.text,
    leftUnit: unitName(left.measure.unit),
    right: right.text,
    rightUnit: unitName(right.measure.unit),
  });
}

function compared(
  condition: Condition,
  test: ComparedWith,
  left: Resolved | undefined,
  level: number | undefined,
  site: Site,
  path: string,
  scope: Scope,
): CheckedCondition | undefined {
  const { out } = scope;
  const right = resolve(test.than, site, scope);
  if (left === undefined || right === undefined) return undefined;
  const version = left.measure.kind === "prometheus" && left.perVersion === false;
  if (version && left.name === right.name) {
    return out.report("type/compares-with-itself", condition.span, { measure: left.name });
  }
  if (sameMeasure(left.measure, right.measure)) {
    const party = "party" in left.measure ? left.measure.party : undefined;
    const other = party === "challenger" ? "champion" : "challenger";
    const root = party === "challenger" ? test.than.path[0] : condition.subject.path[0];
    const fixes =
      party === undefined ? [] : [{ label: `compare with \`${other}\``, edits: [{ span: root.span, text: other }] }];
    return out.report("type/compares-with-itself", condition.span, { measure: left.text }, { fixes });
  }
  if (!comparable(left, right)) return incomparable(condition, left, right, scope);
  if (left.measure.better === "neither" || left.measure.better === "two-sided") {
    return out.report("type/no-direction", condition.subject.span, { measure: left.text });
  }
  if ("party" in left.measure && left.measure.party === "champion") {
    return out.report(
      "gate/sides-swapped",
      condition.span,
      { left: left.text, right: right.text },
      {
        fixes: [
          {
            label: `write \`${right.text} ${test.direction.text} than ${left.text}\``,
            edits: [
              { span: condition.subject.span, text: right.text },
              { span: test.than.span, text: left.text },
            ],
          },
        ],
      },
    );
  }
  const margin = readMargin(test.margin, left, out);
  if (margin === undefined) return undefined;
  if (margin.kind === "absolute" && margin.value >= widthOf(left)) {
    const code = test.direction.text === "better" ? "gate/never-holds" : "gate/always-holds";
    return out.report(code, condition.span, { condition: conditionText(condition), measure: left.text });
  }
  if (left.measure.kind === "registry") {
    return out.report("gate/registry-number-compared", condition.span, { left: left.text, right: right.text });
  }
  if (left.measure.kind === "evaluation") {
    out.report("gate/needs-standard-error", condition.span, { measure: left.text, key: left.measure.key });
  }
  const confidence =
    level ??
    out.assume(
      `${path}.confidence`,
      defaultConfidence,
      condition.span,
      "comparisons are judged at 95% confidence, one-sided",
    );
  const claim = test.direction.text === "better" ? "better" : "not_worse";
  return {
    test: { kind: "comparison", left: left.measure, claim, right: right.measure, margin, confidence },
    measured: left,
  };
}

/** Measures of one version that can be taken at its promotion and again later. */
const withBaseline: readonly Measure["kind"][] = ["prediction", "live_rate", "quantile", "prometheus"];

function moved(
  condition: Condition,
  test: MovedFrom,
  measured: Resolved,
  level: number | undefined,
  site: Site,
  path: string,
  scope: Scope,
): CheckedCondition | undefined {
  const { out } = scope;
  if (site.place !== "decay" && site.place !== "rollback") {
    return out.report("type/not-here", condition.span, {
      what: `\`${test.verb.text} ... ${test.side.text}\``,
      place: siteName(site),
      instead:
        "A change from the baseline stands in `decay` and in `rollback when`. To compare two versions, write `not worse than ... by ...`.",
    });
  }
  if (operandText(test.from) !== "baseline") {
    return out.report(
      "type/baseline-only",
      test.from.span,
      { written: operandText(test.from) },
      { fixes: [{ label: "write `baseline`", edits: [{ span: test.from.span, text: "baseline" }] }] },
    );
  }
  const verb = test.verb.text;
  const side = verb === "drops" ? "below" : "above";
  const { better } = measured.measure;
  if (better !== "higher" && better !== "lower")
    return out.report("type/no-direction", condition.subject.span, { measure: measured.text });
  const right = better === "higher" ? "drops" : "rises";
  if (verb !== right) {
    const rightSide = right === "drops" ? "below" : "above";
    return out.report(
      "type/wrong-verb",
      test.verb.span,
      { measure: measured.text, verb, better, right },
      {
        fixes: [
          {
            label: `write \`${right} ... ${rightSide}\``,
            edits: [
              { span: test.verb.span, text: right },
              { span: test.side.span, text: rightSide },
            ],
          },
        ],
      },
    );
  }
  if (test.side.text !== side) {
    return out.report(
      "type/wrong-side",
      test.side.span,
      { verb, written: test.side.text, right: side },
      { fixes: [{ label: `write \`${side}\``, edits: [{ span: test.side.span, text: side }] }] },
    );
  }
  if (!withBaseline.includes(measured.measure.kind)) {
    return out.report("type/no-baseline", condition.subject.span, { measure: measured.text });
  }
  const margin = readMargin(test.margin, measured, out);
  if (margin === undefined) return undefined;
  if (margin.kind === "absolute" && margin.value >= widthOf(measured)) {
    return out.report("gate/never-holds", condition.span, {
      condition: conditionText(condition),
      measure: measured.text,
    });
  }
  const confidence =
    level ??
    out.assume(
      `${path}.confidence`,
      defaultConfidence,
      condition.span,
      "changes are judged at 95% confidence, one-sided",
    );
  return { test: { kind: "change", measure: measured.measure, direction: verb, margin, confidence }, measured };
}
