import { expect, it } from "vitest";
import { disagreements, functions } from "./agreement.ts";

it("has reference values of many functions", () => {
  expect(functions.length).toBeGreaterThan(45);
});

it.each(functions)("agrees with the reference values of %s", (name) => {
  expect(disagreements(name)).toEqual([]);
});
