import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { allowance, generatorOf } from "./rehearsal.ts";
import results from "./results.json" with { type: "json" };
import { type Results, simulations, tablesOf } from "./table.ts";

const known: Results = results;

it("the page shows the figures that are kept here, and every simulation has some", () => {
  const page = readFileSync(new URL("../../docs/simulations.md", import.meta.url), "utf8");
  expect(page, "npm run simulations rewrites it").toContain(tablesOf(known));
  expect(Object.keys(known)).toEqual(simulations.map(({ name }) => name));
});

it.each(simulations)(
  "$name: a small dose stays where the figures are allowed to be",
  ({ name, rounds, dose, run, atMost, atLeast }) => {
    const found = run(dose, generatorOf(`${name}, again`));
    for (const [figures, count] of [
      [known[name] ?? {}, rounds],
      [found, dose],
    ] as const) {
      for (const [what, limit] of Object.entries(atMost ?? {})) {
        expect(figures[what], `${what} of ${count}`).toBeLessThanOrEqual(limit + allowance(limit, count));
      }
      for (const [what, limit] of Object.entries(atLeast ?? {})) {
        expect(figures[what], `${what} of ${count}`).toBeGreaterThanOrEqual(limit - allowance(limit, count));
      }
    }
    // The dose and the long run tell of the same thing.
    for (const [what, share] of Object.entries(known[name] ?? {})) {
      expect(Math.abs((found[what] ?? Number.NaN) - share), what).toBeLessThanOrEqual(
        1.5 * allowance(share, dose) + 0.01,
      );
    }
  },
);
