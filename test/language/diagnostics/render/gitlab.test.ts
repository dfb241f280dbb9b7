import { Ajv } from "ajv";
import { expect, it } from "vitest";
import { fingerprints } from "../../../../language/diagnostics/baseline/fingerprint.ts";
import { renderGitlab } from "../../../../language/diagnostics/render/gitlab.ts";
import { sourcesOf } from "../../../../language/diagnostics/render/position.ts";
import { diagnostic } from "../../../../language/diagnostics/report.ts";
import { parse } from "../../../../language/syntax/parse.ts";
import { createSource } from "../../../../language/text/source.ts";
import { checkText } from "../../../support/check-text.ts";
import { corpusCases } from "../../../support/corpus.ts";

/** What the service documents that it needs of a report. */
const validate = new Ajv().compile({
  type: "array",
  items: {
    type: "object",
    required: ["description", "check_name", "fingerprint", "severity", "location"],
    properties: {
      description: { type: "string", minLength: 1 },
      check_name: { type: "string", minLength: 1 },
      fingerprint: { type: "string", minLength: 1 },
      severity: { enum: ["info", "minor", "major", "critical", "blocker"] },
      location: {
        type: "object",
        required: ["path", "lines"],
        properties: {
          path: { type: "string", pattern: "^[^./]" },
          lines: {
            type: "object",
            required: ["begin"],
            properties: { begin: { type: "integer", minimum: 1 }, end: { type: "integer", minimum: 1 } },
          },
        },
      },
    },
  },
});

it("gives the service what it needs for everything that the corpus gives, with no fingerprint twice", () => {
  let results = 0;
  for (const { name, text } of [...corpusCases("syntax"), ...corpusCases("semantics")]) {
    const { source, diagnostics } = checkText(text, `policies/${name}.retrain`);
    const names = fingerprints(diagnostics, [{ source, file: parse(source).file }]);
    const report = renderGitlab(
      diagnostics,
      sourcesOf([source]),
      (found) => names[diagnostics.indexOf(found)]?.fingerprint,
    );
    const issues = JSON.parse(report) as { fingerprint: string }[];
    validate(issues);
    expect(validate.errors ?? [], name).toEqual([]);
    expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size, name).toBe(diagnostics.length);
    results += diagnostics.length;
  }
  expect(results).toBeGreaterThan(200);
});

it("names the lines that a place covers, and the code where there is no fingerprint", () => {
  const source = createSource("p.retrain", "one\ntwo\nthree\n");
  const found = diagnostic("syntax/list-comma", { path: "p.retrain", start: 4, end: 10 }, {});
  const [issue] = JSON.parse(renderGitlab([found], sourcesOf([source]), () => undefined)) as unknown[];
  expect(issue).toMatchObject({
    check_name: "syntax/list-comma",
    severity: "major",
    fingerprint: "syntax/list-comma p.retrain",
    location: { path: "p.retrain", lines: { begin: 2, end: 3 } },
  });
});
