import { tango } from "../../runtime/stats/proportion.ts";
import type { Generator } from "../../runtime/stats/random.ts";
import { rateDifferenceSequences, together } from "../../runtime/stats/sequence.ts";
import { alpha, events, type Simulation } from "./rehearsal.ts";

const margins = [0.005, 0.01, 0.02, 0.03];
const points = (margin: number) => `${Number((margin * 100).toPrecision(2))}pp`;

/** Share of gates that equal models pass, which differ on a tenth of rows. */
const paired = [500, 1000, 2000, 5000, 10_000, 20_000].map(
  (n): Simulation => ({
    name: `accuracy not worse, ${n.toLocaleString("en")} rows`,
    setting: "equal models that disagree on 10 % of rows: passes at a margin of",
    rounds: 600,
    dose: 40,
    run: (rounds, next) =>
      Object.fromEntries(margins.map((margin) => [points(margin), pairedPower(rounds, next, n, margin)])),
    ...(n === 20_000 ? { atLeast: { "1pp": 0.95 } } : {}),
  }),
);

function pairedPower(rounds: number, next: Generator, n: number, margin: number): number {
  let passed = 0;
  for (let round = 0; round < rounds; round++) {
    const b = events(next, n, 0.05);
    const c = events(next, n - b, 0.05 / 0.95);
    if (tango(b, c, n, 1 - alpha).low >= -margin) passed++;
  }
  return passed / rounds;
}

/** Share of stages that pass an equal challenger by so many of its requests, half of the traffic, a look each tenth. */
const live = [1000, 5000, 20_000, 100_000].map(
  (requests): Simulation => ({
    name: `error rate not worse, ${requests.toLocaleString("en")} requests`,
    setting: "equal versions of 0.5 % at half of the traffic, ten looks: passes at a margin of",
    rounds: 300,
    dose: 10,
    run: (rounds, next) =>
      Object.fromEntries(
        [0.001, 0.002, 0.005, 0.01].map((margin) => [points(margin), livePower(rounds, next, requests, margin)]),
      ),
    ...(requests === 100_000 ? { atLeast: { "0.2pp": 0.95 } } : {}),
  }),
);

function livePower(rounds: number, next: Generator, requests: number, margin: number): number {
  let passed = 0;
  for (let round = 0; round < rounds; round++) {
    const left = { events: 0, trials: 0 };
    const right = { events: 0, trials: 0 };
    for (let look = 0; look < 10; look++) {
      for (const arm of [left, right]) {
        arm.events += events(next, requests / 10, 0.005);
        arm.trials += requests / 10;
      }
      if (together(rateDifferenceSequences(left, right, alpha, requests / 2)).high > margin) continue;
      passed++;
      break;
    }
  }
  return passed / rounds;
}

export const power: readonly Simulation[] = [...paired, ...live];
