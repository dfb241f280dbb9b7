import type { FairnessMeasure } from "../../compiler/plan/measure.ts";
import { type Bounded, differenceOf, ratioOf, wilson } from "../stats/proportion.ts";
import { clusteredShare } from "../stats/share-of-clusters.ts";
import { type Estimate, isNoAnswer, type NoAnswer } from "./answer.ts";
import type { Context, Qualifiers } from "./context.ts";
import { type Grouped, groupLabel, groupRows } from "./groups.ts";
import type { ScoredRows } from "./observation.ts";
import { count } from "./quantity.ts";
import { fewestClusters } from "./resample.ts";
import { checkedDecisions } from "./rows.ts";

/** Rows, and rows with the label that a rate divides by, below which a group says nothing. */
const fewestInGroup = 30;
const fewestOfLabel = 10;

/** Which rows a rate divides by. */
type Of = "rows" | "positives" | "negatives";

const ratesOf: Readonly<Record<FairnessMeasure["name"], readonly Of[]>> = {
  demographic_parity_difference: ["rows"],
  demographic_parity_ratio: ["rows"],
  disparate_impact: ["rows"],
  equalized_odds_difference: ["positives", "negatives"],
  equalized_odds_ratio: ["positives", "negatives"],
  equal_opportunity_difference: ["positives"],
};

/** One comparison of two groups: intervals at the plain level and at the level divided by the number of comparisons. */
interface Contrast {
  readonly groups: readonly [string, string];
  readonly plain: Bounded;
  readonly strict: Bounded;
}

/**
 * How far the rates of groups are apart. A difference is the largest of all pairs, a ratio the smallest, `disparate_impact` the one farthest from 1 against
 * the privileged group. Each pair has an interval (Newcombe, Donner-Zou, from Wilson's); what must hold in every pair is tested at the
 * plain level (intersection-union), what fails in some pair at that level divided by the number of pairs (Bonferroni), so that neither
 * verdict is wrong more often than the level, however many groups there are. The point of a largest difference is biased upwards: it is never what decides.
 *
 * Weighted or clustered rows: Wilson's interval at the effective number of rows p(1 - p)/var(p), var by linearisation over clusters.
 * A group with fewer than 30 rows, or 10 with the label a rate divides by (the requirement's `at least` replaces the number it names), is too_few_samples. Ratios
 * of rates that are all 0 are undefined; differences are then 0.
 */
export function fairnessLevel(
  measure: FairnessMeasure,
  observation: ScoredRows,
  confidence: number,
  context: Context,
  qualifiers: Qualifiers,
): Estimate | NoAnswer {
  const checked = checkedDecisions(observation, context);
  if (isNoAnswer(checked)) return checked;
  const grouped = groupRows(checked.rows, measure.columns, qualifiers);
  if (isNoAnswer(grouped)) return grouped;
  const { names } = grouped;
  if (names.length < 2) {
    return {
      reason: "no_data",
      detail: `there is only one group, ${groupLabel(names[0] ?? "")}`,
      n: checked.rows.label.length,
    };
  }
  const { privileged } = measure;
  if (privileged !== undefined && !names.includes(privileged)) {
    return { reason: "no_data", detail: `there are no rows of the privileged group ${privileged}` };
  }
  const kinds = ratesOf[measure.name];
  const few = kinds.map((of) => tooFewOf(grouped, of, qualifiers)).find((one) => one !== undefined);
  if (few !== undefined) return few;
  const isRatio = measure.name.endsWith("_ratio") || measure.name === "disparate_impact";
  const pairs = names.flatMap((one) =>
    names.flatMap((other) => {
      if (one === other || (privileged !== undefined && (other !== privileged || one === privileged))) return [];
      return [[one, other] as const];
    }),
  );
  const comparisons = pairs.length * kinds.length;
  const strict = 1 - (1 - confidence) / comparisons;
  const contrasts: Contrast[] = [];
  for (const of of kinds) {
    const plainly = boundedRates(grouped, of, context, confidence, qualifiers);
    const strictly = boundedRates(grouped, of, context, strict, qualifiers);
    if (isNoAnswer(plainly)) return plainly;
    if (isNoAnswer(strictly)) return strictly;
    const compare = isRatio ? ratioOf : differenceOf;
    for (const [one, other] of pairs) {
      contrasts.push({
        groups: [one, other],
        plain: compare(plainly.get(one) as Bounded, plainly.get(other) as Bounded),
        strict: compare(strictly.get(one) as Bounded, strictly.get(other) as Bounded),
      });
    }
  }
  // A rate of 0 is unlike one above it, whichever divides: the pair that divides by 0 has a mirror that does not.
  const defined = contrasts.filter(({ plain }) => Number.isFinite(plain.value));
  if (defined.length === 0 || (privileged !== undefined && defined.length < contrasts.length)) {
    return {
      reason: "undefined_value",
      detail: "a ratio of rates that are 0 has no value",
      n: grouped.rows.label.length,
    };
  }
  return {
    ...summed(measure, defined),
    level: confidence,
    n: grouped.rows.label.length,
    noun: "rows",
    method: methodOf(isRatio, names.length),
  };
}

function summed(
  measure: FairnessMeasure,
  contrasts: readonly Contrast[],
): Pick<Estimate, "value" | "low" | "high" | "upper" | "values"> {
  const least = (of: (one: Contrast) => number) => Math.min(...contrasts.map(of));
  const most = (of: (one: Contrast) => number) => Math.max(...contrasts.map(of));
  const named = (one: Contrast) => ({
    [`${groupLabel(one.groups[0])} against ${groupLabel(one.groups[1])}`]: one.plain.value,
  });
  if (measure.name === "disparate_impact") {
    const distance = ({ plain }: Contrast) => Math.abs(Math.log(Math.max(plain.value, Number.MIN_VALUE)));
    const worst = contrasts.reduce((found, one) => (distance(one) > distance(found) ? one : found));
    return {
      value: worst.plain.value,
      low: least(({ plain }) => plain.low),
      high: least(({ strict }) => strict.high),
      upper: { low: most(({ strict }) => strict.low), high: most(({ plain }) => plain.high) },
      values: Object.assign({}, ...contrasts.map(named)) as Record<string, number>,
    };
  }
  if (measure.name.endsWith("_ratio")) {
    const worst = contrasts.reduce((found, one) => (one.plain.value < found.plain.value ? one : found));
    return {
      value: worst.plain.value,
      low: least(({ plain }) => plain.low),
      high: Math.min(
        1,
        least(({ strict }) => strict.high),
      ),
      values: named(worst),
    };
  }
  const worst = contrasts.reduce((found, one) => (one.plain.value > found.plain.value ? one : found));
  return {
    value: worst.plain.value,
    low: Math.max(
      0,
      most(({ strict }) => strict.low),
    ),
    high: most(({ plain }) => plain.high),
    values: named(worst),
  };
}

function methodOf(isRatio: boolean, groups: number): string {
  return `${isRatio ? "ratios by donner-zou" : "differences by newcombe"} of ${groups} groups`;
}

function counts(of: Of, label: number): boolean {
  return of === "rows" || (of === "positives" ? label === 1 : label === 0);
}

function tooFewOf({ names, of: groups, rows }: Grouped, of: Of, { minimum }: Qualifiers): NoAnswer | undefined {
  for (const name of names) {
    let all = 0;
    let counted = 0;
    groups.forEach((group, row) => {
      if (group !== name) return;
      all++;
      if (counts(of, rows.label[row] as number)) counted++;
    });
    const asked = (noun: Of, otherwise: number) => (minimum?.of === noun ? minimum.count : otherwise);
    const checks: [number, Of, number][] = [[all, "rows", asked("rows", fewestInGroup)]];
    if (of !== "rows") checks.push([counted, of, asked(of, fewestOfLabel)]);
    for (const [has, noun, needed] of checks) {
      if (has >= needed) continue;
      return {
        reason: "too_few_samples",
        detail: `group ${groupLabel(name)} has ${count(has)} ${noun}, ${count(needed)} are needed; pool small groups or leave it out with a reason`,
        n: has,
        flip: `${count(needed - has)} more ${noun} of ${groupLabel(name)} would allow an answer.`,
      };
    }
  }
  return undefined;
}

/** The rate of yes in each group with its interval. */
function boundedRates(
  { names, of: groups, rows }: Grouped,
  of: Of,
  context: Context,
  level: number,
  { clusteredBy }: Qualifiers,
): Map<string, Bounded> | NoAnswer {
  const cluster = clusteredBy === undefined ? undefined : rows.groups[clusteredBy];
  if (clusteredBy !== undefined && cluster === undefined) {
    return { reason: "schema_mismatch", detail: `the rows have no column ${clusteredBy}` };
  }
  const clusters = new Set(cluster ?? []).size;
  if (cluster !== undefined && clusters < fewestClusters) {
    const detail = `${count(clusters)} clusters by ${clusteredBy} are too few, ${fewestClusters} are needed`;
    return { reason: "too_few_samples", detail };
  }
  const decision = rows.challengerDecision ?? rows.challenger.map((score) => (score >= context.decidesAt ? 1 : 0));
  const rates = new Map<string, Bounded>();
  for (const name of names) {
    const own: number[] = [];
    groups.forEach((group, row) => {
      if (group === name && counts(of, rows.label[row] as number)) own.push(row);
    });
    const events = own.reduce((sum, row) => sum + (decision[row] as number), 0);
    let trials = own.length;
    let rate = events / trials;
    if (cluster !== undefined || rows.weight !== undefined) {
      const share = clusteredShare(
        Float64Array.from(own, (row) => decision[row] as number),
        Float64Array.from(own, (row) => rows.weight?.[row] ?? 1),
        own.map((row) => cluster?.[row] ?? String(row)),
      );
      rate = share.rate;
      trials = share.effective;
    }
    rates.set(name, { value: rate, ...wilson(rate * trials, trials, level) });
  }
  return rates;
}
