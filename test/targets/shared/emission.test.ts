import fc from "fast-check";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { headerLines } from "../../../targets/shared/header.ts";
import { inertJson } from "../../../targets/shared/inert.ts";
import { Lines } from "../../../targets/shared/lines.ts";
import { engineName, taskName } from "../../../targets/shared/names.ts";
import { folded, marked, owned, quoted, writeYaml, type Yaml } from "../../../targets/shared/yaml.ts";
import { fixturePlan } from "../../support/fixture-plan.ts";

function written(document: Yaml): string {
  const lines = new Lines();
  writeYaml(lines, document);
  return lines.text();
}

it("a document is written in block style, strings quoted, own words plain, comments and places at their line", () => {
  const place = { file: "a.retrain", line: 3, column: 1, endLine: 3, endColumn: 5 };
  const lines = new Lines();
  writeYaml(lines, {
    kind: owned("WorkflowTemplate"),
    list: [{ name: "a", args: ["x", "on"] }, marked({ name: "b", empty: [] }, place, "line 3")],
    nothing: undefined,
    yes: owned("yes"),
    nested: { "with space": 1, deep: { flag: true, none: null } },
  });
  expect(lines.text()).toBe(
    [
      "kind: WorkflowTemplate",
      "list:",
      '  - name: "a"',
      "    args:",
      '      - "x"',
      '      - "on"',
      "  # line 3",
      '  - name: "b"',
      "    empty: []",
      '"yes": "yes"',
      "nested:",
      '  "with space": 1',
      "  deep:",
      "    flag: true",
      '    "none": null',
      "",
    ].join("\n"),
  );
  expect(lines.mapped).toEqual([{ line: 8, place }]);
});

it("a long text that is broken over lines is the same text to readers of both versions", () => {
  const piece = fc.oneof(fc.constantFrom(",", ", ", ",\t", '","', "\\", '"', " "), fc.string({ maxLength: 60 }));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const text = pieces.join("");
      const out = written({ args: ["tick", folded(text)], after: 1 });
      for (const version of ["1.1", "1.2"] as const)
        expect(parse(out, { version })).toEqual({ args: ["tick", text], after: 1 });
    }),
    { numRuns: 1000 },
  );
  const plan = inertJson(fixturePlan());
  const lines = written({ args: [folded(plan)] }).split("\n");
  expect(lines.length).toBeGreaterThan(50);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(200);
});

it("any text and any document comes back from a reader as it went in", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(parse(quoted(text))).toBe(text);
    }),
    { numRuns: 2000 },
  );
  const value = fc.letrec<{ value: Yaml }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.string({ unit: "grapheme" }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.dictionary(
        fc.string().filter((key) => key !== "__proto__"),
        tie("value"),
        { maxKeys: 4, noNullPrototype: true },
      ),
      fc.array(
        tie("value").filter((item) => !Array.isArray(item)),
        { maxLength: 4 },
      ),
    ),
  })).value;
  fc.assert(
    fc.property(value, (document) => {
      expect(parse(written(document))).toEqual(document);
    }),
    { numRuns: 2000 },
  );
});

it("inert JSON means nothing to anybody and gives the value back", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = inertJson(value);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(text).toMatch(/^[ -~]*$/);
      expect(text).not.toMatch(/\{\{|\$\{|\$\(|[<>&'`%#]/);
    }),
    { numRuns: 2000 },
  );
});

it("derived names fit every engine and differ where the texts differ", () => {
  expect(engineName("fraud_scorer", 52)).toBe("fraud-scorer");
  expect(taskName("gate.offline")).toBe("gate-offline");
  const near = ["fraud_scorer", "fraud-scorer", "Fraud_scorer", "fraud__scorer", "_fraud", "9fraud", "", "\u{1f600}"];
  const long = ["a".repeat(80), `${"a".repeat(79)}b`];
  const names = [...near, ...long].map((text) => engineName(text, 40));
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z][-a-z0-9]{0,38}[a-z0-9]$/);
});

it("the head of a file holds nothing that a policy could use to say something else", () => {
  const plan = fixturePlan();
  const hostile = { ...plan, policy: { ...plan.policy, file: "a\n{{x}}.retrain" } };
  expect(headerLines(hostile, "argo").join("\n")).not.toMatch(/\{\{|\n\{/);
  expect(headerLines(hostile, "argo")).toHaveLength(4);
});
