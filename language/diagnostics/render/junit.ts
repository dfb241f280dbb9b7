import type { Diagnostic } from "../diagnostic.ts";
import { escapeControls } from "./escape.ts";
import { positionOf, type Sources } from "./position.ts";

/**
 * Diagnostics as a JUnit report, one document, ending in a newline: a suite a policy file, a case a diagnostic. A case fails
 * where the diagnostic fails the check; any other one passes and carries its text as output. A file without diagnostics is one
 * case that passes, so that a report shows what was checked. Without times and host, so that equal checks give equal bytes.
 */
export function renderJunit(
  diagnostics: readonly Diagnostic[],
  sources: Sources,
  fails: (found: Diagnostic) => boolean,
): string {
  const suites = new Map<string, Diagnostic[]>();
  for (const path of sources.keys()) if (path.endsWith(".retrain")) suites.set(path, []);
  for (const found of diagnostics) {
    const suite = suites.get(found.span.path);
    if (suite === undefined) suites.set(found.span.path, [found]);
    else suite.push(found);
  }
  const written = [...suites].map(([path, found]) => suiteOf(path, found, sources, fails));
  const tests = [...suites.values()].reduce((sum, found) => sum + Math.max(found.length, 1), 0);
  const failures = diagnostics.filter(fails).length;
  const head = `<testsuites name="retrain check" tests="${tests}" failures="${failures}" errors="0">`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${head}\n${written.join("")}</testsuites>\n`;
}

function suiteOf(
  path: string,
  diagnostics: readonly Diagnostic[],
  sources: Sources,
  fails: (found: Diagnostic) => boolean,
): string {
  const failures = diagnostics.filter(fails).length;
  const counts = `tests="${Math.max(diagnostics.length, 1)}" failures="${failures}" errors="0" skipped="0"`;
  const cases = diagnostics.map((found) => caseOf(path, found, sources, fails(found)));
  const passing = `    <testcase name="check" classname="${escaped(path)}"/>\n`;
  const body = cases.length === 0 ? passing : cases.join("");
  return `  <testsuite name="${escaped(path)}" ${counts}>\n${body}  </testsuite>\n`;
}

function caseOf(path: string, found: Diagnostic, sources: Sources, fails: boolean): string {
  const { line, column } = positionOf(found.span, sources).start;
  const name = `${found.code} at ${line}:${column}`;
  const open = `    <testcase name="${escaped(name)}" classname="${escaped(path)}" file="${escaped(path)}" line="${line}">`;
  const text = [`${path}:${line}:${column}: ${found.severity}: ${found.message}`, ...(found.help?.split("\n") ?? [])]
    .map(escaped)
    .join("\n");
  const inside = fails
    ? `<failure type="${found.severity}" message="${escaped(found.message)}">${text}</failure>`
    : `<system-out>${text}</system-out>`;
  return `${open}\n      ${inside}\n    </testcase>\n`;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Text for an attribute or for what stands between tags; what XML cannot hold at all is written as `\u{..}`. */
function escaped(text: string): string {
  return escapeControls(text)
    .replace(/[\uFFFE\uFFFF]/g, (sign) => `\\u{${sign.charCodeAt(0).toString(16)}}`)
    .replaceAll("\t", " ")
    .replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}
