import type { Diagnostic, Severity } from "../diagnostic.ts";
import { escapeControls } from "./escape.ts";
import { positionOf, type Sources } from "./position.ts";

/** Nothing that a check finds stops a service: `critical` and `blocker` are not used. */
const severities: Readonly<Record<Severity, "major" | "minor" | "info">> = {
  error: "major",
  warning: "minor",
  info: "info",
};

/**
 * Diagnostics as a Code Quality report of GitLab: one array, ending in a newline. The service tells findings apart by their
 * fingerprints; a diagnostic without one, which stands for several, gets one of its code and file.
 */
export function renderGitlab(
  diagnostics: readonly Diagnostic[],
  sources: Sources,
  fingerprint: (found: Diagnostic) => string | undefined,
): string {
  const issues = diagnostics.map((found) => {
    const { start, end } = positionOf(found.span, sources);
    return {
      type: "issue",
      check_name: found.code,
      description: escapeControls(found.message),
      ...(found.help === undefined ? {} : { content: { body: found.help } }),
      categories: ["Bug Risk"],
      severity: severities[found.severity],
      fingerprint: fingerprint(found) ?? `${found.code} ${found.span.path}`,
      location: { path: found.span.path, lines: { begin: start.line, end: end.line } },
    };
  });
  return `${JSON.stringify(issues, null, 2)}\n`;
}
