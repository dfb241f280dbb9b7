import type { Instant } from "../clock/clock.ts";

/** A cause that a run carries, or would carry. */
export interface OfferedCause {
  readonly cause: string;
  /** Key of its episode. */
  readonly episode: string;
  readonly openedAt: Instant;
  /** 1 for the first run that carries it. */
  readonly attempt: number;
  readonly sentence: string;
}

/** Why an offered cause starts nothing now. */
export interface Suppression {
  readonly reason: "running" | "review" | "cooldown" | "budget" | "breaker" | "freeze" | "settle" | "row_set";
  /** More about the reason: which cooldown, which budget. A change of it is a change of reason. */
  readonly detail?: string;
  readonly until?: Instant;
  readonly sentence: string;
}

/** What a tick decided. */
export type Outcome =
  | {
      readonly kind: "fire";
      /** Deterministic key of the firing within its policy; a repeated start under it must do nothing. */
      readonly key: string;
      readonly causes: readonly OfferedCause[];
      /** `queue replace`: the run that this one takes the place of. */
      readonly replaces?: string;
      readonly sentence: string;
    }
  | {
      readonly kind: "suppressed";
      readonly causes: readonly OfferedCause[];
      readonly reasons: readonly Suppression[];
      /** Whether this is to be recorded: for at least one cause the reason is new. */
      readonly changed: boolean;
      readonly sentence: string;
    }
  | { readonly kind: "quiet"; readonly sentence: string };

/** Something worth a record or a message besides the outcome. */
export interface Note {
  readonly kind:
    | "opened"
    | "closed"
    | "unanswered"
    | "missed_schedule"
    | "skipped"
    | "refusals_in_a_row"
    | "breaker_opened"
    | "breaker_closed";
  readonly cause?: string;
  /** Whether somebody should be told. */
  readonly notify: boolean;
  readonly sentence: string;
}
