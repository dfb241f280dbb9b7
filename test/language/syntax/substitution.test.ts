// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are substitutions of the policy language
import { expect, it } from "vitest";
import { walk } from "../../../language/syntax/child-keys.ts";
import { parse } from "../../../language/syntax/parse.ts";
import { scanQuery, scanSubstitutions } from "../../../language/syntax/substitution.ts";
import type { Text } from "../../../language/syntax/tree.ts";
import { createSource, type Source, type Span, spanText } from "../../../language/text/source.ts";

function textIn(written: string): { source: Source; text: Text } {
  const source = createSource("p", `policy p { description ${written} }`);
  const found: Text[] = [];
  walk(parse(source).file, (node) => {
    if (node.kind === "Text") found.push(node);
    return undefined;
  });
  const [text] = found;
  if (text === undefined) throw new Error("no text");
  return { source, text };
}

const at = (source: Source, span: Span): string => spanText(source, span);

it("tells parameters, run-time references and plain text apart", () => {
  const { source, text } = textIn('"a ${product} b ${transactions.window.start} $${x} 5$ \\u{24}{y}"');
  const { parts, diagnostics } = scanSubstitutions(text);
  expect(parts.map((part) => (part.kind === "literal" ? part.text : `${part.kind} ${at(source, part.span)}`))).toEqual([
    "a ",
    "parameter ${product}",
    " b ",
    "reference ${transactions.window.start}",
    " ${x} 5$ ",
    "parameter \\u{24}{y}",
  ]);
  expect(diagnostics).toEqual([]);
});

it("names substitutions that are none, with their place", () => {
  const { source, text } = textIn('"${} ${a b} ${1} ${open"');
  const { diagnostics } = scanSubstitutions(text);
  expect(diagnostics.map((each) => `${each.code} ${at(source, each.span)}`)).toEqual([
    "syntax/bad-substitution ${}",
    "syntax/bad-substitution ${a b}",
    "syntax/bad-substitution ${1}",
    "syntax/bad-substitution ${",
  ]);
});

it("lets a query have its variables only where they are values", () => {
  const { source, text } = textIn('"""\n  rate(x{v="$version", r=\'$revision\'}[$window])\n"""');
  const { variables, diagnostics } = scanQuery(text);
  expect(variables.map((each) => `${each.name} ${at(source, each.span)}`)).toEqual([
    "version $version",
    "revision $revision",
    "window $window",
  ]);
  expect(diagnostics).toEqual([]);
});

it("refuses every other dollar sign of a query", () => {
  const { source, text } = textIn('"""x{v=$version, w="$window"}[$version] $ $other"""');
  const { diagnostics } = scanQuery(text);
  expect(diagnostics.map((each) => at(source, each.span))).toEqual(["$version", "$window", "$version", "$", "$other"]);
});
