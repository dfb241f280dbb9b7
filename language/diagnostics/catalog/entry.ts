import type { Severity } from "../diagnostic.ts";

/** What a code means: its severity, and its texts as functions of typed parameters. */
export interface Entry<Parameters> {
  readonly severity: Severity;
  readonly message: (parameters: Parameters) => string;
  readonly help?: (parameters: Parameters) => string;
}

/** Parameters of an entry that needs none: write `{}`. */
export type None = Record<never, never>;

type Text<Parameters> = (parameters: Parameters) => string;

function entry<Parameters>(severity: Severity, message: Text<Parameters>, help?: Text<Parameters>): Entry<Parameters> {
  return help === undefined ? { severity, message } : { severity, message, help };
}

/** An entry that stops compilation. */
export function error<Parameters = None>(message: Text<Parameters>, help?: Text<Parameters>): Entry<Parameters> {
  return entry("error", message, help);
}

/** An entry about something that works and is probably not meant. */
export function warning<Parameters = None>(message: Text<Parameters>, help?: Text<Parameters>): Entry<Parameters> {
  return entry("warning", message, help);
}

/** An entry that only informs. */
export function info<Parameters = None>(message: Text<Parameters>, help?: Text<Parameters>): Entry<Parameters> {
  return entry("info", message, help);
}
