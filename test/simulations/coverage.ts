import { aucVariance, placements } from "../../runtime/stats/auc.ts";
import { bootstrapInterval } from "../../runtime/stats/bootstrap.ts";
import { normalQuantile } from "../../runtime/stats/normal.ts";
import { meanInterval } from "../../runtime/stats/paired.ts";
import { differenceOf, ratioOf, tango, wilson } from "../../runtime/stats/proportion.ts";
import { quantileBounds } from "../../runtime/stats/quantile.ts";
import { type Generator, uniform } from "../../runtime/stats/random.ts";
import { alpha, events, normal, type Simulation } from "./rehearsal.ts";

const sizes = [30, 100, 1000] as const;
const level = 1 - alpha;

interface Ends {
  readonly low: number | null;
  readonly high: number | null;
}

/** An interval of `truth` from n draws; `extra` is what its ends may be wrong more often than 5 % at 30 and 100 rows, by what is known of the method. */
interface Method {
  readonly name: string;
  readonly truth: number;
  readonly extra: readonly [at30: number, at100: number, at1000: number];
  readonly rounds: number;
  draw(n: number, next: Generator): Ends;
}

const proportion = (n: number, next: Generator, rate: number) => {
  const k = events(next, n, rate);
  return { value: k / n, ...wilson(k, n, level) };
};

const methods: readonly Method[] = [
  {
    name: "wilson, 20 %",
    truth: 0.2,
    extra: [0.02, 0.02, 0.01],
    rounds: 2000,
    draw: (n, next) => proportion(n, next, 0.2),
  },
  {
    name: "tango, 8 % against 5 %",
    truth: 0.03,
    extra: [0.02, 0.02, 0.01],
    rounds: 2000,
    draw: (n, next) => {
      const b = events(next, n, 0.08);
      // Of the rest, so that a row is never both.
      return tango(b, events(next, n - b, 0.05 / 0.92), n, level);
    },
  },
  {
    name: "newcombe, 30 % minus 20 %",
    truth: 0.1,
    extra: [0.02, 0.02, 0.01],
    rounds: 2000,
    draw: (n, next) => differenceOf(proportion(n, next, 0.3), proportion(n, next, 0.2)),
  },
  {
    name: "donner-zou, 30 % over 20 %",
    truth: 1.5,
    extra: [0.02, 0.02, 0.01],
    rounds: 2000,
    draw: (n, next) => {
      const ends = ratioOf(proportion(n, next, 0.3), proportion(n, next, 0.2));
      return Number.isNaN(ends.value) ? { low: null, high: null } : ends;
    },
  },
  {
    name: "student, mean of normals",
    truth: 0,
    extra: [0, 0, 0],
    rounds: 2000,
    draw: (n, next) =>
      meanInterval(
        Float64Array.from({ length: n }, () => normal(next)),
        level,
      ),
  },
  {
    name: "delong, auc 0.714",
    truth: 0.7142,
    extra: [0.03, 0.02, 0.01],
    rounds: 600,
    draw: (n, next) => {
      const label = Float64Array.from({ length: n }, (_, row) => (row % 5 < 2 ? 1 : 0));
      const score = label.map((one) => normal(next) + 0.8 * one);
      const one = placements(label, score);
      const half = normalQuantile(level) * Math.sqrt(aucVariance(one));
      return { low: one.auc - half, high: one.auc + half };
    },
  },
  {
    name: "bca, mean of exponentials",
    truth: 1,
    extra: [0.06, 0.03, 0.015],
    rounds: 100,
    draw: (n, next) => {
      const values = Float64Array.from({ length: n }, () => -Math.log(1 - uniform(next)));
      const statistic = (counts?: Float64Array) => {
        let sum = 0;
        for (let row = 0; row < n; row++) sum += (values[row] as number) * (counts?.[row] ?? 1);
        return sum / n;
      };
      const resampled = {
        units: n,
        statistic: (counts?: Float64Array) => statistic(counts) * (counts === undefined ? 1 : n / total(counts)),
      };
      return bootstrapInterval(resampled, level, next, 1000);
    },
  },
  {
    name: "order statistics, p90",
    truth: 0.9,
    extra: [0, 0, 0],
    rounds: 2000,
    draw: (n, next) => quantileBounds(Float64Array.from({ length: n }, () => uniform(next)).sort(), 0.9, level),
  },
];

function total(counts: Float64Array): number {
  return counts.reduce((sum, one) => sum + one, 0);
}

/** How often the truth lies beyond an end of a one-sided 95 % interval; an end that is open is never wrong. */
export const coverage: readonly Simulation[] = methods.flatMap(({ name, truth, extra, rounds, draw }) =>
  sizes.map(
    (n, size): Simulation => ({
      name: `${name}, n = ${n.toLocaleString("en")}`,
      setting: "the truth is below the lower end, above the upper end",
      rounds,
      dose: rounds / 10,
      run: (count, next) => {
        let below = 0;
        let above = 0;
        for (let round = 0; round < count; round++) {
          const { low, high } = draw(n, next);
          if (low !== null && truth < low) below++;
          if (high !== null && truth > high) above++;
        }
        return { below: below / count, above: above / count };
      },
      atMost: { below: alpha + (extra[size] ?? 0), above: alpha + (extra[size] ?? 0) },
    }),
  ),
);
