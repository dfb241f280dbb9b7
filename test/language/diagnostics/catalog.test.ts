import { expect, it } from "vitest";
import { catalog } from "../../../language/diagnostics/catalog/catalog.ts";
import { diagnostic } from "../../../language/diagnostics/report.ts";

const span = { path: "a.retrain", start: 0, end: 1 };

it("names every code by area and name in lower case", () => {
  for (const code of Object.keys(catalog)) expect(code).toMatch(/^[a-z]+\/[a-z0-9]+(?:-[a-z0-9]+)*$/u);
});

it("takes the texts of a diagnostic from the catalog, and a help of the place before that", () => {
  const found = diagnostic("gate/always-holds", span, { condition: "auc >= 0", measure: "auc" });
  expect(found).toMatchObject({
    code: "gate/always-holds",
    severity: "error",
    message: "`auc >= 0` always holds",
    labels: [],
    fixes: [],
  });
  expect(found.help).toBe(
    "The limit is the end of the range of `auc`, so this requires nothing. Write a limit inside the range, or remove the line.",
  );
  expect(diagnostic("gate/always-holds", span, { condition: "c", measure: "m" }, { help: "Other." }).help).toBe(
    "Other.",
  );
});

it("does not compile with a wrong code or without a parameter", () => {
  // @ts-expect-error: there is no such code.
  expect(() => diagnostic("gate/no-such-code", span, {})).toThrow();
  // @ts-expect-error: the measure is missing.
  expect(diagnostic("gate/always-holds", span, { condition: "c" }).code).toBe("gate/always-holds");
});
