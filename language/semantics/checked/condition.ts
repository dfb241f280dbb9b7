import type { Span } from "../../text/source.ts";
import type { Measure } from "./measure.ts";

/** How far a value may move: in the metric's own unit, or as a share of what it is compared with. Never negative. */
export interface CheckedMargin {
  readonly kind: "absolute" | "relative";
  readonly value: number;
}

export type Relation = ">=" | "<=" | ">" | "<" | "==" | "!=";

/** A condition with its names resolved and its quantities in one unit. Levels of confidence are one-sided, exclusive 0.5 to 1. */
export type CheckedTest =
  | {
      readonly kind: "threshold";
      readonly measure: Measure;
      readonly relation: Relation;
      readonly limit: number;
      readonly confidence?: number;
    }
  | {
      readonly kind: "range";
      readonly measure: Measure;
      readonly low: number;
      readonly high: number;
      readonly confidence?: number;
    }
  | {
      readonly kind: "comparison";
      readonly left: Measure;
      readonly claim: "not_worse" | "better";
      readonly right: Measure;
      readonly margin: CheckedMargin;
      readonly confidence: number;
    }
  | {
      readonly kind: "change";
      readonly measure: Measure;
      readonly direction: "drops" | "rises";
      readonly margin: CheckedMargin;
      readonly confidence: number;
    }
  | { readonly kind: "schema"; readonly dataset: string };

export type CountNoun = "rows" | "positives" | "negatives" | "requests" | "pairs";

/** The fewest of something that a requirement is judged on. */
export interface CheckedMinimum {
  readonly count: number;
  readonly of: CountNoun;
}

export interface CheckedRequirement {
  readonly kind: "requirement";
  readonly id: string;
  readonly role: "require" | "advisory" | "warn";
  readonly text: string;
  readonly span: Span;
  readonly test: CheckedTest;
  readonly forEach?: string;
  readonly minimum?: CheckedMinimum;
  readonly clusteredBy?: string;
  /** Groups with fewer are judged together. */
  readonly pool?: CheckedMinimum;
  /** Groups that are not judged, and why. */
  readonly exclude?: readonly { readonly group: string; readonly because: string }[];
}

export interface CheckedRequirementGroup {
  readonly kind: "group";
  readonly id: string;
  readonly atLeast: number;
  readonly members: readonly CheckedRequirement[];
  readonly span: Span;
}

export type CheckedRequirementItem = CheckedRequirement | CheckedRequirementGroup;

export type CheckedOnInconclusive =
  | { readonly action: "block" }
  | { readonly action: "proceed"; readonly because: string }
  | { readonly action: "hold"; readonly for: number; readonly then: "block" | "rollback" };

/** A gate, or the `validate` block of one dataset. */
export interface CheckedProgram {
  readonly id: string;
  readonly name: string;
  readonly requirements: readonly CheckedRequirementItem[];
  readonly onInconclusive: CheckedOnInconclusive;
  readonly observeOnly: boolean;
  readonly span: Span;
}
