import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { lower } from "../../../../compiler/lower/lower.ts";
import { renderCompact } from "../../../../language/diagnostics/render/compact.ts";
import { sourcesOf } from "../../../../language/diagnostics/render/position.ts";
import { renderPretty } from "../../../../language/diagnostics/render/pretty.ts";
import { checkText } from "../../../support/check-text.ts";
import { localBindings } from "../../../support/local-bindings.ts";

const corpus = join(import.meta.dirname, "../../../corpus/semantics");
const texts = readdirSync(corpus).map((name) => readFileSync(join(corpus, name, "policy.retrain"), "utf8"));
const words = texts.map(
  (text) => text.match(/"[^"\n]*"|[A-Za-z_]+|\.\.|[><=!]=|[0-9][0-9_]*(?:\.[0-9]+)?[a-z%]*|[^\s]/gu) ?? [],
);

/** A policy in which some words were removed, doubled or replaced by words of other policies. */
const damaged = fc
  .tuple(
    fc.nat(texts.length - 1),
    fc.array(
      fc.record({
        at: fc.nat(2_000),
        action: fc.constantFrom("remove", "double", "replace"),
        from: fc.nat(texts.length - 1),
        word: fc.nat(2_000),
      }),
      {
        minLength: 1,
        maxLength: 6,
      },
    ),
  )
  .map(([which, edits]) => {
    const text = [...(words[which] ?? [])];
    for (const { at, action, from, word } of edits) {
      const place = at % text.length;
      const old = text[place] ?? "";
      const pool = words[from] ?? [];
      if (action === "remove") text.splice(place, 1);
      else if (action === "double") text.splice(place, 0, old);
      else text[place] = pool[word % pool.length] ?? old;
    }
    return text.join(" ");
  });

it("never throws, never makes a plan of a policy with errors, and places everything inside of the text", () => {
  fc.assert(
    fc.property(damaged, (text) => {
      const { source, policies, diagnostics } = checkText(text);
      for (const { span, labels, fixes } of diagnostics) {
        const spans = [
          span,
          ...labels.map((label) => label.span),
          ...fixes.flatMap((fix) => fix.edits.map((edit) => edit.span)),
        ];
        for (const one of spans) {
          expect(one.start).toBeGreaterThanOrEqual(0);
          expect(one.end).toBeGreaterThanOrEqual(one.start);
          expect(one.end).toBeLessThanOrEqual(text.length);
        }
      }
      renderPretty(diagnostics, sourcesOf([source]));
      renderCompact(diagnostics, sourcesOf([source]));
      const broken = diagnostics.some(({ severity }) => severity === "error");
      for (const policy of policies) {
        const { plan } = lower(policy, localBindings("churn"));
        if (plan !== undefined) expect(broken).toBe(false);
      }
    }),
    { numRuns: 1_000 },
  );
});

it("gives the same diagnostics for the same text", () => {
  fc.assert(
    fc.property(damaged, (text) => {
      expect(checkText(text).diagnostics).toEqual(checkText(text).diagnostics);
    }),
    { numRuns: 100 },
  );
});
