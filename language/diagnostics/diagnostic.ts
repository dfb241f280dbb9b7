import type { Span } from "../text/source.ts";
import type { Code } from "./catalog/catalog.ts";

/** `error` stops compilation, `warning` and `info` never do by themselves. */
export type Severity = "error" | "warning" | "info";

/** A second place that matters, with a few words on why. */
export interface Label {
  readonly span: Span;
  readonly text: string;
}

/** Replaces the text of `span`; an empty span inserts. */
interface Edit {
  readonly span: Span;
  readonly text: string;
}

/** A change that would settle the diagnostic. A diagnostic with several fixes offers a choice. */
export interface Fix {
  readonly label: string;
  readonly edits: readonly Edit[];
}

/** What is wrong, where, why and what to do. Made by `diagnostic()` from the catalog, never by hand. */
export interface Diagnostic {
  readonly code: Code;
  readonly severity: Severity;
  /** One line: lower case, no full stop, words of the policy in back quotes. */
  readonly message: string;
  readonly span: Span;
  readonly labels: readonly Label[];
  /** Full sentences: why it matters and what to do. */
  readonly help?: string;
  readonly fixes: readonly Fix[];
}
