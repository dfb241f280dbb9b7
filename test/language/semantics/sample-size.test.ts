import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import {
  positivesForAucMargin,
  quantileSamples,
  requestsForLimit,
  requestsForMargin,
  rowsForMeanMargin,
  rowsOfEqualRates,
  rowsOfFairModel,
  usualAucs,
} from "../../../language/semantics/sample-size.ts";
import { normalCdf, normalQuantile } from "../../../runtime/stats/normal.ts";
import { aucPasses } from "../../support/auc-passes.ts";
import { fairPasses } from "../../support/fair-passes.ts";

const written = (count: number) => count.toLocaleString("en");

it("computes the numbers of samples that a page offers", () => {
  const page = readFileSync(
    join(import.meta.dirname, "../../../docs/diagnostics/rollout/minimum-below-quantile.md"),
    "utf8",
  );
  expect(page).toContain(
    `${quantileSamples(0.99, 0.95)} requests for a p99, ${quantileSamples(0.95, 0.95)} for a p95, ${written(quantileSamples(0.999, 0.95))} for a p99.9`,
  );
});

it("agrees with the sample size of two rates, times what looking all the time costs", () => {
  const levels = (1.6449 + 0.8416) ** 2;
  const perArm = (levels * (2 * 0.01 * 0.99)) / 0.005 ** 2;
  expect(requestsForMargin(0.01, 0.005, 0.5) / (2.4 * perArm)).toBeCloseTo(1, 3);
  expect(requestsForMargin(0.01, 0.005, 0.05) / (2.4 * perArm)).toBeCloseTo(0.5 / 0.95, 3);
  expect(requestsForLimit(0.005, 0.01) / ((2.4 * levels * 0.005 * 0.995) / 0.005 ** 2)).toBeCloseTo(1, 3);
});

it("says how many rows a fair model needs: nine of ten runs pass with them, and few with a third", () => {
  const [groups, rate, limit] = [6, 0.1, 0.05];
  const needed = rowsOfFairModel(groups, rate, limit);
  expect(needed).toBeGreaterThan(1_400);
  expect(needed).toBeLessThan(1_600);
  const passes = (rows: number) => fairPasses(groups, rate, limit, rows);
  expect(passes(needed)).toBeGreaterThan(0.87);
  expect(passes(needed)).toBeLessThan(0.95);
  expect(passes(Math.round(needed / 3))).toBeLessThan(0.05);
  expect(passes(rowsOfEqualRates(rate, limit))).toBeLessThan(0.001);
});

it("has the normal quantiles of the AUCs for which it says needs", () => {
  for (const { auc, quantile } of usualAucs) expect(normalCdf(quantile)).toBeCloseTo(auc, 12);
});

it.each([
  { auc: 0.98, correlation: 0.99, margin: 0.002 },
  { auc: 0.9, correlation: 0.9, margin: 0.015 },
  { auc: 0.8, correlation: 0.99, margin: 0.006 },
])(
  "needs as many positives for an AUC as let equal versions pass by DeLong's interval in four of five runs: %j",
  (one) => {
    const needed = positivesForAucMargin(normalQuantile(one.auc), one.margin, one.correlation);
    expect(needed).toBeGreaterThan(150);
    const passed = aucPasses({ ...one, positives: needed, negatives: needed * 20, runs: 200 });
    expect(passed).toBeGreaterThan(0.7);
    expect(passed).toBeLessThan(0.88);
    expect(aucPasses({ ...one, positives: Math.ceil(needed / 4), negatives: needed * 5, runs: 400 })).toBeLessThan(0.5);
  },
);

it("needs ten positives for an AUC at least, and rows for a mean, and a simulation agrees", () => {
  expect(positivesForAucMargin(normalQuantile(0.98), 0.05)).toBe(10);
  expect(rowsForMeanMargin(0.1, 0.01)).toBe(619);
  let seed = 7;
  const uniform = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  const rows = rowsForMeanMargin(0.1, 0.01);
  let passed = 0;
  for (let run = 0; run < 2_000; run += 1) {
    let sum = 0;
    let squares = 0;
    for (let row = 0; row < rows; row += 1) {
      const difference = 0.1 * normal();
      sum += difference;
      squares += difference ** 2;
    }
    const mean = sum / rows;
    if (mean + 1.6449 * Math.sqrt((squares / rows - mean ** 2) / rows) <= 0.01) passed += 1;
  }
  // Equal versions pass in 80 %.
  expect(passed / 2_000).toBeGreaterThan(0.77);
  expect(passed / 2_000).toBeLessThan(0.83);
});
