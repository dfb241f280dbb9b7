import { dataFunctions } from "../../../language/semantics/signatures/functions.ts";
import { normalQuantile } from "../../../runtime/stats/normal.ts";
import { nearestRank } from "../../../runtime/stats/quantile.ts";
import { count, digits, type Figures, percent, weeksOfYear } from "./figure.ts";
import { planOfPages } from "./policy-of-pages.ts";

const hour = 3_600_000;
const plan = planOfPages();
const ofDay = (24 * hour) / plan.monitor.check;
const usualLimit = (plan.retrain.nodes.find((node) => node.kind === "step")?.step.timeout ?? Number.NaN) / hour;

/** Types of conditions: what can be measured, compared and limited where. */
export const type: Figures = {
  "type/arguments": ({ wrong }) => {
    const [limit] = wrong(/<= (\d+)%/u);
    const rates = [2, 0];
    const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
    return [
      `${rates[0]} % and ${rates[1]} %`,
      `${mean} %, which meets a limit of ${limit} %, and the worst is ${Math.max(...rates)} %`,
    ];
  },
  "type/baseline-member": () => {
    const correlation = 0.9;
    const together = (2 * (1 - correlation)) / 2;
    return [
      `${correlation} the difference has 2 x (1 - ${correlation}) / 2 = ${digits(together, 1)} of the variance`,
      `${percent(together)} of the rows`,
    ];
  },
  "type/baseline-only": ({ wrong }) => {
    const [margin] = wrong(/drops (\d+)pp/u);
    return [`0pp at each of the ${ofDay} checks`, `${margin}pp`];
  },
  "type/column-type": () => {
    const all = Object.values(dataFunctions);
    const forCategory = all.filter(({ columns, types }) => columns !== "none" && (types?.includes("category") ?? true));
    return [`${all.length} functions of data ${forCategory.length}`];
  },
  "type/column-without-range": ({ right }) => {
    const [low, high] = right(/spend number in (\d+)\.\.([\d_]+)/u);
    const values = [-5, 10_000_000];
    const outside = values.filter((value) => value < low || value > high);
    return [
      `${values[0]} and one of ${count(values[1] ?? 0)}`,
      `0 %`,
      `\`in ${low}..100_000\` both are out, ${outside.length} of ${values.length}`,
    ];
  },
  "type/compares-with-itself": ({ wrong }) => {
    const [margin] = wrong(/by (\d+)pp/u);
    return [`0pp, which is within ${margin}pp`, `${weeksOfYear} weekly runs`];
  },
  "type/confidence": ({ wrong }) => {
    const [floor, level] = wrong(/auc >= ([\d.]+) at (\d+)% confidence/u);
    const error = 0.02;
    const measured = floor - 0.003;
    const bound = measured - normalQuantile(level / 100) * error;
    return [
      `50 %`,
      `${error} an AUC measured at ${measured} has a bound of ${measured} + ${digits(-normalQuantile(level / 100) * error, 2)} = ${digits(bound, 3)} at ${level} %, and passes ${floor.toFixed(2)}`,
      `100 %`,
    ];
  },
  "type/incomparable": ({ wrong }) => {
    const [margin] = wrong(/by (\d+)pp/u);
    const [auc, recall] = [0.9, 0.6];
    return [
      `${auc.toFixed(2)} and a recall of ${recall.toFixed(2)} would be ${Math.round((auc - recall) * 100)}pp better than itself`,
      `${margin}pp`,
    ];
  },
  "type/limit-out-of-range": ({ wrong }) => {
    const [limit] = wrong(/challenger\.auc >= (\d+) at/u);
    return [
      `1`,
      `${limit} is ${limit / 1} times`,
      `${weeksOfYear} weekly runs`,
      `${limit} % is meant, which is ${limit / 100}`,
    ];
  },
  "type/metric-mismatch": () => {
    return [`1`, `80, which is 80 / 1 = ${80 / 1} times`];
  },
  "type/needs-task": ({ wrong }) => {
    const [limit] = wrong(/rmse <= (\d+)/u);
    const worst = Math.sqrt((0 - 1) ** 2);
    return [`0 and 1`, `${worst}`, `\`<= ${limit}\` holds with ${limit / worst} times`];
  },
  "type/needs-version": ({ wrong }) => {
    const [floor] = wrong(/auc >= ([\d.]+)/u);
    const [challenger, champion] = [floor - 0.02, floor + 0.04];
    return [
      `${challenger.toFixed(2)} for the challenger and ${champion.toFixed(2)} for the champion`,
      `${floor.toFixed(2)}`,
    ];
  },
  "type/no-baseline": ({ wrong }) => {
    const [margin] = wrong(/rises (\d+)pp/u);
    return [`${margin}pp`];
  },
  "type/no-direction": ({ right }) => {
    const [low, high] = right(/in (\d+)%\.\.(\d+)%/u);
    const middle = (low + high) / 2;
    return [`${middle} % to ${high + 5} %`, `${low} % to ${high} %`];
  },
  "type/not-a-measure": ({ wrong }) => {
    const [limit] = wrong(/challenger\.latency <= (\d+)ms/u);
    const times = Float64Array.from({ length: 1_000 }, (_, at) => (at < 985 ? 20 : 1_500));
    const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
    return [
      `${count(times.length)} answers of which 985 take 20 ms and 15 take 1,500 ms`,
      `${Math.round(mean)} ms, below ${limit} ms, and the p99 is ${count(nearestRank(times, 0.99))} ms`,
    ];
  },
  "type/not-here": ({ wrong }) => {
    const [limit] = wrong(/null_rate\(spend\) <= (\d+)%/u);
    return [`${limit} % of nulls would be trained on for up to ${usualLimit} hour`];
  },
  "type/qualifier": ({ wrong }) => {
    const [least] = wrong(/at least (\d+) requests/u);
    return [`\`at least ${least} requests\` would seem to hold while ${least / 10} rows, a tenth`];
  },
  "type/rows-for-events": ({ wrong }) => {
    const [rows] = wrong(/at least (\d+) rows/u);
    const share = 0.01;
    const positives = rows * share;
    const values = Array.from({ length: positives + 1 }, (_, found) => `${(100 * found) / positives}`);
    return [
      `${percent(share)} of the rows are positive, a slice of ${rows} rows has ${positives}`,
      `${values.slice(0, -1).join(", ")} or ${values.at(-1)} %`,
    ];
  },
  "type/wrong-side": ({ wrong }) => {
    const [margin] = wrong(/drops (\d+)pp above/u);
    const baseline = 90;
    return [
      `${(baseline / 100).toFixed(2)} a drop of ${margin}pp ends at ${(baseline - margin) / 100}, and ${margin}pp above it is ${(baseline + margin) / 100}`,
    ];
  },
  "type/wrong-verb": ({ wrong }) => {
    const [margin] = wrong(/rises (\d+)pp/u);
    const baseline = 90;
    return [
      `${(baseline / 100).toFixed(2)}`,
      `${(baseline + margin) / 100}`,
      `${((baseline - 10 * margin) / 100).toFixed(2)}`,
    ];
  },

  "unit/bare-percent-margin": ({ wrong }) => {
    const [margin] = wrong(/drops (\d+)%/u);
    const baseline = 0.9;
    return [
      `${margin}% below ${baseline.toFixed(2)} is ${digits(baseline - margin / 100, 3)} in points and ${digits(baseline * (1 - margin / 100), 3)} as a part of the value`,
      `${digits((baseline - margin / 100 + baseline * (1 - margin / 100)) / 2, 4)}`,
    ];
  },
  "unit/limit": ({ wrong }) => {
    const [limit] = wrong(/99%\) <= (\d+)/u);
    return [`${limit} could be ${limit} ms or ${limit} s, ${count(1_000)} times`];
  },
  "unit/margin": ({ wrong }) => {
    const [margin] = wrong(/champion\.auc by ([\d.]+)/u);
    const champion = 0.9;
    return [
      `${champion.toFixed(2)} a margin of ${margin} could end at ${digits(champion - margin, 3)}, one point lower, or at ${digits(champion * (1 - margin), 3)}, one hundredth of its value`,
    ];
  },
  "unit/negative-margin": ({ wrong }) => {
    const [margin] = wrong(/by -(\d+)pp/u);
    return [`${margin}pp better or ${margin}pp worse: the two readings are ${2 * margin}pp apart`];
  },
  "unit/out-of-range": ({ wrong }) => {
    const [share] = wrong(/mirror (\d+)%/u);
    const [all] = wrong(/expect +(\d+) requests per 1s/u);
    return [`${share} % of ${all} requests a second are ${(all * share) / 100}`, `${all}`, `100 %`];
  },
  "unit/points-as-level": ({ wrong }) => {
    const [limit] = wrong(/null_rate\(spend\) <= (\d+)pp/u);
    const [before, now] = [3 * limit, 4 * limit];
    return [
      `${before} % to ${now} % has moved by ${now - before}pp, which meets \`<= ${limit}pp\``,
      `${now / limit} times`,
      `${limit} %`,
    ];
  },
  "unit/wrong-kind": ({ wrong }) => {
    const [written] = wrong(/holdout (\d+)\n/u);
    return [
      `${written}`,
      `${written} days to one reader and ${written} weeks, ${7 * written} days`,
      `${7 * written - written} days`,
    ];
  },
};
