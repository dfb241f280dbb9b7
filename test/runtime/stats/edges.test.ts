import { expect, it } from "vitest";
import { placements } from "../../../runtime/stats/auc.ts";
import { incompleteBeta, logBeta, studentQuantile } from "../../../runtime/stats/beta.ts";
import { bootstrapInterval } from "../../../runtime/stats/bootstrap.ts";
import { drift } from "../../../runtime/stats/drift.ts";
import { chiSquareQuantile, gammaLower, gammaUpper, logGamma } from "../../../runtime/stats/gamma.ts";
import { prepareMetric } from "../../../runtime/stats/metric.ts";
import { normalQuantile } from "../../../runtime/stats/normal.ts";
import { meanInterval } from "../../../runtime/stats/paired.ts";
import { tango, wilson } from "../../../runtime/stats/proportion.ts";
import { nearestRank, quantileBounds } from "../../../runtime/stats/quantile.ts";
import { below, uniform, xoshiro128 } from "../../../runtime/stats/random.ts";
import { signChange } from "../../../runtime/stats/root.ts";
import { betaBinomialBounds } from "../../../runtime/stats/sequence.ts";

const numbers = (...values: number[]) => Float64Array.from(values);

it("answers NaN outside of a function's range instead of a wrong number", () => {
  const outside = [
    logGamma(0),
    logGamma(-1),
    gammaUpper(0, 1),
    gammaUpper(1, -1),
    gammaLower(-1, 1),
    incompleteBeta(1.1, 1, 1),
    incompleteBeta(0.5, 0, 1),
    logBeta(0, 1),
    normalQuantile(1.1),
    normalQuantile(Number.NaN),
    chiSquareQuantile(1, 3),
    chiSquareQuantile(0.5, 0),
    studentQuantile(0, 3),
  ];
  expect(outside.every(Number.isNaN)).toBe(true);
  expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
  expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
});

it("finds a sign change to the last digit and answers an end where there is none", () => {
  expect(signChange((x) => x * x - 2, 0, 2)).toBeCloseTo(Math.SQRT2, 15);
  expect(signChange((x) => x + 1, 0, 2)).toBe(0);
  expect(signChange((x) => x - 3, 0, 2)).toBe(2);
});

it("has no AUC where a class is missing, and one half where all scores are equal", () => {
  expect(placements(numbers(1, 1), numbers(0.1, 0.2)).auc).toBeNaN();
  expect(placements(numbers(1, 0, 1), numbers(0.5, 0.5, 0.5)).auc).toBe(0.5);
  expect(placements(numbers(1, 0), numbers(0.9, 0.1)).auc).toBe(1);
});

it("leaves metrics undefined where they divide by nothing", () => {
  const rows = { label: numbers(1, 0), score: numbers(0.1, 0.2), decision: numbers(0, 0) };
  expect(prepareMetric("precision", rows).statistic()).toBeNaN();
  expect(prepareMetric("recall", rows).statistic()).toBe(0);
  expect(prepareMetric("recall", rows).statistic(numbers(0, 1))).toBeNaN();
  const constant = { label: numbers(5, 5), score: numbers(4, 6), decision: numbers(0, 0) };
  expect(prepareMetric("r2", constant).statistic()).toBeNaN();
  const zeros = { label: numbers(0, 0, 1), score: numbers(1, 1, 1), decision: numbers(0, 0, 0) };
  expect(prepareMetric("mape", zeros).statistic()).toBeNaN();
  expect(prepareMetric("wape", { ...zeros, label: numbers(0, 0, 0) }).statistic()).toBeNaN();
});

it("weighs pinball loss by its quantile", () => {
  const rows = { label: numbers(10, 10), score: numbers(8, 13), decision: numbers(0, 0) };
  expect(prepareMetric("pinball", rows, 0.9).statistic()).toBeCloseTo((0.9 * 2 + 0.1 * 3) / 2, 12);
});

it("keeps the log loss of a sure and wrong score finite", () => {
  const rows = { label: numbers(1, 0), score: numbers(0, 0), decision: numbers(0, 0) };
  expect(prepareMetric("log_loss", rows).statistic()).toBeCloseTo(-Math.log(Number.EPSILON) / 2, 10);
});

it("keeps equal scores in one calibration bin", () => {
  const n = 3000;
  const score = Float64Array.from({ length: n }, (_, row) => (row % 2 === 0 ? 0.2 : 0.6));
  const label = Float64Array.from({ length: n }, (_, row) => (row % 10 === 0 || row % 2 === 1 ? 1 : 0));
  const error = prepareMetric("calibration_error", { label, score, decision: label }).statistic();
  expect(error).toBeCloseTo(0.5 * 0 + 0.5 * 0.4, 12);
});

it("compares only bins that somebody fell into", () => {
  expect(drift("psi", [100, 0, 300], [90, 0, 310])).toEqual(drift("psi", [100, 300], [90, 310]));
  expect(drift("psi", [0, 0], [1, 2]).value).toBeNaN();
  expect(drift("hellinger", [5, 5], [500, 500]).value).toBeCloseTo(0, 7);
  expect(drift("chi_square", [1, 1, 1], [1, 1, 1])).toEqual({ value: 0, noiseBound: 0, p: 1 });
});

it("pools cells of the chi-square test until each is expected to hold five, and no further", () => {
  const pooled = drift("chi_square", [40, 6, 3, 3], [40, 8, 3, 2]);
  const byHand = drift("chi_square", [40, 6, 6], [40, 8, 5]);
  expect(pooled).toEqual(byHand);
  expect(pooled.p).not.toBe(drift("chi_square", [40, 12], [40, 13]).p);
});

it("counts half of the ties in the bias of the bootstrap, so that a symmetric sample has a symmetric interval", () => {
  const statistic = (counts?: Float64Array) => {
    let ones = 0;
    for (let unit = 0; unit < 20; unit++) ones += counts?.[unit] ?? 1;
    return ones / 40;
  };
  const { low, high, value } = bootstrapInterval({ units: 40, statistic }, 0.95, xoshiro128([3, 1, 4, 1]), 20_000);
  expect(value).toBe(0.5);
  expect(high - value).toBeCloseTo(value - low, 10);
});

it("stays below the noise bound in about 95 % of samples without drift", () => {
  const next = xoshiro128([1, 2, 3, 5]);
  const rounds = 600;
  const bins = (n: number) => {
    const counts = new Array<number>(10).fill(0);
    for (let row = 0; row < n; row++) {
      const bin = below(next, 10);
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    return counts;
  };
  for (const name of ["psi", "js_distance", "js_divergence", "hellinger", "tvd", "l_infinity", "chi_square"] as const) {
    let over = 0;
    for (let round = 0; round < rounds; round++) {
      const { value, noiseBound } = drift(name, bins(1000), bins(700));
      if (value > noiseBound) over++;
    }
    expect(over / rounds, name).toBeLessThanOrEqual(0.05 + 3 * Math.sqrt((0.05 * 0.95) / rounds));
    if (name !== "tvd") expect(over / rounds, name).toBeGreaterThan(0.015);
  }
});

it("gives intervals that do not move where nothing varies", () => {
  expect(wilson(0, 0, 0.95)).toEqual({ low: 0, high: 1 });
  expect(wilson(0, 20, 0.95).low).toBe(0);
  expect(wilson(20, 20, 0.95).high).toBe(1);
  const same = tango(0, 0, 500, 0.95);
  expect(same.difference).toBe(0);
  expect(same.low).toBeLessThan(0);
  expect(same.low).toBeCloseTo(-same.high, 12);
  const constant = bootstrapInterval({ units: 40, statistic: () => 0.25 }, 0.95, xoshiro128([1, 1, 1, 1]), 100);
  expect(constant).toEqual({ value: 0.25, low: 0.25, high: 0.25, standardError: 0, undefinedShare: 0 });
  expect(meanInterval(numbers(3), 0.95).low).toBeNaN();
});

it("counts the resamples in which a statistic is undefined", () => {
  const some = bootstrapInterval(
    { units: 5, statistic: (counts) => ((counts?.[0] ?? 1) > 0 ? (counts?.[0] ?? 1) : Number.NaN) },
    0.95,
    xoshiro128([2, 1, 1, 1]),
    4000,
  );
  expect(some.undefinedShare).toBeCloseTo(0.8 ** 5, 1);
});

it("uses 200 groups for the jackknife of many units and finds the same skewness", () => {
  const next = xoshiro128([8, 1, 1, 1]);
  const values = Float64Array.from({ length: 2000 }, () => -Math.log(1 - uniform(next)));
  const statistic = (counts?: Float64Array) => {
    let sum = 0;
    let all = 0;
    values.forEach((value, row) => {
      sum += value * (counts?.[row] ?? 1);
      all += counts?.[row] ?? 1;
    });
    return sum / all;
  };
  const { low, high, value } = bootstrapInterval({ units: 2000, statistic }, 0.95, xoshiro128([9, 1, 1, 1]), 1000);
  expect(value - low).toBeCloseTo(1.645 / Math.sqrt(2000), 2);
  expect(high - value).toBeGreaterThan(0.03);
});

it("takes quantiles by nearest rank and leaves bounds open where n is too small", () => {
  const ten = Float64Array.from({ length: 10 }, (_, index) => index + 1);
  expect([0.05, 0.1, 0.11, 0.5, 0.95, 1].map((q) => nearestRank(ten, q))).toEqual([1, 1, 2, 5, 10, 10]);
  expect(quantileBounds(ten, 0.99, 0.95).high).toBeNull();
  expect(quantileBounds(ten, 0.01, 0.95).low).toBeNull();
});

it("leaves a sequence without any trial open", () => {
  expect(betaBinomialBounds({ events: 0, trials: 0 }, 0.05)).toEqual({ low: 0, high: 1 });
});

it("draws numbers evenly, the same for the same seed, also from a seed of zeros", () => {
  const next = xoshiro128([0, 0, 0, 0]);
  const counts = new Array<number>(7).fill(0);
  for (let draw = 0; draw < 70_000; draw++) {
    const value = below(next, 7);
    counts[value] = (counts[value] ?? 0) + 1;
  }
  for (const one of counts) expect(Math.abs(one - 10_000)).toBeLessThan(400);
  const seed = [5, 6, 7, 8] as const;
  expect(Array.from({ length: 20 }, xoshiro128(seed))).toEqual(Array.from({ length: 20 }, xoshiro128(seed)));
});
