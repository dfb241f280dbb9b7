import type { CheckedDataset } from "../checked/policy.ts";
import { groupsOf } from "../fairness-call.ts";
import {
  positivesForAucMargin,
  quantileSamples,
  rowsForMargin,
  rowsForMeanMargin,
  rowsOfEqualRates,
  rowsOfFairModel,
  twinCorrelation,
  usualAucs,
  usualDeviations,
  usualDisagreements,
} from "../sample-size.ts";
import type { Scope } from "../scope.ts";
import { fairnessFunctions } from "../signatures/functions.ts";
import { duration, grouped, percent, plain } from "../wording.ts";
import type { ReadRequirement } from "./requirement.ts";

type Counted = "rows" | "positives" | "negatives";

/** What a requirement of a gate needs of the holdout at the very least. */
interface Need {
  readonly count: number;
  readonly of: Counted;
  /** A full sentence. */
  readonly why: string;
}

/** Rate at which a decision is usually yes, where the dataset does not say how many positives come. */
const usualRate = 0.1;
const calibrationRows = 1_000;
const fewestOfClass = 30;

/** Metrics that are a mean over rows. */
const meanLosses: readonly string[] = ["log_loss", "brier", "mae", "pinball"];

/**
 * Reports requirements that the holdout can never answer: what they need at best against expected rows x the length of the
 * holdout, in each slice. Where the dataset does not say how many rows come, what is needed is said where it is large.
 */
export function checkGateFeasibility(read: readonly ReadRequirement[], scope: Scope): void {
  for (const one of read) {
    if (one.checked.role !== "require") continue;
    for (const need of needsOf(one, scope)) report(one, need, scope);
    adviseOnFairness(one, scope);
    warnOfSlices(one, scope);
  }
}

/** Events that the holdout can be expected to hold; undefined where the dataset does not say. */
function expected(of: Counted, judged: CheckedDataset | undefined): number | undefined {
  if (judged?.holdout?.kind !== "span") return undefined;
  const { rows, positives, negatives } = judged.expected;
  const rate =
    of === "rows"
      ? rows
      : of === "positives"
        ? positives
        : (negatives ?? (rows === undefined || positives === undefined ? undefined : rows - positives));
  return rate === undefined ? undefined : Math.floor((rate * judged.holdout.length) / 1000);
}

/** Slices that a requirement is judged in, one where it has none; undefined where the column does not say how many values it has. */
function slicesOf({ checked }: ReadRequirement, judged: CheckedDataset | undefined): number | undefined {
  return checked.forEach === undefined || checked.pool !== undefined ? 1 : groupsOf(checked.forEach, judged)?.length;
}

function report(requirement: ReadRequirement, need: Need, scope: Scope): void {
  const { checked, node } = requirement;
  const { judged, out } = scope;
  if (judged === undefined) return;
  const all = expected(need.of, judged);
  const slices = slicesOf(requirement, judged) ?? 1;
  const what = `\`${checked.text}\``;
  const minimum = node.qualifiers.find((qualifier) => qualifier.kind === "AtLeast");
  const counted = checked.minimum?.count === need.count ? minimum?.count : undefined;
  const span = (counted === undefined ? undefined : minimum?.span) ?? node.condition.span;
  if (all === undefined) {
    if (need.count <= 1_000 || checked.minimum?.count === need.count || judged.holdout?.kind !== "span") return;
    out.report("gate/count-unknown", span, {
      what,
      needed: `${grouped(need.count)} ${need.of}`,
      why: need.why,
      dataset: judged.name,
      of: need.of,
    });
    return;
  }
  const available = Math.floor(all / slices);
  if (available >= need.count || judged.holdout?.kind !== "span") return;
  const { length } = judged.holdout;
  const daily = `${grouped(Math.round((all * 86_400_000) / length))} ${need.of} a day x ${duration(length)}`;
  const longer = duration(Math.ceil((need.count / Math.max(available, 1)) * (length / 86_400_000)) * 86_400_000);
  out.report(
    "gate/cannot-conclude",
    span,
    {
      what,
      needed: `${grouped(need.count)} ${need.of}${slices > 1 ? " a slice" : ""}`,
      available: grouped(available),
      sum: slices > 1 ? `${daily} in ${slices} slices` : daily,
      why: need.why,
      holdout: longer,
    },
    {
      labels: [{ span: judged.span, text: `holds out ${duration(length)}` }],
      fixes:
        counted === undefined || available < 1
          ? []
          : [{ label: `ask for ${grouped(available)}`, edits: [{ span: counted.span, text: grouped(available) }] }],
    },
  );
}

function needsOf({ checked, measured }: ReadRequirement, scope: Scope): Need[] {
  const { test, minimum } = checked;
  if (test.kind === "schema" || measured === undefined) return [];
  const { measure } = measured;
  if (minimum !== undefined) {
    const counted = minimum.of === "rows" || minimum.of === "positives" || minimum.of === "negatives";
    if (counted) return [{ count: minimum.count, of: minimum.of as Counted, why: "Its `at least` asks for them." }];
  }
  if (measure.kind === "quantile") {
    const level = test.confidence ?? 0.95;
    const count = quantileSamples(measure.quantile, level);
    return [
      {
        count,
        of: "rows",
        why: `A ${percent(level)} bound of the ${plain(measure.quantile * 100)}% quantile takes that many.`,
      },
    ];
  }
  if (measure.kind === "fairness") return needOfFairness(measure.name, test, scope);
  if (measure.kind !== "prediction") return [];
  if (measure.metric === "calibration_error") {
    return [{ count: calibrationRows, of: "rows", why: "15 bins of fewer rows say nothing about calibration." }];
  }
  if (test.kind === "threshold" || test.kind === "range") return needOfPoint(measure.metric, test, scope);
  if (test.kind === "comparison" && test.claim === "not_worse" && test.margin.value > 0) {
    const { kind, value } = test.margin;
    if (measure.metric === "auc" && kind === "absolute") return [needOfAuc(value)];
    if (meanLosses.includes(measure.metric) && kind === "relative") return [needOfMean(value)];
  }
  const proportion = ["accuracy", "recall", "specificity"].includes(measure.metric);
  if (test.kind !== "comparison" || !proportion || test.claim !== "not_worse" || test.margin.kind !== "absolute") {
    return [];
  }
  const { value } = test.margin;
  if (value <= 0) return [];
  const counts = usualDisagreements.map((share) => `${grouped(rowsForMargin(share, value))} at ${percent(share)}`);
  const of = measured.divides ?? "rows";
  const why = `That many are needed even if the versions disagree on ${percent(usualDisagreements[0])} of the ${of} only: ${counts.join(", ")}.`;
  return [{ count: rowsForMargin(usualDisagreements[0], value), of, why }];
}

/** An estimate that is compared without a confidence counts from 30 of each class on; too few rows are reported at the dataset. */
function needOfPoint(metric: string, test: ReadRequirement["checked"]["test"], { task }: Scope): Need[] {
  if (test.kind === "schema" || test.confidence !== undefined) return [];
  if (task !== "binary" || metric === "positive_rate") return [];
  const why = "An estimate with fewer of a class is not compared with a limit.";
  return [{ count: fewestOfClass, of: "positives", why }];
}

function needOfAuc(margin: number): Need {
  const counts = usualAucs.map(({ auc, quantile }) => `${grouped(positivesForAucMargin(quantile, margin))} at ${auc}`);
  const [best] = usualAucs;
  const why = `That many are needed even if both versions have an AUC of ${best.auc} and scores that correlate at ${twinCorrelation}: ${counts.join(", ")}.`;
  return { count: positivesForAucMargin(best.quantile, margin), of: "positives", why };
}

function needOfMean(margin: number): Need {
  const counts = usualDeviations.map((share) => `${grouped(rowsForMeanMargin(share, margin))} at ${percent(share)}`);
  const why = `That many are needed even if the versions' losses of a row differ by ${percent(usualDeviations[0])} of the mean loss only: ${counts.join(", ")}.`;
  return { count: rowsForMeanMargin(usualDeviations[0], margin), of: "rows", why };
}

/** The share of rows that a rate of a fairness function is about, as far as the dataset says it. */
function rateOf(scope: Scope): number {
  const { rows, positives } = scope.judged?.expected ?? {};
  return rows === undefined || positives === undefined || positives <= 0 ? usualRate : Math.min(positives / rows, 0.5);
}

function needOfFairness(
  name: keyof typeof fairnessFunctions,
  test: ReadRequirement["checked"]["test"],
  scope: Scope,
): Need[] {
  if (test.kind !== "threshold" || fairnessFunctions[name].unit !== "points" || test.limit <= 0) return [];
  const of = fairnessFunctions[name].rate === "selection" ? "rows" : "positives";
  const rate = of === "rows" ? rateOf(scope) : 0.5;
  const count = rowsOfEqualRates(rate, test.limit) * 2;
  const why = `With fewer, two groups of exactly equal rates (${percent(rate)}) would not pass: the bound alone is wider than the limit.`;
  return [{ count, of, why }];
}

/** Says how many rows a group a fair model needs, which nobody guesses: the largest of many differences is biased upward. */
function adviseOnFairness({ checked, measured, node }: ReadRequirement, scope: Scope): void {
  const { test } = checked;
  if (measured?.measure.kind !== "fairness") return;
  const { name, columns } = measured.measure;
  if (name === "disparate_impact" && test.kind === "threshold") {
    const text = "in 0.8..1.25";
    const fixes = [{ label: `write \`${text}\``, edits: [{ span: node.condition.test.span, text }] }];
    scope.out.report("gate/one-sided-impact", node.condition.span, { text: checked.text }, { fixes });
  }
  if (test.kind !== "threshold" || fairnessFunctions[name].unit !== "points" || test.limit <= 0) return;
  const known = columns.map((column) => groupsOf(column, scope.judged)?.length);
  const groups = known.reduce<number | undefined>(
    (product, one) => (product === undefined || one === undefined ? undefined : product * one),
    1,
  );
  const selection = fairnessFunctions[name].rate === "selection";
  const rate = selection ? rateOf(scope) : 0.5;
  const column = columns[known.indexOf(undefined)] ?? columns[0] ?? "";
  scope.out.report("gate/rows-of-a-fair-model", node.condition.span, {
    text: checked.text,
    groups: groups ?? 6,
    known: groups !== undefined,
    column,
    rate: percent(rate),
    rows: grouped(rowsOfFairModel(groups ?? 6, rate, test.limit)),
    noun: selection ? "rows" : "positives",
  });
}

/** Each slice is one more chance to fail: with 80 % power in each, equal models pass in 0.8^k of the runs. */
function warnOfSlices(requirement: ReadRequirement, scope: Scope): void {
  const { checked, node } = requirement;
  const slices = slicesOf(requirement, scope.judged);
  if (checked.forEach === undefined || slices === undefined || slices < 3) return;
  const { test } = checked;
  if (test.kind !== "comparison" || test.margin.kind !== "absolute" || test.margin.value <= 0) return;
  const all = expected(requirement.measured?.divides ?? "rows", scope.judged);
  const plenty = rowsForMargin(usualDisagreements[2], test.margin.value);
  if (all !== undefined && all / slices >= plenty) return;
  scope.out.report("gate/slices-rarely-pass", node.forEach?.span ?? node.span, {
    slices,
    column: checked.forEach,
    share: percent(Math.round(0.8 ** slices * 100) / 100),
  });
}
