import type { Collector } from "../collector.ts";
import type { Scope } from "../scope.ts";
import { duration, grouped, percent, plain, points } from "../wording.ts";
import type { ReadRequirement } from "./requirement.ts";
import type { ReadStage } from "./stage.ts";

/** How many of something a stage needs before it can decide, at the very least. */
interface Need {
  readonly what: string;
  readonly count: number;
  readonly of: "requests" | "pairs";
  /** A full sentence. */
  readonly why: string;
  readonly span: { readonly path: string; readonly start: number; readonly end: number };
}

const saysSo = "The stage says so.";

/**
 * Reports stages that can never collect what they need: what is needed at best (no error at all, for a comparison of rates)
 * against expected requests x share x longest stay. Without an expected load, what is needed is said where it is large.
 */
export function checkFeasibility(stages: readonly ReadStage[], rate: number | undefined, scope: Scope): void {
  for (const read of stages) {
    const { stage } = read;
    if (stage === undefined || stage.kind === "approval") continue;
    const stay = stage.share === 1 && stage.kind === "live" ? Math.max(stage.atMost, stage.watch ?? 0) : stage.atMost;
    const needs = needsOf(read);
    for (const need of needs) report(need, stay, stage.share, rate, scope.out);
  }
}

function report(need: Need, stay: number, share: number, rate: number | undefined, out: Collector): void {
  const needed = `${grouped(need.count)} ${need.of}`;
  if (rate === undefined) {
    if (need.why !== saysSo && need.count > 100)
      out.report("rollout/count-unknown", need.span, { what: need.what, needed, why: need.why });
    return;
  }
  const available = Math.floor(rate * (stay / 1000) * share);
  if (available >= need.count) return;
  const daily = grouped(Math.round(rate * 86_400));
  out.report("rollout/cannot-conclude", need.span, {
    what: need.what,
    needed,
    available: grouped(available),
    sum: `${daily} requests a day x ${percent(share)} x ${duration(stay)}`,
    why: need.why,
  });
}

function needsOf({ node, stage, read }: ReadStage): Need[] {
  if (stage === undefined || node.kind !== "Stage") return [];
  const of = stage.kind === "shadow" ? "pairs" : "requests";
  const needs: Need[] = [];
  if (stage.minimum !== undefined && node.atLeast !== undefined) {
    needs.push({
      what: `stage \`${stage.name}\``,
      count: stage.minimum.count,
      of,
      why: saysSo,
      span: node.atLeast.span,
    });
  }
  for (const requirement of read) {
    const need = needOf(requirement, of);
    if (need !== undefined) needs.push(need);
  }
  return needs;
}

function needOf({ checked, node }: ReadRequirement, of: "requests" | "pairs"): Need | undefined {
  if (checked.role !== "require") return undefined;
  const { test } = checked;
  const what = `\`${checked.text}\``;
  if (test.kind === "threshold" && test.measure.kind === "quantile") {
    const count = quantileSamples(test.measure.quantile, test.confidence ?? 0.95);
    return {
      what,
      count,
      of,
      why: `A 95% bound of the ${plain(test.measure.quantile * 100)}% quantile takes that many.`,
      span: node.condition.span,
    };
  }
  if (
    test.kind === "comparison" &&
    test.left.kind === "live_rate" &&
    test.margin.kind === "absolute" &&
    test.claim === "not_worse"
  ) {
    const count = requestsWithoutEvent(test.margin.value);
    return {
      what,
      count,
      of,
      why: `Even without a single error it takes that many to show a margin of ${points(test.margin.value)}.`,
      span: node.condition.span,
    };
  }
  return undefined;
}

/** Smallest sample whose largest value bounds the quantile `q` from above at a one-sided level: q^n <= 1 - level. 59 for p95, 299 for p99 at 95%. */
export function quantileSamples(q: number, level: number): number {
  return Math.ceil(Math.log(1 - level) / Math.log(q));
}

/**
 * Smallest number of requests which, without any event, brings the anytime upper bound of a rate to `margin`: beta-binomial
 * sequence with Beta(1/2, 1/2) at level 0.005 (a tenth of 5%). At n requests without event the bound is
 * 1 - exp(-(ln(1/0.005) + ln(pi / B(1/2, n + 1/2))) / n). 924 for a margin of one point.
 */
export function requestsWithoutEvent(margin: number): number {
  const bound = (n: number) => 1 - Math.exp(-(Math.log(200) + 0.5 * Math.log(Math.PI * n)) / n);
  let low = 1;
  let high = 1;
  while (bound(high) > margin && high < 1e12) high *= 2;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (bound(middle) <= margin) high = middle;
    else low = middle + 1;
  }
  return low;
}
