import { suggest } from "../diagnostics/suggest.ts";
import { scanSubstitutions } from "../syntax/substitution.ts";
import type { Text } from "../syntax/tree.ts";
import type { Span } from "../text/source.ts";
import type { Collector } from "./collector.ts";

/** A `${...}` in a text, with its place. */
export interface Substitution {
  readonly written: string;
  readonly span: Span;
}

/** The substitutions of a text; `$${` is a literal, and what is no substitution at all is left out. */
export function substitutionsOf(text: Text): Substitution[] {
  return scanSubstitutions(text).parts.flatMap((part) => {
    if (part.kind === "literal") return [];
    return [{ written: part.kind === "parameter" ? part.name : part.path.join("."), span: part.span }];
  });
}

/** What can be filled into the command and env of a step. */
function knownSubstitutions(datasets: Iterable<string>): string[] {
  const ofData = [...datasets].flatMap((name) =>
    ["uri", "window.start", "window.end", "snapshot", "source"].map((part) => `${name}.${part}`),
  );
  return [...ofData, "challenger.uri", "champion.uri", "predictions.uri", "metrics.uri", "run.id"];
}

/** Reports substitutions of a step's text that nothing will fill in. Returns what the text refers to. */
export function checkSubstitutions(
  text: Text,
  datasets: Iterable<string>,
  incomplete: boolean,
  out: Collector,
): string[] {
  const known = knownSubstitutions(datasets);
  out.diagnostics.push(...scanSubstitutions(text).diagnostics);
  const found = substitutionsOf(text);
  for (const { written, span } of found) {
    if (known.includes(written) || incomplete) continue;
    const suggestion = suggest(written, known);
    const fixes =
      suggestion === undefined
        ? []
        : [{ label: `write \`\${${suggestion}}\``, edits: [{ span, text: `\${${suggestion}}` }] }];
    out.report("policy/unknown-substitution", span, { written, suggestion, known }, { fixes });
  }
  return found.map(({ written }) => written);
}

/** Reports run-time values in a text that is not filled in. */
export function refuseSubstitutions(text: Text, where: string, out: Collector): void {
  for (const { written, span } of substitutionsOf(text))
    out.report("policy/substitution-not-here", span, { written, where });
}
