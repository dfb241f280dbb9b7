import { readdirSync, readFileSync } from "node:fs";
import type { FairnessMeasure } from "../../../compiler/plan/measure.ts";
import { fairnessLevel } from "../../../runtime/judge/fairness.ts";
import { aucCovariance, aucDifference, aucVariance, midranks, placements } from "../../../runtime/stats/auc.ts";
import { incompleteBeta, studentQuantile, studentUpper } from "../../../runtime/stats/beta.ts";
import { binomialCdf, binomialDensity, binomialTest, binomialUpper } from "../../../runtime/stats/binomial.ts";
import { countBins, decileEdges } from "../../../runtime/stats/bins.ts";
import { bootstrapInterval } from "../../../runtime/stats/bootstrap.ts";
import {
  type Average,
  type ClassMetricName,
  type ClassRows,
  prepareClassMetric,
} from "../../../runtime/stats/classes.ts";
import { type DriftName, drift } from "../../../runtime/stats/drift.ts";
import { chiSquareQuantile, chiSquareUpper, gammaLower, gammaUpper, logGamma } from "../../../runtime/stats/gamma.ts";
import { gapOf, smirnovNoise, wasserstein } from "../../../runtime/stats/gap.ts";
import { kolmogorovQuantile, kolmogorovUpper, smirnovTest } from "../../../runtime/stats/kolmogorov.ts";
import { type MetricName, type MetricRows, prepareMetric } from "../../../runtime/stats/metric.ts";
import { mmd } from "../../../runtime/stats/mmd.ts";
import { benjaminiHochberg, holm } from "../../../runtime/stats/multiple.ts";
import { normalCdf, normalQuantile, normalUpper } from "../../../runtime/stats/normal.ts";
import { mcnemar, meanAndDeviation, meanInterval } from "../../../runtime/stats/paired.ts";
import { differenceOf, ratioOf, tango, wilson } from "../../../runtime/stats/proportion.ts";
import { fewestForUpperBound, nearestRank, quantileBounds } from "../../../runtime/stats/quantile.ts";
import { xoshiro128 } from "../../../runtime/stats/random.ts";
import { prepareRanking, type RankingMetricName } from "../../../runtime/stats/ranking.ts";
import { asymptoticRadius, betaBinomialBounds, mixtureScale } from "../../../runtime/stats/sequence.ts";
import { logShareEvidence } from "../../../runtime/stats/share.ts";
import { clusteredShare } from "../../../runtime/stats/share-of-clusters.ts";

interface Case {
  readonly source?: string;
  readonly function: string;
  readonly arguments: readonly unknown[];
  readonly expected: unknown;
  /** Relative to the expected value where that is above 1e-3 in magnitude or is a tail probability, else absolute. */
  readonly tolerance: number;
}

const folder = new URL(".", import.meta.url);
/** Published vectors and values of other programs: one file a function in each folder. */
const cases: Case[] = ["vectors", "goldens"].flatMap((kind) =>
  readdirSync(new URL(kind, folder)).flatMap((file) =>
    readFileSync(new URL(`${kind}/${file}`, folder), "utf8")
      .trim()
      .split("\n")
      .map((line) => ({ ...(JSON.parse(line) as Omit<Case, "function">), function: file.replace(".jsonl", "") })),
  ),
);

const numbers = (value: unknown) => Float64Array.from(value as number[]);

const bounded = (events: number, trials: number, level: number) => ({
  value: events / trials,
  ...wilson(events, trials, level),
});

const scalar: Record<string, (...values: number[]) => unknown> = {
  normalCdf,
  normalUpper,
  normalQuantile,
  logGamma,
  gammaUpper,
  gammaLower,
  incompleteBeta,
  chiSquareQuantile,
  chiSquareUpper,
  studentQuantile,
  studentUpper,
  binomialDensity,
  binomialCdf,
  binomialUpper,
  binomialTest,
  wilson,
  tango,
  mcnemar,
  mixtureScale,
  logShareEvidence,
  fewestForUpperBound,
  asymptoticRadius: (n, sigma, rho, alpha, sides) => asymptoticRadius(n, sigma, rho, alpha, sides === 2 ? 2 : 1),
  betaBinomialBounds: (events, trials, alpha) => betaBinomialBounds({ events, trials }, alpha),
  holm: (...p) => holm(p),
  benjaminiHochberg: (...p) => benjaminiHochberg(p),
  kolmogorovUpper,
  kolmogorovQuantile,
  smirnovTest: (d, n, m, ties) => smirnovTest(d, n, m, ties === 1),
  differenceOf: (k1, n1, k2, n2, level) => differenceOf(bounded(k1, n1, level), bounded(k2, n2, level)),
  ratioOf: (k1, n1, k2, n2, level) => ratioOf(bounded(k1, n1, level), bounded(k2, n2, level)),
  meanAndDeviation: (...values) => meanAndDeviation(numbers(values)),
  numAcc4: () =>
    meanAndDeviation(
      Float64Array.from({ length: 1001 }, (_, i) => (i === 0 ? 10000000.2 : i % 2 === 1 ? 10000000.1 : 10000000.3)),
    ),
  quantileRanks: (n, q, level) =>
    quantileBounds(
      Float64Array.from({ length: n }, (_, i) => i + 1),
      q,
      level,
    ),
  xoshiro128: (a, b, c, d) => {
    const next = xoshiro128([a, b, c, d]);
    return Array.from({ length: 5 }, next);
  },
  everyResample: (...values) => {
    const means = Float64Array.from({ length: 3125 }, (_, code) => {
      let sum = 0;
      for (let rest = code, draw = 0; draw < 5; draw++, rest = Math.floor(rest / 5)) sum += values[rest % 5] ?? 0;
      return Math.round(sum * 200) / 1000;
    }).sort();
    const { mean, deviation } = meanAndDeviation(means);
    return {
      mean,
      deviation: deviation * Math.sqrt(3124 / 3125),
      q05: nearestRank(means, 0.05),
      q95: nearestRank(means, 0.95),
      q025: nearestRank(means, 0.025),
      q975: nearestRank(means, 0.975),
      below: means.filter((value) => value < 0).length / 3125,
      zero: means.filter((value) => value === 0).length / 3125,
    };
  },
};

/** Through the judge: groups, rates and the largest difference or the least ratio of all pairs. */
function fairnessOf(name: FairnessMeasure["name"], group: string[], label: Float64Array, decision: Float64Array) {
  const measure: FairnessMeasure = { kind: "fairness", name, columns: ["group"], unit: "points", better: "lower" };
  const rows = { kind: "rows", label, challenger: decision, challengerDecision: decision, groups: { group } } as const;
  const context = {
    task: "binary",
    decidesAt: 0.5,
    champion: false,
    firstModel: "absolute_gates_only",
    policyDigest: "",
  } as const;
  const level = fairnessLevel(measure, rows, 0.95, context, { id: "gate.g.1" });
  return "value" in level ? level.value : level.reason;
}

const structured: Record<string, (one: Case) => unknown> = {
  delong: ({ arguments: [label, challenger, champion] }) => {
    const one = placements(numbers(label), numbers(challenger));
    const other = placements(numbers(label), numbers(champion));
    return {
      auc: one.auc,
      championAuc: other.auc,
      variance: aucVariance(one),
      championVariance: aucVariance(other),
      covariance: aucCovariance(one, other),
      standardError: aucDifference(one, other).standardError,
    };
  },
  midranks: ({ arguments: [values] }) => [...midranks(numbers(values))],
  meanInterval: ({ arguments: [values, level] }) => meanInterval(numbers(values), level as number),
  bootstrapMean: ({ arguments: [values, level] }) => {
    const given = numbers(values);
    const statistic = (counts?: Float64Array) =>
      given.reduce((sum, value, row) => sum + value * (counts?.[row] ?? 1), 0);
    const mean = (counts?: Float64Array) =>
      statistic(counts) / (counts?.reduce((sum, one) => sum + one, 0) ?? given.length);
    return bootstrapInterval(
      { units: given.length, statistic: mean },
      level as number,
      xoshiro128([5, 6, 7, 8]),
      50_000,
    );
  },
  metrics: ({ arguments: [rows, weight], expected }) => {
    const given = rows as Record<keyof MetricRows, number[]>;
    const prepared = { label: numbers(given.label), score: numbers(given.score), decision: numbers(given.decision) };
    const compute = (names: object, weights?: Float64Array) =>
      Object.fromEntries(
        Object.keys(names).map((name) => [name, prepareMetric(name as MetricName, prepared).statistic(weights)]),
      );
    const { plain, weighted } = expected as { plain: object; weighted: object };
    return { plain: compute(plain), weighted: compute(weighted, numbers(weight)) };
  },
  drift: ({ arguments: [reference, current], expected }) =>
    Object.fromEntries(
      Object.keys(expected as object).map((name) => {
        const { value, noiseBound } = drift(name as DriftName, reference as number[], current as number[]);
        return [name, [value, noiseBound]];
      }),
    ),
  gapOf: ({ arguments: [reference, current] }) => {
    const gap = gapOf(numbers(reference), numbers(current));
    const { value, noiseBound } = wasserstein(gap);
    return { ...gap, ties: Number(gap.ties), wasserstein: value, noise: noiseBound, smirnovNoise: smirnovNoise(gap) };
  },
  gapMissing: ({ arguments: [reference, current, before, now] }) =>
    gapOf(numbers(reference), numbers(current), { reference: before as number, current: now as number }).largest,
  mmd: ({ arguments: [reference, current, bandwidth] }) =>
    mmd(numbers(reference), numbers(current), xoshiro128([1, 2, 3, 4]), {
      permutations: 0,
      ...(bandwidth === undefined ? {} : { bandwidth: bandwidth as number }),
    }),
  mmdP: ({ arguments: [reference, current] }) =>
    mmd(numbers(reference), numbers(current), xoshiro128([1, 2, 3, 4]), { permutations: 4999 }).p,
  decileEdges: ({ arguments: [values] }) => decileEdges(numbers(values)),
  countBins: ({ arguments: [values, edges] }) => countBins(numbers(values), edges as number[]),
  flooredPsi: ({ arguments: [reference, current, epsilon] }) =>
    drift("psi", reference as number[], current as number[], { epsilon: epsilon as number }).value,
  classMetrics: ({ arguments: [given, classes, weight], expected }) => {
    const { label, decision, score } = given as Record<keyof ClassRows, number[]>;
    const rows = { label: numbers(label), decision: numbers(decision), score: numbers(score) };
    const compute = (names: object, weights?: Float64Array) =>
      Object.fromEntries(
        Object.keys(names).map((key) => {
          const [name, average] = key.split(" ") as [ClassMetricName, Average | undefined];
          return [key, prepareClassMetric(name, rows, classes as number, average ?? "macro").statistic(weights)];
        }),
      );
    const { plain, weighted } = expected as { plain: object; weighted: object };
    return { plain: compute(plain), weighted: compute(weighted, numbers(weight)) };
  },
  rankings: ({ arguments: [query, label, score], expected }) => {
    const rows = { query: query as string[], label: numbers(label), score: numbers(score) };
    return Object.fromEntries(
      Object.keys(expected as object).map((key) => {
        const [name, k] = key.split(" ") as [RankingMetricName, string];
        return [key, prepareRanking(name, rows, Number(k)).statistic()];
      }),
    );
  },
  clusteredShare: ({ arguments: [event, weight, cluster] }) =>
    clusteredShare(numbers(event), numbers(weight), cluster as string[]),
  fairness: ({ arguments: [group, label, decision], expected }) =>
    Object.fromEntries(
      Object.keys(expected as object).map((name) => [
        name,
        fairnessOf(name as FairnessMeasure["name"], group as string[], numbers(label), numbers(decision)),
      ]),
    ),
  chiSquareTest: ({ arguments: [reference, current] }) =>
    drift("chi_square", reference as number[], current as number[]),
};

function differs(actual: unknown, expected: unknown, tolerance: number, path = ""): string | undefined {
  if (typeof expected === "number") {
    if (typeof actual !== "number") return `${path}: ${actual} is not ${expected}`;
    const scale = Math.abs(expected) > 1e-3 || (expected > 0 && expected < 1) ? Math.abs(expected) : 1;
    return Math.abs(actual - expected) <= tolerance * scale ? undefined : `${path}: ${actual} is not ${expected}`;
  }
  if (expected === null) return undefined;
  for (const [key, value] of Object.entries(expected as object)) {
    const found = differs((actual as Record<string, unknown>)[key], value, tolerance, `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Functions that have reference values. */
export const functions: readonly string[] = [...new Set(cases.map((one) => one.function))];

/** What disagrees of one function, in words; empty where all its values agree. */
export function disagreements(name: string): readonly string[] {
  return cases
    .filter((one) => one.function === name)
    .flatMap((one) => {
      const actual = structured[name]?.(one) ?? scalar[name]?.(...(one.arguments as number[]));
      const difference = differs(actual, one.expected, one.tolerance);
      return difference === undefined ? [] : [`${JSON.stringify(one.arguments).slice(0, 80)} ${difference}`];
    });
}
