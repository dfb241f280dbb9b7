import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { expect, it } from "vitest";
import { fingerprints } from "../../../../language/diagnostics/baseline/fingerprint.ts";
import type { Diagnostic } from "../../../../language/diagnostics/diagnostic.ts";
import { sourcesOf } from "../../../../language/diagnostics/render/position.ts";
import { renderSarif } from "../../../../language/diagnostics/render/sarif.ts";
import { diagnostic } from "../../../../language/diagnostics/report.ts";
import { parse } from "../../../../language/syntax/parse.ts";
import { createSource, type Source } from "../../../../language/text/source.ts";
import { checkText } from "../../../support/check-text.ts";
import { corpusCases } from "../../../support/corpus.ts";

/** The official schema, as the makers of the format publish it for tests. */
const official = join(
  import.meta.dirname,
  "../../../../node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json",
);

function validator() {
  const { $schema, id, ...schema } = JSON.parse(readFileSync(official, "utf8")) as Record<string, unknown>;
  // Draft 4 differs from what ajv reads in its `id` and in words that this schema does not use.
  expect(JSON.stringify(schema)).not.toContain("exclusiveM");
  expect(id).toContain("sarif-2.1.0");
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  ajv.addFormat("uri", (text: string) => /^[a-z][a-z0-9+.-]*:/i.test(text) && URL.canParse(text));
  ajv.addFormat(
    "uri-reference",
    (text: string) => /^[\w.~:/?#[\]@!$&'()*+,;=%-]*$/.test(text) && !/%(?![0-9A-F]{2})/i.test(text),
  );
  ajv.addFormat("date-time", (text: string) => !Number.isNaN(Date.parse(text)));
  return ajv.compile(schema);
}

const validate = validator();

function expectValid(text: string): void {
  validate(JSON.parse(text));
  expect(validate.errors ?? []).toEqual([]);
}

function render(source: Source, diagnostics: readonly Diagnostic[]): string {
  const names = fingerprints(diagnostics, [{ source, file: parse(source).file }]);
  const byFound = new Map(diagnostics.map((found, index) => [found, names[index]?.fingerprint]));
  return renderSarif(diagnostics, sourcesOf([source]), {
    version: "0.1.0",
    fingerprint: (found) => byFound.get(found),
  });
}

it("is valid by the official schema for everything that the corpus gives", () => {
  let results = 0;
  for (const part of ["syntax", "valid", "semantics"] as const) {
    for (const { name, text } of corpusCases(part)) {
      const { source, diagnostics } = checkText(text, `policies/${name}.retrain`);
      expectValid(render(source, diagnostics));
      results += diagnostics.length;
    }
  }
  expect(results).toBeGreaterThan(200);
});

it("is refused by the official schema when it is wrong, so that the test above says something", () => {
  const source = createSource("a", "x");
  const good = render(source, [diagnostic("syntax/list-comma", { path: "a", start: 0, end: 1 }, {})]);
  expect(validate(JSON.parse(good))).toBe(true);
  for (const [from, to] of [
    ['"level": "error"', '"level": "fatal"'],
    ['"startLine": 1', '"startLine": 0'],
    ['"helpUri": "https:', '"helpUri": "not an address:'],
    ['"version": "2.1.0"', '"version": "2.0.0"'],
  ] as const) {
    expect(good).toContain(from);
    expect(validate(JSON.parse(good.replace(from, to))), to).toBe(false);
  }
});

it("counts columns in UTF-16 units, names files by address and carries rules, fixes and fingerprints", () => {
  const path = "my policies/100% é #1.retrain";
  const source = createSource(path, "\u{1F600} gaet offline\n");
  const span = { path, start: 3, end: 7 };
  const fixes = [{ label: "write `gate`", edits: [{ span, text: "gate" }] }];
  const labels = [{ span: { path, start: 8, end: 15 }, text: "here" }];
  const text = render(source, [diagnostic("syntax/list-comma", span, {}, { fixes, labels })]);
  expectValid(text);
  const [run] = (JSON.parse(text) as { runs: readonly Record<string, unknown>[] }).runs;
  expect(run).toMatchObject({
    columnKind: "utf16CodeUnits",
    tool: {
      driver: { rules: [{ id: "syntax/list-comma", helpUri: "https://retrain.dev/diagnostics/syntax/list-comma" }] },
    },
    results: [
      {
        ruleId: "syntax/list-comma",
        ruleIndex: 0,
        level: "error",
        partialFingerprints: { "retrainFinding/v1": expect.stringMatching(/^[0-9a-f]{16}$/) },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: "my%20policies/100%25%20%C3%A9%20%231.retrain" },
              region: { startLine: 1, startColumn: 4, endLine: 1, endColumn: 8 },
            },
          },
        ],
        relatedLocations: [{ message: { text: "here" } }],
        fixes: [
          {
            artifactChanges: [
              {
                replacements: [{ deletedRegion: { startColumn: 4, endColumn: 8 }, insertedContent: { text: "gate" } }],
              },
            ],
          },
        ],
      },
    ],
  });
});
