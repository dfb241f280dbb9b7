import { expect, it } from "vitest";
import { quantileBounds } from "../../../runtime/stats/quantile.ts";
import { type Generator, uniform, xoshiro128 } from "../../../runtime/stats/random.ts";
import {
  asymptoticRadius,
  betaBinomialBounds,
  type Count,
  mixtureScale,
  rateDifferenceSequences,
  rateSequences,
  together,
} from "../../../runtime/stats/sequence.ts";
import { converged, shareMismatch } from "../../../runtime/stats/share.ts";

const alpha = 0.05;
const looks = 48;

/** Events among trials, by the gaps between events, so that rare events cost little. */
function events(next: Generator, trials: number, rate: number): number {
  const log = Math.log1p(-rate);
  let count = 0;
  for (let at = Math.floor(Math.log1p(-uniform(next)) / log); at < trials; count++) {
    at += 1 + Math.floor(Math.log1p(-uniform(next)) / log);
  }
  return count;
}

/** What a false-alarm rate of alpha may look like in `rounds` rehearsals. */
function allowance(rounds: number, level = alpha): number {
  return level + 3 * Math.sqrt((level * (1 - level)) / rounds);
}

/** Share of rehearsals in which some look gives a verdict that is wrong: a pass or a fail of a challenger exactly at the margin. */
function wrongVerdicts(
  seed: number,
  rounds: number,
  rates: { champion: number; margin: number; share: number; requests: number },
  bounds: (challenger: Count, champion: Count) => { low: number; high: number },
): { pass: number; fail: number } {
  const next = xoshiro128([seed, 2, 3, 4]);
  const { champion, margin, share, requests } = rates;
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

const cases = [
  { champion: 0.01, margin: 0.01, share: 0.1, requests: 1000 },
  { champion: 0.001, margin: 0.001, share: 0.5, requests: 2000 },
  { champion: 0.05, margin: 0, share: 0.5, requests: 400 },
  { champion: 0.3, margin: 0.05, share: 0.1, requests: 500 },
];

it("gives a wrong verdict on two rates in at most alpha of rehearsals over 48 looks", () => {
  const rounds = 500;
  for (const [index, rates] of cases.entries()) {
    const planned = rates.requests * looks * rates.share * (1 - rates.share) * 0.5;
    const wrong = wrongVerdicts(index + 1, rounds, rates, (challenger, champion) =>
      together(rateDifferenceSequences(challenger, champion, alpha, planned)),
    );
    expect(wrong.pass, JSON.stringify(rates)).toBeLessThanOrEqual(allowance(rounds));
    expect(wrong.fail, JSON.stringify(rates)).toBeLessThanOrEqual(allowance(rounds));
  }
});

it("would be wrong many times as often if the asymptotic sequence were consulted from 100 requests on", () => {
  const rounds = 500;
  const tooEarly = (challenger: Count, champion: Count) => {
    const variance = ({ events: k, trials }: Count) => (k / trials) * (1 - k / trials);
    const n = (challenger.trials * champion.trials) / (challenger.trials + champion.trials);
    const sigma = Math.sqrt(n * (variance(challenger) / challenger.trials + variance(champion) / champion.trials));
    const radius = asymptoticRadius(n, sigma, mixtureScale(1000, alpha), alpha);
    const difference = challenger.events / challenger.trials - champion.events / champion.trials;
    return { low: difference - radius, high: difference + radius };
  };
  const rates = { champion: 0.001, margin: 0.002, share: 0.5, requests: 200 };
  const wrong = wrongVerdicts(11, rounds, rates, tooEarly);
  expect(wrong.pass).toBeGreaterThan(0.3);
  const ours = wrongVerdicts(11, rounds, rates, (challenger, champion) =>
    together(rateDifferenceSequences(challenger, champion, alpha, 1000)),
  );
  expect(ours.pass).toBeLessThanOrEqual(allowance(rounds));
});

it("has false alarms at every look together in a third of rehearsals if a fixed-sample interval is looked at 48 times", () => {
  const rounds = 500;
  const rates = { champion: 0.2, margin: 0, share: 0.5, requests: 400 };
  const wrong = wrongVerdicts(12, rounds, rates, (challenger, champion) => {
    const p = (challenger.events + champion.events) / (challenger.trials + champion.trials);
    const half = 1.645 * Math.sqrt(p * (1 - p) * (1 / challenger.trials + 1 / champion.trials));
    const difference = challenger.events / challenger.trials - champion.events / champion.trials;
    return { low: difference - half, high: difference + half };
  });
  expect(wrong.fail).toBeGreaterThan(0.2);
});

it("rolls a healthy version back in at most alpha of days, where a point comparison each minute always does", () => {
  const next = xoshiro128([21, 2, 3, 4]);
  const days = 300;
  let byPoint = 0;
  let bySequence = 0;
  for (let day = 0; day < days; day++) {
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
  expect(byPoint).toBe(days);
  expect(bySequence / days).toBeLessThanOrEqual(allowance(days));
});

it("keeps a single rate inside its bounds at all looks in all but alpha of rehearsals", () => {
  const rounds = 500;
  for (const [index, rate] of [0.003, 0.05, 0.5].entries()) {
    const next = xoshiro128([31 + index, 2, 3, 4]);
    let above = 0;
    let below = 0;
    for (let round = 0; round < rounds; round++) {
      const seen = { events: 0, trials: 0 };
      let over = false;
      let under = false;
      for (let look = 0; look < looks; look++) {
        seen.events += events(next, 100, rate);
        seen.trials += 100;
        const { low, high } = together(rateSequences(seen, alpha, 2000));
        over ||= low > rate;
        under ||= high < rate;
      }
      if (over) above++;
      if (under) below++;
    }
    expect(above / rounds).toBeLessThanOrEqual(allowance(rounds));
    expect(below / rounds).toBeLessThanOrEqual(allowance(rounds));
  }
});

it("passes a margin of 1pp without any error from about 924 challenger requests on", () => {
  const needed = (share: number) => {
    for (let n = 100; ; n++) {
      const champion = { events: 0, trials: Math.round((n * (1 - share)) / share) };
      if (together(rateDifferenceSequences({ events: 0, trials: n }, champion, alpha, 1000)).high <= 0.01) return n;
    }
  };
  expect(needed(0.1)).toBe(needed(0.5));
  expect(Math.abs(needed(0.1) - 924)).toBeLessThan(10);
});

it("does not consult the asymptotic sequence below 50 events or 50 non-events in an arm", () => {
  const at = (left: Count, right: Count) =>
    Number.isFinite(rateDifferenceSequences(left, right, alpha, 1000).asymptotic.low);
  expect(at({ events: 50, trials: 100 }, { events: 50, trials: 100 })).toBe(true);
  expect(at({ events: 49, trials: 100 }, { events: 50, trials: 100 })).toBe(false);
  expect(at({ events: 50, trials: 99 }, { events: 50, trials: 100 })).toBe(false);
  expect(at({ events: 50, trials: 100 }, { events: 50, trials: 99 })).toBe(false);
});

it("splits alpha as documented", () => {
  const one = { events: 60, trials: 1000 };
  const other = { events: 90, trials: 1000 };
  const { exact, asymptotic } = rateDifferenceSequences(one, other, alpha, 500, 1.5);
  expect(exact.low).toBe(betaBinomialBounds(one, 0.005).low - 1.5 * betaBinomialBounds(other, 0.005).high);
  const variance = (k: number) => ((k + 0.5) / 1001) * (1 - (k + 0.5) / 1001);
  const sigma = Math.sqrt(500 * (variance(60) / 1000 + (2.25 * variance(90)) / 1000));
  const radius = asymptoticRadius(500, sigma, mixtureScale(500, 0.04), 0.04);
  expect(asymptotic.high).toBeCloseTo(0.06 - 1.5 * 0.09 + radius, 12);
  const single = rateSequences(one, alpha, 500).asymptotic;
  const own = asymptoticRadius(1000, Math.sqrt(variance(60)), mixtureScale(500, 0.04), 0.04);
  expect(single.high).toBeCloseTo(0.06 + own, 12);
  expect(rateSequences(one, alpha, 500).exact).toEqual(betaBinomialBounds(one, 0.01));
});

it("reads quantiles at doubling sample sizes with at most alpha wrong", () => {
  const next = xoshiro128([41, 2, 3, 4]);
  const rounds = 300;
  let wrong = 0;
  for (let round = 0; round < rounds; round++) {
    const values = Float64Array.from({ length: 3200 }, () => uniform(next));
    let over = false;
    for (let look = 1, n = 400; n <= 3200; look++, n *= 2) {
      const { high } = quantileBounds(values.slice(0, n).sort(), 0.95, 1 - alpha / (look * (look + 1)));
      over ||= high !== null && high < 0.95;
    }
    if (over) wrong++;
  }
  expect(wrong / rounds).toBeLessThanOrEqual(allowance(rounds));
});

it("finds a broken split soon and accuses a kept one in at most a thousandth of rehearsals", () => {
  const next = xoshiro128([51, 2, 3, 4]);
  const rounds = 1000;
  let accused = 0;
  let found = 0;
  for (let round = 0; round < rounds; round++) {
    let kept = 0;
    let broken = 0;
    let total = 0;
    let alarm = false;
    for (let look = 0; look < looks; look++) {
      kept += events(next, 200, 0.1);
      broken += events(next, 200, 0.15);
      total += 200;
      alarm ||= shareMismatch(kept, total - kept, 0.1);
    }
    if (alarm) accused++;
    if (shareMismatch(broken, total - broken, 0.1)) found++;
  }
  expect(accused / rounds).toBeLessThanOrEqual(allowance(rounds, 0.001));
  expect(found / rounds).toBeGreaterThan(0.99);
});

it("calls traffic converged near its share from 200 requests, or unrejected from 1,000", () => {
  expect(converged(20, 179, 0.1)).toBe(false);
  expect(converged(20, 180, 0.1)).toBe(true);
  expect(converged(25, 175, 0.1)).toBe(false);
  expect(converged(124, 876, 0.1)).toBe(true);
  expect(converged(200, 800, 0.1)).toBe(false);
  expect(converged(0, 200, 0.004)).toBe(true);
});

it("takes one request on the wrong side as a mismatch where a side should have none", () => {
  expect(shareMismatch(0, 500, 0)).toBe(false);
  expect(shareMismatch(1, 500, 0)).toBe(true);
  expect(shareMismatch(500, 1, 1)).toBe(true);
});
