import { expect, it, vi } from "vitest";
import { format } from "../../../language/format/format.ts";
import { check } from "../../../language/semantics/check.ts";
import { parse } from "../../../language/syntax/parse.ts";
import { createSource, positionAt } from "../../../language/text/source.ts";
import { processorTime } from "../../support/processor-time.ts";

// Many inputs: a busy machine takes its time.
vi.setConfig({ testTimeout: 300_000 });

/** What can be nested, opened and closed, and what stands around it. The language has no unary operators, so these are only repeated. */
const shapes: Readonly<
  Record<string, { readonly before: string; readonly open: string; readonly close: string; readonly after: string }>
> = {
  calls: { before: "gate g { require ", open: "f(", close: ")", after: " > 1 }" },
  parentheses: { before: "gate g { require a", open: "(", close: ")", after: " > 1 }" },
  lists: { before: "policy p { train { command ", open: "[", close: "]", after: " } }" },
  braces: { before: "gate g ", open: "{", close: "}", after: "" },
  groups: { before: "gate g { ", open: "any of { ", close: "} ", after: "}" },
  "groups of several": { before: "gate g { ", open: "at least 2 of { require a > 1 ", close: "} ", after: "}" },
  "groups of causes": { before: "policy p { trigger { ", open: "all of within 6h {\n", close: "}\n", after: "} }" },
  policies: { before: "", open: "policy p {\n", close: "}\n", after: "" },
  overrides: { before: "policy p { ", open: 'override because "x" {\n', close: "}\n", after: "}" },
  "minus signs": { before: "gate g { require a > ", open: "-", close: "", after: "1 }" },
  negations: { before: "gate g { require ", open: "not ", close: "", after: "a > 1 }" },
  members: { before: "gate g { require a", open: ".a", close: "", after: " > 1 }" },
  comments: { before: "", open: "/*", close: "*/", after: "" },
  substitutions: { before: 'policy p { owner "', open: "${", close: "}", after: '" }' },
};

const depths = [1, 2, 10, 60, 70, 1_000, 100_000, 1_000_000];

/** Milliseconds of the processor for a text of up to four megabytes. */
const patience = 15_000;

/** Nested so deeply that the file is refused at the bracket that is one too many. */
const bracketed = [
  "calls",
  "parentheses",
  "lists",
  "braces",
  "groups",
  "groups of several",
  "groups of causes",
  "policies",
  "overrides",
];

it.each(Object.keys(shapes))(
  "answers %s nested to a million with a diagnostic, quickly and without an exception",
  (name) => {
    const { before = "", open = "", close = "", after = "" } = shapes[name] ?? {};
    for (const depth of depths) {
      for (const closed of depth > 1_000 && !bracketed.includes(name) ? [true] : [true, false]) {
        const text = before + open.repeat(depth) + (closed ? close.repeat(depth) : "") + after;
        const source = createSource("p", text);
        const begin = processorTime();
        const parsed = parse(source);
        const { diagnostics } = check([{ source, ...parsed }]);
        const formatted = format(source, parsed);
        expect(processorTime() - begin, `${depth}`).toBeLessThan(patience);
        const codes = parsed.diagnostics.map(({ code }) => code);
        if (depth > 64)
          expect([...codes, ...diagnostics.map(({ code }) => code)].length, `${depth}`).toBeGreaterThan(0);
        expect(formatted.diagnostics.map(({ code }) => code)).not.toContain("internal/formatter");
        if (depth < 70 || !bracketed.includes(name)) continue;
        const isTooLarge = text.length > 4 * 1024 * 1024;
        expect(codes, `${depth}`).toEqual([isTooLarge ? "syntax/too-large" : "syntax/too-deep"]);
        if (isTooLarge) continue;
        // The place of the bracket that opens level 65.
        const levels = before.replace(/[^([{]/gu, "").length;
        const bracket = /[([{]/u.exec(open)?.index ?? 0;
        const at = before.length + (64 - levels) * open.length + bracket;
        expect(positionAt(source, parsed.diagnostics[0]?.span.start ?? -1), `${depth}`).toEqual(positionAt(source, at));
      }
    }
  },
);

it("reads sixty-four levels and refuses the sixty-fifth", () => {
  const nested = (levels: number): string =>
    `gate g { require ${"f(".repeat(levels - 1)}a${")".repeat(levels - 1)} > 1 }`;
  const codes = (text: string): string[] => parse(createSource("p", text)).diagnostics.map(({ code }) => code);
  expect(codes(nested(64))).toEqual([]);
  expect(codes(nested(65))).toEqual(["syntax/too-deep"]);
});
