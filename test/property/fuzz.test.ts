import { expect, it } from "vitest";
import { examine } from "../fuzz/examine.ts";
import { fuzz } from "../fuzz/fuzz.ts";

/** Inputs a run: 100,000 take some two minutes of one core; `npm run fuzz` sends a million. */
const inputs = Number(process.env["RETRAIN_FUZZ_INPUTS"] ?? 100_000);

it("neither crashes nor hangs nor dawdles on mutated policies, of which at least 30 % get past the parser", async () => {
  const { parsed, problems, inputs: done } = await fuzz({ count: inputs, seed: 20_261_124, workers: 1 });
  expect(problems).toEqual([]);
  expect(done).toBe(inputs);
  expect(parsed / done).toBeGreaterThanOrEqual(0.3);
}, 900_000);

it("answers nesting of any depth with a diagnostic", () => {
  for (const depth of [1, 10, 63, 64, 65, 100, 1_000, 10_000, 100_000, 1_000_000]) {
    for (const [open, close] of [
      ["(", ")"],
      ["[", "]"],
      ["{", "}"],
    ] as const) {
      const closed = open.repeat(depth) + close.repeat(depth);
      for (const nested of [open.repeat(depth), closed]) {
        const { parsed, problem } = examine(`gate g { require a${nested} > 1 }\n`);
        expect(problem, `${depth} of ${open}`).toBe(undefined);
        expect(parsed, `${depth} of ${open}`).toBe(depth === 1 && nested === closed && open === "(");
      }
    }
  }
});
