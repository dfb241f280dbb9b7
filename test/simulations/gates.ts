import type { FairnessMeasure, Measure } from "../../compiler/plan/measure.ts";
import type { DriftObservation, ScoredRows } from "../../runtime/judge/observation.ts";
import { binLabels, countBins, decileEdges } from "../../runtime/stats/bins.ts";
import { gapOf } from "../../runtime/stats/gap.ts";
import { type Generator, uniform } from "../../runtime/stats/random.ts";
import {
  alpha,
  atMost,
  columns,
  comparison,
  decisions,
  normal,
  type Simulation,
  scores,
  verdict,
  verdicts,
} from "./rehearsal.ts";

const both = { pass: alpha, fail: alpha };

const accuracy = comparison("accuracy", "not_worse", 0.02);

const difference: FairnessMeasure = {
  kind: "fairness",
  name: "demographic_parity_difference",
  columns: ["group"],
  unit: "points",
  better: "lower",
};

/** Decisions of six groups of `n` rows, the last of which is told yes `more` often. */
function groups(next: Generator, n: number, more: number): ScoredRows {
  const group = Array.from({ length: 6 * n }, (_, row) => `g${Math.floor(row / n)}`);
  const rows = columns(6 * n, (row) => [row % 2, uniform(next) < 0.1 + (row >= 5 * n ? more : 0) ? 0.9 : 0.1, 0.5], {
    group,
  });
  return rows;
}

function drift(name: "psi" | "ks" | "wasserstein" | "mmd", limit: number, n: number, shift = 0) {
  const measure: Measure = {
    kind: "drift",
    name,
    dataset: "d",
    column: "x",
    options: {},
    unit: "number",
    better: "lower",
  };
  return (next: Generator) => {
    const draw = (by: number) => Float64Array.from({ length: n }, () => by + normal(next));
    const [reference, current] = [draw(0), draw(shift)];
    const rows = { reference: n, current: n };
    let observation: DriftObservation;
    if (name === "psi") {
      const edges = decileEdges(reference);
      const counts = { reference: countBins(reference, edges), current: countBins(current, edges) };
      observation = { kind: "bins", labels: binLabels(edges), ...counts };
    } else if (name === "mmd") {
      observation = { kind: "samples", reference, current, rows, missing: { reference: 0, current: 0 } };
    } else observation = { kind: "gap", gap: gapOf(reference, current) };
    return verdict(atMost(measure, limit), observation);
  };
}

/** Challengers exactly on the border, so that every verdict is wrong, and columns that have not moved. */
export const gates: readonly Simulation[] = [
  {
    name: "accuracy at its margin",
    setting: "2pp worse, margin 2pp, 1,000 rows (Tango)",
    rounds: 3000,
    dose: 150,
    run: (rounds, next) => verdicts(rounds, () => verdict(accuracy, decisions(next, 1000, 0.05, 0.07))),
    atMost: both,
  },
  {
    name: "accuracy at its margin, few rows",
    setting: "2pp worse, margin 2pp, 100 rows (Tango)",
    rounds: 10_000,
    dose: 500,
    run: (rounds, next) => verdicts(rounds, () => verdict(accuracy, decisions(next, 100, 0.05, 0.07))),
    // The score test of so few rows is a little liberal: its level is asymptotic.
    atMost: { pass: alpha, fail: 0.06 },
  },
  {
    name: "auc of equal models",
    setting: "`better than` by 0, 400 rows, a fifth positive (DeLong)",
    rounds: 1500,
    dose: 100,
    run: (rounds, next) => verdicts(rounds, () => verdict(comparison("auc", "better", 0), scores(next, 400))),
    atMost: both,
  },
  {
    name: "brier of equal models",
    setting: "`better than` by 0, 300 rows (Student)",
    rounds: 1500,
    dose: 100,
    run: (rounds, next) =>
      verdicts(rounds, () => {
        const rows = columns(300, () => {
          const label = uniform(next) < 0.3 ? 1 : 0;
          const score = () => Math.min(1, Math.max(0, 0.3 + 0.2 * label + 0.3 * (uniform(next) - 0.5)));
          return [label, score(), score()];
        });
        return verdict(comparison("brier", "better", 0, "lower"), rows);
      }),
    atMost: both,
  },
  {
    name: "f1 of equal models",
    setting: "`better than` by 0, 250 rows (bootstrap)",
    rounds: 300,
    dose: 12,
    run: (rounds, next) =>
      verdicts(rounds, () => {
        const rows = columns(250, () => {
          const label = uniform(next) < 0.4 ? 1 : 0;
          const score = () => (uniform(next) < (label === 1 ? 0.7 : 0.25) ? 0.9 : 0.1);
          return [label, score(), score()];
        });
        return verdict(comparison("f1", "better", 0), rows);
      }),
    atMost: both,
  },
  {
    name: "ten slices at their floor",
    setting: "accuracy exactly 80 %, floor 80 %, 150 rows a slice (Holm)",
    rounds: 600,
    dose: 40,
    run: (rounds, next) =>
      verdicts(rounds, () => {
        const slice = Array.from({ length: 1500 }, (_, row) => `s${row % 10}`);
        const rows = columns(
          1500,
          (row) => {
            const label = Math.floor(row / 10) % 2;
            return [label, uniform(next) < 0.8 === (label === 1) ? 0.9 : 0.1, 0.5];
          },
          { slice },
        );
        const { left } = comparison("accuracy", "better", 0) as { left: Measure };
        const floor = { kind: "threshold", measure: left, relation: ">=", limit: 0.8, confidence: 1 - alpha } as const;
        return verdict(floor, rows, { forEach: "slice" });
      }),
    atMost: both,
  },
  ...[3, 10, 30].map(
    (k): Simulation => ({
      name: `equal models in ${k} slices`,
      setting: "margin 3pp, 80 % power a slice: share that passes",
      rounds: { 3: 1000, 10: 400, 30: 120 }[k] ?? 0,
      dose: { 3: 60, 10: 25, 30: 4 }[k] ?? 0,
      run: (rounds, next) => {
        // (z.95 + z.80)^2 psi/delta^2 rows a slice.
        const n = Math.ceil((6.1826 * 0.1) / 0.03 ** 2);
        const slice = Array.from({ length: k * n }, (_, row) => `s${row % k}`);
        const test = comparison("accuracy", "not_worse", 0.03);
        const { pass } = verdicts(rounds, () =>
          verdict(test, decisions(next, k * n, 0.05, 0.05, { slice }), {
            forEach: "slice",
            minimum: { count: 0, of: "positives" },
          }),
        );
        return { pass };
      },
      atMost: { pass: 0.8 ** k + 0.03 },
      atLeast: { pass: Math.max(0, 0.8 ** k - 0.03) },
    }),
  ),
  {
    name: "one life of 8 nightly runs",
    setting: "challenger exactly at the margin every night: passes at least once",
    rounds: 500,
    dose: 30,
    run: (rounds, next) => lives(rounds, 8, next),
    atMost: { pass: 0.37 },
    atLeast: { pass: 0.25 },
  },
  {
    name: "one life of 30 nightly runs",
    setting: "the same",
    rounds: 200,
    dose: 12,
    run: (rounds, next) => lives(rounds, 30, next),
    atMost: { pass: 0.82 },
    atLeast: { pass: 0.68 },
  },
  ...[1000, 1500, 2500].map(
    (n): Simulation => ({
      name: `six fair groups of ${n.toLocaleString("en")}`,
      setting: "rate 10 %, limit 5pp: the bound passes",
      rounds: 300,
      dose: 15,
      run: (rounds, next) => {
        const { pass, fail } = verdicts(rounds, () => verdict(atMost(difference, 0.05), groups(next, n, 0)));
        return { pass, fail };
      },
      atMost: { fail: 0.01 },
      atLeast: { pass: { 1000: 0.6, 1500: 0.9, 2500: 0.97 }[n] ?? 0 },
    }),
  ),
  {
    name: "six fair groups of 30",
    setting: "rate 10 %, limit 5pp: the point would fail, the bound does not",
    rounds: 1000,
    dose: 100,
    run: (rounds, next) => {
      let point = 0;
      const { pass, fail } = verdicts(rounds, () => {
        const rows = groups(next, 30, 0);
        const rates = Array.from({ length: 6 }, (_, group) => {
          let yes = 0;
          for (let row = 0; row < 30; row++) yes += (rows.challenger[group * 30 + row] as number) > 0.5 ? 1 : 0;
          return yes / 30;
        });
        if (Math.max(...rates) - Math.min(...rates) > 0.05) point++;
        return verdict(atMost(difference, 0.05), rows);
      });
      return { pass, fail, "point fails": point / rounds };
    },
    atMost: { pass: 0.01, fail: alpha },
    atLeast: { "point fails": 0.95 },
  },
  {
    name: "a group exactly at the limit",
    setting: "one of six groups of 1,500 is told yes 5pp more often, limit 5pp",
    rounds: 400,
    dose: 20,
    run: (rounds, next) => verdicts(rounds, () => verdict(atMost(difference, 0.05), groups(next, 1500, 0.05))),
    atMost: both,
  },
  ...(["psi", "ks", "wasserstein", "mmd"] as const).map(
    (name): Simulation => ({
      name: `${name} of a column that has not moved`,
      setting: `${name === "mmd" ? "200" : "1,000"} rows a side, the smallest limit that rows can resolve`,
      rounds: name === "mmd" ? 200 : 2000,
      dose: name === "mmd" ? 4 : 100,
      run: (rounds, next) => {
        const limit = { psi: 0.034, ks: 0.001, wasserstein: 0.14, mmd: 0 }[name];
        const { fail } = verdicts(rounds, () => drift(name, limit, name === "mmd" ? 200 : 1000)(next));
        return { "false alarm": fail };
      },
      atMost: { "false alarm": alpha },
    }),
  ),
];

function lives(rounds: number, nights: number, next: Generator): { pass: number } {
  const { pass } = verdicts(rounds, () => {
    for (let night = 0; night < nights; night++) {
      if (verdict(accuracy, decisions(next, 1000, 0.05, 0.07)) === "pass") return "pass";
    }
    return "";
  });
  return { pass };
}
