import type { Span } from "../../text/source.ts";
import { type Code, catalog } from "../catalog/catalog.ts";
import type { Diagnostic, Fix, Severity } from "../diagnostic.ts";
import { positionOf, type Sources } from "./position.ts";

/** Where the pages of diagnostics are published. */
export const pagesAddress = "https://retrain.dev/diagnostics/";

export interface SarifOptions {
  /** Version of retrain. */
  readonly version: string;
  /** The stable name of a diagnostic, so that a service tells old findings from new ones. */
  readonly fingerprint?: (found: Diagnostic) => string | undefined;
}

const levels: Readonly<Record<Severity, "error" | "warning" | "note">> = {
  error: "error",
  warning: "warning",
  info: "note",
};

/** Diagnostics as a SARIF 2.1.0 log with one run: rules with addresses of their pages, places in UTF-16 columns, fixes as replacements. */
export function renderSarif(diagnostics: readonly Diagnostic[], sources: Sources, options: SarifOptions): string {
  const codes = [...new Set(diagnostics.map(({ code }) => code))].sort();
  const indexes = new Map(codes.map((code, index) => [code, index]));
  const location = (span: Span) => physicalLocation(span, sources);
  const log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "retrain",
            version: options.version,
            informationUri: "https://retrain.dev/",
            rules: codes.map(ruleOf),
          },
        },
        columnKind: "utf16CodeUnits",
        invocations: [{ executionSuccessful: true }],
        results: diagnostics.map((found) => {
          const name = options.fingerprint?.(found);
          return {
            ruleId: found.code,
            ruleIndex: indexes.get(found.code) ?? -1,
            level: levels[found.severity],
            message: { text: found.help === undefined ? found.message : `${found.message}\n\n${found.help}` },
            locations: [{ physicalLocation: location(found.span) }],
            ...(found.labels.length === 0
              ? {}
              : {
                  relatedLocations: found.labels.map((label, id) => ({
                    id,
                    message: { text: label.text },
                    physicalLocation: location(label.span),
                  })),
                }),
            ...(name === undefined ? {} : { partialFingerprints: { "retrainFinding/v1": name } }),
            ...(found.fixes.length === 0 ? {} : { fixes: found.fixes.map((fix) => sarifFix(fix, sources)) }),
          };
        }),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function ruleOf(code: Code) {
  const [area = "", name = ""] = code.split("/");
  return {
    id: code,
    name: `${area} ${name}`.replace(/(?:^|[ -])([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: `${area}: ${name.replaceAll("-", " ")}` },
    helpUri: `${pagesAddress}${code}`,
    defaultConfiguration: { level: levels[catalog[code].severity] },
    properties: { tags: [area] },
  };
}

function physicalLocation(span: Span, sources: Sources) {
  return { artifactLocation: { uri: addressOf(span.path) }, region: regionOf(span, sources) };
}

/** A path with `/` as a relative reference: every character that has a meaning in an address is written by its number. */
function addressOf(path: string): string {
  const parts = path.split("/").map((part) => encodeURIComponent(part.toWellFormed()));
  return parts.join("/");
}

function regionOf(span: Span, sources: Sources) {
  const { start, end } = positionOf(span, sources);
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}

function sarifFix(fix: Fix, sources: Sources) {
  const paths = [...new Set(fix.edits.map(({ span }) => span.path))];
  return {
    description: { text: fix.label },
    artifactChanges: paths.map((path) => ({
      artifactLocation: { uri: addressOf(path) },
      replacements: fix.edits
        .filter(({ span }) => span.path === path)
        .map(({ span, text }) => ({ deletedRegion: regionOf(span, sources), insertedContent: { text } })),
    })),
  };
}
