import type { Diagnostic, Severity } from "../../language/diagnostics/diagnostic.ts";
import type { Session } from "./session.ts";
import type { Style } from "./terminal.ts";

const STYLES: Readonly<Record<Severity, Style>> = { error: "red", warning: "yellow", info: "cyan" };

/** `3 policies, 0 errors, 1 warning`; notes are counted where there are any. */
export function tally(session: Session, policies: number, diagnostics: readonly Diagnostic[]): string {
  const counts = (["error", "warning", "info"] as const).flatMap((severity) => {
    const number = diagnostics.filter((one) => one.severity === severity).length;
    if (severity === "info" && number === 0) return [];
    const text = counted(number, severity === "info" ? "note" : severity);
    return [number === 0 ? text : session.errorPaint(STYLES[severity], text)];
  });
  return [counted(policies, "policy", "policies"), ...counts].join(", ");
}

/** `1 file`, `2 files`. */
export function counted(number: number, one: string, many = `${one}s`): string {
  // Not by Intl: loading it costs a tenth of the whole command.
  const digits = String(number).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${digits} ${number === 1 ? one : many}`;
}
