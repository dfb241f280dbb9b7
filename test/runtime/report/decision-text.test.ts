import { expect, it } from "vitest";
import { decisionText } from "../../../runtime/report/decision-text.ts";
import { decisionRecord, shown } from "../../support/decision-record.ts";

const text = decisionText(shown(decisionRecord()));

it("no line is wider than 80 columns", () => {
  expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
});

it("the verdict stands first, and every requirement with its verdict", () => {
  expect(text.split("\n")[0]).toBe("flight_delays, gate.offline: fail");
  expect(text).toMatch(/^pass +challenger\.auc >= 0\.60 at 95% confidence$/m);
  expect(text).toMatch(/^fail +psi\(flights\.distance\) <= 0\.1 \(advisory\)$/m);
  expect(text).toMatch(/^ {2}skipped +champion\.auc >= 0\.60$/m);
  expect(text).toMatch(/^ +inconclusive +6: challenger\.auc has no answer/m);
});
