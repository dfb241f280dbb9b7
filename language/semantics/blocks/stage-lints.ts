import type { Collector } from "../collector.ts";
import type { Resolved } from "../site.ts";
import { duration } from "../wording.ts";
import type { ReadStage, Surroundings } from "./stage.ts";

const day = 86_400_000;

/** Reports what is unusual about the shape of stages, one by one. */
export function lintStages(stages: readonly ReadStage[], around: Surroundings): void {
  const { out } = around.scope;
  const batch = around.model?.serving.type === "batch";
  for (const { stage, node, read } of stages) {
    if (batch) for (const { measured } of read) if (measured !== undefined) refuseBatchMeasure(measured, out);
    if (stage?.kind !== "shadow" || node.kind !== "Stage" || node.stay === undefined || batch) continue;
    if (stage.atLeast >= day && stage.atLeast % day === 0) continue;
    const whole = Math.max(Math.ceil(stage.atLeast / day), 1) * day;
    const text = duration(whole);
    const fits = whole <= stage.atMost;
    out.report(
      "rollout/shadow-not-whole-days",
      node.stay.low.span,
      { min: duration(stage.atLeast) },
      fits ? { fixes: [{ label: `write \`${text}\``, edits: [{ span: node.stay.low.span, text }] }] } : {},
    );
  }
}

/** Batches have no requests: nobody waits for an answer, and none is an error. */
export function refuseBatchMeasure(measured: Resolved, out: Collector): void {
  const { measure } = measured;
  const live =
    measure.kind === "live_rate" ||
    measure.kind === "prometheus" ||
    (measure.kind === "quantile" && measure.column === "latency");
  if (live) out.report("rollout/batch-live-measure", measured.span, { measure: measured.text });
}
