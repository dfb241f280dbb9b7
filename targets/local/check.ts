import type { Place } from "../../compiler/plan/common.ts";
import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import type { Diagnostic } from "../../language/diagnostics/diagnostic.ts";
import { diagnostic } from "../../language/diagnostics/report.ts";
import type { Span } from "../../language/text/source.ts";
import { unsupportedOf } from "../shared/unsupported.ts";

/** Turns a place of the plan back into a span of the source it came from. */
export type Locate = (place: Place) => Span;

/** What this machine cannot hold. */
export function check(plan: PipelinePlan, locate: Locate): readonly Diagnostic[] {
  const steps = plan.retrain.nodes.flatMap((node) => {
    if (node.kind !== "step") return [];
    const missing = [
      ...(node.step.spot ? ["a step on spot instances"] : []),
      ...(node.step.workers > 1 ? ["a step with several workers"] : []),
    ];
    return missing.map((construct) =>
      diagnostic("target/unsupported", locate(node.place), { target: "local", construct }),
    );
  });
  const conditions = unsupportedOf(plan).map(({ construct, place }) =>
    diagnostic("target/unsupported", locate(place), { target: "local", construct }),
  );
  return [...steps, ...conditions];
}
