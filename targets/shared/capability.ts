import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import type { Diagnostic } from "../../language/diagnostics/diagnostic.ts";
import { diagnostic } from "../../language/diagnostics/report.ts";
import { type Locate, named } from "./constructs/construct.ts";
import { type ConstructId, constructIds, constructs } from "./constructs/constructs.ts";

/** How an engine holds a construct. */
export interface Capability {
  /** `pending`: it compiles, and the runtime of this release cannot carry it out; a warning says so. */
  readonly support: "native" | "emulated" | "pending" | "refused";
  /** How it is done, or why it is not. */
  readonly how: string;
}

/** A column of the capability table: all constructs of an engine. The only place where it says what it refuses. */
export type Capabilities = Readonly<Record<ConstructId, Capability>>;

/** Where an option of the environment changes what an engine holds. */
export interface Variant {
  /** The option, as the configuration has it: `platform: vertex`. */
  readonly option: string;
  isChosen(plan: PipelinePlan): boolean;
  readonly capabilities: Partial<Capabilities>;
}

export const native = (how: string): Capability => ({ support: "native", how });
export const emulated = (how: string): Capability => ({ support: "emulated", how });
export const refused = (how: string): Capability => ({ support: "refused", how });
export const pending = (how: string): Capability => ({ support: "pending", how });

/** What of a plan an engine refuses, and what it takes and cannot carry out yet, read off its column of the table. */
export function checkCapabilities(
  plan: PipelinePlan,
  locate: Locate,
  target: string,
  column: Capabilities,
  variants: readonly Variant[] = [],
): Diagnostic[] {
  const chosen = variants.filter((variant) => variant.isChosen(plan));
  return constructIds.flatMap((id) => {
    const variant = chosen.find(({ capabilities }) => capabilities[id]);
    const { support, how } = variant?.capabilities[id] ?? column[id];
    if (support !== "refused" && support !== "pending") return [];
    const { name, find, refuse } = constructs[id];
    return find(plan, target).map((occurrence) => {
      const span = locate(occurrence.place);
      if (support === "refused") return refuse({ target, plan, occurrence, span, how, option: variant?.option });
      return diagnostic("target/not-yet-carried-out", span, { construct: named(name, occurrence) });
    });
  });
}
