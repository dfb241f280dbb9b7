import type { Fix } from "../../diagnostics/diagnostic.ts";
import type { Measure } from "../checked/measure.ts";
import type { CheckedStage } from "../checked/rollout.ts";
import { requestsForLimit, requestsForMargin, requestsWithoutEvent, usualRates } from "../sample-size.ts";
import { grouped, percent, points } from "../wording.ts";
import type { Need } from "./feasibility.ts";
import type { ReadRequirement } from "./requirement.ts";

/** Whether a measure is a share of requests that something happened to. */
function isRate(measure: Measure): boolean {
  return measure.kind === "live_rate" || (measure.kind === "prometheus" && measure.form.kind === "ratio");
}

/** What a requirement about a rate of live requests needs; undefined for anything else. */
export function needOfRate(requirement: ReadRequirement, stage: CheckedStage): Need | undefined {
  const { checked, node } = requirement;
  const { test } = checked;
  const head = { what: `\`${checked.text}\``, span: node.condition.span };
  if (test.kind === "threshold") {
    const below = test.relation === "<=" || test.relation === "<";
    if (!isRate(test.measure) || !below || test.limit <= 0) return undefined;
    const { limit } = test;
    return {
      ...head,
      least: requestsWithoutEvent(limit, 0.01),
      usual: usualRates
        .filter((rate) => rate < limit)
        .map((rate) => ({ rate, count: Math.max(requestsForLimit(rate, limit), requestsWithoutEvent(limit, 0.01)) })),
      why: `Even without a single error it takes that many to show a rate below ${percent(limit)}.`,
    };
  }
  if (test.kind !== "comparison" || !isRate(test.left) || test.claim !== "not_worse" || stage.share >= 1) {
    return undefined;
  }
  const { margin } = test;
  if (margin.value <= 0) return undefined;
  if (margin.kind === "relative") {
    const usual = usualRates.map((rate) => ({
      rate,
      count: requestsForMargin(rate, margin.value * rate, stage.share),
    }));
    const largest = usualRates[2];
    return {
      ...head,
      least: Math.min(...usual.map(({ count }) => count)),
      leastAt: (share) => requestsForMargin(largest, margin.value * largest, share),
      usual: [...usual].sort((left, right) => left.count - right.count),
      why: `A margin of ${percent(margin.value)} of a small rate is very small.`,
      ask: (available) => widerMargin(requirement, available, stage.share),
    };
  }
  const atBest = requestsWithoutEvent(margin.value);
  return {
    ...head,
    least: Math.max(atBest, requestsForMargin(usualRates[0], margin.value, stage.share)),
    leastAt: (share) => Math.max(atBest, requestsForMargin(usualRates[0], margin.value, share)),
    usual: usualRates.map((rate) => ({
      rate,
      count: Math.max(atBest, requestsForMargin(rate, margin.value, stage.share)),
    })),
    why: `Even without a single error it takes ${grouped(atBest)} to show a margin of ${points(margin.value)}.`,
    ask: (available) => widerMargin(requirement, available, stage.share),
  };
}

/** The smallest margin in tenths of a point, up to 5pp, for which what is available is enough at an error rate of 0.1 %. */
function widerMargin({ node }: ReadRequirement, available: number, share: number): Fix | undefined {
  if (node.condition.test.kind !== "ComparedWith") return undefined;
  for (let tenths = 1; tenths <= 50; tenths += 1) {
    const margin = tenths / 1000;
    if (Math.max(requestsWithoutEvent(margin), requestsForMargin(usualRates[0], margin, share)) > available) continue;
    const text = points(margin);
    return {
      label: `allow a margin of ${text}`,
      edits: [{ span: node.condition.test.margin.span, text }],
    };
  }
  return undefined;
}
