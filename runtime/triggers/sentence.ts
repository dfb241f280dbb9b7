import type { Cause, SingleCause } from "../../compiler/plan/monitor.ts";
import type { Instant } from "../clock/clock.ts";

/** `2001-04-15 09:00Z`; seconds only where there are any. */
export function written(at: Instant): string {
  const text = new Date(at).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, text.slice(17, 19) === "00" ? 16 : 19)}Z`;
}

/** A number with at most three significant digits after a leading zero, without trailing zeros. */
export function writtenNumber(value: number): string {
  return Math.abs(value) >= 1000 ? Math.round(value).toLocaleString("en-US") : String(Number(value.toPrecision(3)));
}

/** The condition of a cause without the word of its kind, its hysteresis and its streak. */
export function conditionText(cause: Cause): string {
  return cause.text
    .replace(/^(drift|decay|data|event|schedule)\s+/, "")
    .replace(/\s+(clears (below|above) \S+|for \S+( checks?)?|in \d+ of \d+ checks)(?=(\s|$))/g, "")
    .trim();
}

/** `psi(flights.distance) > 0.1 has held for 2 checks (0.13, 0.19)`. */
export function heldSentence(cause: SingleCause, checks: number, values: readonly number[], answer: string): string {
  if (cause.kind === "data" || cause.kind === "event" || cause.kind === "schedule") return answer;
  const numbers = values.length === 0 ? "" : ` (${values.map(writtenNumber).join(", ")})`;
  if (cause.streak?.kind === "of") {
    const { count, window } = cause.streak;
    return `${conditionText(cause)} has held in ${count} of ${window} checks${numbers}`;
  }
  if (checks < 2) return `${conditionText(cause)} holds${numbers}`;
  return `${conditionText(cause)} has held for ${checks} checks${numbers}`;
}
