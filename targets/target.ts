import type { Place } from "../compiler/plan/common.ts";
import type { PipelinePlan } from "../compiler/plan/plan.ts";
import type { Reading } from "../compiler/reading/sentence.ts";
import type { Diagnostic } from "../language/diagnostics/diagnostic.ts";
import type { Span } from "../language/text/source.ts";
import type { Capabilities, Variant } from "./shared/capability.ts";
import type { MappedLine } from "./shared/lines.ts";

/** A file that a target would write: path from the output folder with `/`, and its whole text. */
export interface OutputFile {
  readonly path: string;
  readonly text: string;
  /** From where in the policy its lines come; written beside it as `*.map.json`. */
  readonly mapped?: readonly MappedLine[];
}

/** An engine that plans are compiled for. Pure: the same plan gives the same files. */
export interface Target {
  readonly name: string;
  readonly capabilities: Capabilities;
  /** Where an option of the environment changes what it holds. */
  readonly variants: readonly Variant[];
  /** What of the plan the engine cannot hold, at the policy's lines; nothing is emitted while an error stands in it. */
  check(plan: PipelinePlan, locate: (place: Place) => Span): readonly Diagnostic[];
  /** @param reading the policy in plain English, for an engine that shows it beside the pipeline */
  emit(plan: PipelinePlan, reading?: () => Reading): readonly OutputFile[];
}
