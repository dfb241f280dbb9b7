import type { ScoredRows } from "../../runtime/judge/observation.ts";
import { type Generator, uniform } from "../../runtime/stats/random.ts";
import {
  asymptoticRadius,
  type Count,
  mixtureScale,
  rateDifferenceSequences,
  rateSequences,
  together,
} from "../../runtime/stats/sequence.ts";
import { shareMismatch } from "../../runtime/stats/share.ts";
import { alpha, events, metric, normal, type Simulation, verdict } from "./rehearsal.ts";

const looks = 48;

interface Rates {
  readonly champion: number;
  readonly margin: number;
  readonly share: number;
  /** A look. */
  readonly requests: number;
}

const cases: readonly Rates[] = [
  { champion: 0.01, margin: 0.01, share: 0.1, requests: 1000 },
  { champion: 0.001, margin: 0.001, share: 0.5, requests: 2000 },
  { champion: 0.05, margin: 0, share: 0.5, requests: 400 },
  { champion: 0.3, margin: 0.05, share: 0.1, requests: 500 },
];
const percent = (value: number) => `${Number((value * 100).toPrecision(3))}`;

type Bounds = (challenger: Count, champion: Count) => { readonly low: number; readonly high: number };

/** Shares of rehearsals in which some look passes, and fails, a challenger exactly at the margin. */
function wrong(rounds: number, next: Generator, { champion, margin, share, requests }: Rates, bounds: Bounds) {
  let pass = 0;
  let fail = 0;
  for (let round = 0; round < rounds; round++) {
    const left = { events: 0, trials: 0 };
    const right = { events: 0, trials: 0 };
    let passed = false;
    let failed = false;
    for (let look = 0; look < looks && !(passed && failed); look++) {
      const own = Math.round(requests * share);
      left.events += events(next, own, champion + margin);
      left.trials += own;
      right.events += events(next, requests - own, champion);
      right.trials += requests - own;
      const { low, high } = bounds(left, right);
      passed ||= high <= margin;
      failed ||= low > margin;
    }
    if (passed) pass++;
    if (failed) fail++;
  }
  return { pass: pass / rounds, fail: fail / rounds };
}

/** The asymptotic sequence alone, from `fewest` of what `counted` counts in each arm on. */
function asymptoticOnly(planned: number, counted: (arm: Count) => number, fewest: number): Bounds {
  return (challenger, champion) => {
    if (counted(challenger) < fewest || counted(champion) < fewest) return { low: -1, high: 1 };
    const variance = ({ events: k, trials }: Count) => (k / trials) * (1 - k / trials);
    const n = (challenger.trials * champion.trials) / (challenger.trials + champion.trials);
    const sigma = Math.sqrt(n * (variance(challenger) / challenger.trials + variance(champion) / champion.trials));
    const radius = asymptoticRadius(n, sigma, mixtureScale(planned, alpha), alpha);
    const difference = challenger.events / challenger.trials - champion.events / champion.trials;
    return { low: difference - radius, high: difference + radius };
  };
}

const rare: Rates = { champion: 0.001, margin: 0.002, share: 0.5, requests: 200 };

/** Looking again and again: 48 looks unless said otherwise. */
export const sequences: readonly Simulation[] = [
  ...cases.map(
    (rates): Simulation => ({
      name: `live rates, ${percent(rates.champion)} % plus ${percent(rates.margin)}pp`,
      setting: `share ${percent(rates.share)} %, ${rates.requests.toLocaleString("en")} requests a look`,
      rounds: 1000,
      dose: 60,
      run: (rounds, next) => {
        const planned = rates.requests * looks * rates.share * (1 - rates.share) * 0.5;
        return wrong(rounds, next, rates, (one, other) =>
          together(rateDifferenceSequences(one, other, alpha, planned)),
        );
      },
      atMost: { pass: alpha, fail: alpha },
    }),
  ),
  {
    name: "asymptotic alone from 100 requests",
    setting: "0.1 % plus 0.2pp, 200 requests a look: what would go wrong",
    rounds: 500,
    dose: 50,
    run: (rounds, next) => ({
      pass: wrong(
        rounds,
        next,
        rare,
        asymptoticOnly(1000, ({ trials }) => trials, 100),
      ).pass,
    }),
    atLeast: { pass: 0.3 },
  },
  {
    name: "asymptotic alone from 50 errors",
    setting: "0.1 % plus 0.2pp, 20,000 requests a look",
    rounds: 200,
    dose: 8,
    run: (rounds, next) =>
      wrong(
        rounds,
        next,
        { ...rare, requests: 20_000 },
        asymptoticOnly(100_000, (arm) => arm.events, 50),
      ),
    atMost: { pass: alpha, fail: alpha },
  },
  {
    name: "a fixed interval looked at 48 times",
    setting: "20 %, 400 requests a look: what would go wrong",
    rounds: 500,
    dose: 60,
    run: (rounds, next) => {
      const rates = { champion: 0.2, margin: 0, share: 0.5, requests: 400 };
      const { fail } = wrong(rounds, next, rates, (challenger, champion) => {
        const p = (challenger.events + champion.events) / (challenger.trials + champion.trials);
        const half = 1.645 * Math.sqrt(p * (1 - p) * (1 / challenger.trials + 1 / champion.trials));
        const difference = challenger.events / challenger.trials - champion.events / champion.trials;
        return { low: difference - half, high: difference + half };
      });
      return { fail };
    },
    atLeast: { fail: 0.2 },
  },
  {
    name: "a day of one-minute looks",
    setting: "0.3 % at one request a second, limit 1 %: rolled back by points, by the sequence",
    rounds: 200,
    dose: 12,
    run: (rounds, next) => {
      let byPoint = 0;
      let bySequence = 0;
      for (let day = 0; day < rounds; day++) {
        const seen = { events: 0, trials: 0 };
        let point = false;
        let sequence = false;
        for (let minute = 0; minute < 1440; minute++) {
          const now = events(next, 60, 0.003);
          seen.events += now;
          seen.trials += 60;
          point ||= now / 60 > 0.01;
          if (minute % 30 === 29) sequence ||= together(rateSequences(seen, alpha, 1000)).low > 0.01;
        }
        if (point) byPoint++;
        if (sequence) bySequence++;
      }
      return { points: byPoint / rounds, sequence: bySequence / rounds };
    },
    atLeast: { points: 0.99 },
    atMost: { sequence: alpha },
  },
  {
    name: "auc of live answers at its floor",
    setting: "auc exactly 0.714, 12 looks at 250 more rows each",
    rounds: 200,
    dose: 6,
    run: (rounds, next) => {
      const truth = 0.7142;
      const measure = metric("auc", "challenger");
      const test = { kind: "threshold", measure, relation: ">=", limit: truth } as const;
      let pass = 0;
      let fail = 0;
      for (let round = 0; round < rounds; round++) {
        const n = 3000;
        const label = Float64Array.from({ length: n }, () => (uniform(next) < 0.3 ? 1 : 0));
        const challenger = label.map((one) => normal(next) + 0.8 * one);
        let passed = false;
        let failed = false;
        for (let look = 250; look <= n; look += 250) {
          const rows: ScoredRows = {
            kind: "rows",
            label: label.slice(0, look),
            challenger: challenger.slice(0, look),
            groups: {},
          };
          const word = verdict(test, rows, {}, { planned: 1000 });
          passed ||= word === "pass";
          failed ||= word === "fail";
        }
        if (passed) pass++;
        if (failed) fail++;
      }
      return { pass: pass / rounds, fail: fail / rounds };
    },
    atMost: { pass: alpha, fail: alpha },
  },
  {
    name: "a kept split",
    setting: "10 % declared and kept, 200 requests a look: accused",
    rounds: 2000,
    dose: 100,
    run: (rounds, next) => {
      let accused = 0;
      for (let round = 0; round < rounds; round++) {
        let kept = 0;
        let alarm = false;
        for (let look = 1; look <= looks; look++) {
          kept += events(next, 200, 0.1);
          alarm ||= shareMismatch(kept, look * 200 - kept, 0.1);
        }
        if (alarm) accused++;
      }
      return { accused: accused / rounds };
    },
    atMost: { accused: 0.001 },
  },
];
