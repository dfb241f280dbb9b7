import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { diagnostic } from "../diagnostics/report.ts";
import type { Span } from "../text/source.ts";
import { readText, readTripleText } from "./text-value.ts";
import type { Text } from "./tree-values.ts";

/** A piece of a text. `parameter` is `${name}`, filled in when compiling; `reference` is `${root.member}`, filled in by a run. */
export type TextPart =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "parameter"; readonly name: string; readonly span: Span }
  | { readonly kind: "reference"; readonly path: readonly string[]; readonly span: Span };

const NAME = "[A-Za-z_][A-Za-z0-9_]*";
const substitution = new RegExp(String.raw`^\$\{(${NAME}(?:\.${NAME})*)\}`);

/** Cuts a text at its substitutions. `$${` means the characters `${`; a `$` before anything else is itself. */
export function scanSubstitutions(text: Text): { parts: readonly TextPart[]; diagnostics: readonly Diagnostic[] } {
  const { value, offsets } = text.triple ? readTripleText(text.raw) : readText(text.raw);
  const parts: TextPart[] = [];
  const diagnostics: Diagnostic[] = [];
  let literal = "";
  let index = 0;
  const close = (): void => {
    if (literal !== "") parts.push({ kind: "literal", text: literal });
    literal = "";
  };
  while (index < value.length) {
    const next = value.indexOf("$", index);
    if (next < 0) break;
    literal += value.slice(index, next);
    if (value.startsWith("$${", next)) {
      literal += "${";
      index = next + 3;
    } else if (value.startsWith("${", next)) {
      const [whole, written] = substitution.exec(value.slice(next, next + 300)) ?? [];
      const length = whole?.length ?? badLength(value, next);
      const span = spanOf(text, offsets, next, next + length);
      if (written === undefined) {
        diagnostics.push(diagnostic("syntax/bad-substitution", span, { written: value.slice(next, next + length) }));
        literal += value.slice(next, next + length);
      } else {
        close();
        const path = written.split(".");
        parts.push(path.length === 1 ? { kind: "parameter", name: written, span } : { kind: "reference", path, span });
      }
      index = next + length;
    } else {
      literal += "$";
      index = next + 1;
    }
  }
  literal += value.slice(index);
  close();
  return { parts, diagnostics };
}

/** A variable of a PromQL query with its place. */
export type QueryVariable = { readonly name: "version" | "revision" | "window"; readonly span: Span };

/** Finds the variables of a PromQL query: `$version` and `$revision` inside label strings, `$window` inside `[ ]`. */
export function scanQuery(text: Text): { variables: readonly QueryVariable[]; diagnostics: readonly Diagnostic[] } {
  const { value, offsets } = text.triple ? readTripleText(text.raw) : readText(text.raw);
  const variables: QueryVariable[] = [];
  const diagnostics: Diagnostic[] = [];
  let quote = "";
  let brackets = 0;
  for (let index = 0; index < value.length; index += 1) {
    const unit = value[index] ?? "";
    if (unit === "$") {
      const written = /^\$[A-Za-z_]\w*/.exec(value.slice(index, index + 100))?.[0] ?? "$";
      const span = spanOf(text, offsets, index, index + written.length);
      const name = written.slice(1);
      const inString = (name === "version" || name === "revision") && quote !== "";
      if (inString || (name === "window" && quote === "" && brackets > 0)) {
        variables.push({ name: name as QueryVariable["name"], span });
      } else {
        diagnostics.push(diagnostic("syntax/query-variable", span, { written }));
      }
      index += written.length - 1;
    } else if (quote !== "") {
      if (unit === "\\" && quote !== "`") index += 1;
      else if (unit === quote) quote = "";
    } else if (unit === '"' || unit === "'" || unit === "`") quote = unit;
    else if (unit === "[") brackets += 1;
    else if (unit === "]") brackets = Math.max(brackets - 1, 0);
  }
  return { variables, diagnostics };
}

/** What is shown of a substitution that does not close: up to its brace on the same line, or a few characters. */
function badLength(value: string, start: number): number {
  const close = /^[^\n}]{0,40}\}/.exec(value.slice(start, start + 60))?.[0].length;
  return close ?? 2;
}

function spanOf(text: Text, offsets: readonly number[], start: number, end: number): Span {
  const at = (index: number): number => {
    const unit = offsets[index] ?? text.raw.length;
    return text.offsets?.[unit] ?? text.span.start + unit;
  };
  return { path: text.span.path, start: at(start), end: at(end) };
}
