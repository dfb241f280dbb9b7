import {
  positivesForAucMargin,
  rowsForMargin,
  rowsForMeanMargin,
  twinCorrelation,
} from "../../../language/semantics/sample-size.ts";
import { normalQuantile, normalUpper } from "../../../runtime/stats/normal.ts";
import { fairPasses } from "../../support/fair-passes.ts";
import { count, digits, type Figures, percent, weeksOfYear } from "./figure.ts";

/** Area under the curve of a model that gives every row the same score: each pair of rows is a tie, and a tie counts half. */
const coinAuc = 1 / 2;

/** What a model shows by chance: it passes `k` runs in a row, or one of them, each with the chance `p`. */
const allOf = (p: number, k: number) => p ** k;
const anyOf = (p: number, k: number) => 1 - (1 - p) ** k;

/** Gates and their requirements. */
export const gate: Figures = {
  "gate/always-holds": ({ wrong }) => {
    const [limit] = wrong(/challenger\.recall >= (\d+)/u);
    const [found, positives] = [0, 1_000];
    return [`${found} of ${count(positives)} positives`, `${found / positives}`, `\`>= ${limit}\``];
  },
  "gate/cannot-conclude": ({ wrong }) => {
    const [daily] = wrong(/expect (\d+) rows per 1d/u);
    const [days] = wrong(/holdout (\d+)d/u);
    return [
      `${daily} x ${days} = ${count(daily * days)} rows`,
      `0.1pp lower takes ${count(positivesForAucMargin(normalQuantile(0.98), 0.001))} positives`,
      `0.98`,
      `${twinCorrelation}`,
      `0.2 % higher takes ${count(rowsForMeanMargin(0.1, 0.002))} rows`,
      `${percent(0.1)}`,
    ];
  },
  "gate/comparison-without-margin": () => {
    const pass = normalUpper(0);
    return [`${percent(pass)} of the runs`, `${weeksOfYear} weekly runs`, `${weeksOfYear * pass}`];
  },
  "gate/contradiction": ({ wrong }) => {
    const [floor, ceiling] = wrong(/auc >= ([\d.]+)[\s\S]*auc < ([\d.]+)/u);
    const between = [0, 0.5, floor, ceiling, 1].filter((auc) => auc >= floor && auc < ceiling);
    return [`${floor.toFixed(2)} and below ${ceiling}`, `${between.length} of ${weeksOfYear} weekly runs`];
  },
  "gate/count-unknown": () => {
    const [disagreement, margin] = [0.01, 0.002];
    const rows = rowsForMargin(disagreement, margin);
    const perPositive = 200;
    const factor = (normalQuantile(0.95) + normalQuantile(0.8)) ** 2;
    return [
      `${digits(margin * 100, 1)}pp worse takes ${count(rows)} positives`,
      `${digits(factor, 3)} x ${disagreement} / ${margin}^2`,
      `${perPositive} is positive that is ${digits((rows * perPositive) / 1e6, 2)} million rows`,
    ];
  },
  "gate/exclude-without-reason": () => {
    const rates = [6, 12, 13, 14, 15, 15];
    const spread = (of: readonly number[]) => Math.max(...of) - Math.min(...of);
    return [
      `${rates.slice(0, -1).join(", ")} and ${rates.at(-1)} % of the rows`,
      `${spread(rates)}pp into one of ${spread(rates.slice(1))}pp`,
    ];
  },
  "gate/excludes-privileged": ({ wrong }) => {
    const [low, high] = wrong(/"de"\) in ([\d.]+)\.\.([\d.]+)/u);
    const [group, privileged] = [12, 15];
    return [`${group} % / ${privileged} % = ${group / privileged}`, `${low}..${high}`];
  },
  "gate/first-model-unjudged": ({ right }) => {
    const [floor] = right(/challenger\.auc >= ([\d.]+)/u);
    return [`${coinAuc.toFixed(2)}`, `${floor.toFixed(2)}`];
  },
  "gate/group-count": ({ wrong, said }) => {
    const [wanted, members] = said(/at least (\d+) of (\d+) cannot/u);
    wrong(/at least (\d+) of \{/u);
    return [`${members} lines`, `${wanted} passes`, `\`at least 0 of\``];
  },
  "gate/implied": ({ wrong }) => {
    const [strict, weak] = wrong(/recall >= ([\d.]+)[\s\S]*recall >= ([\d.]+)/u);
    const between = (strict + weak) / 2;
    return [`\`>= ${strict.toFixed(2)}\` and \`>= ${weak.toFixed(2)}\``, `${between.toFixed(2)}`, `${weak.toFixed(2)}`];
  },
  "gate/needs-standard-error": ({ wrong }) => {
    const [margin] = wrong(/by (\d+)pp/u);
    const se = 0.002;
    const both = Math.sqrt(se ** 2 + se ** 2);
    const noise = normalQuantile(0.95) * both * 100;
    return [
      `${se} for each it is known up to ${digits(normalQuantile(0.95), 3)} x sqrt(2) x ${se} = ${digits(noise, 2)}pp`,
      `${margin}pp`,
      `0.95 against 0.70, ${Math.round((0.95 - 0.7) * 100)}pp more`,
    ];
  },
  "gate/never-holds": ({ wrong }) => {
    const [limit] = wrong(/challenger\.auc > (\d+)/u);
    return [`${limit}`, `${weeksOfYear} weekly runs of a year`];
  },
  "gate/never-reads-challenger": ({ wrong }) => {
    const [floor] = wrong(/champion\.auc >= ([\d.]+)/u);
    const champion = floor + 0.05;
    return [
      `${champion.toFixed(2)}, which is at least ${floor.toFixed(2)}`,
      `${coinAuc.toFixed(2)}`,
      `${(floor + 0.15).toFixed(2)}`,
    ];
  },
  "gate/no-confidence": ({ wrong }) => {
    const [floor] = wrong(/challenger\.auc >= ([\d.]+)/u);
    const auc = floor - 0.02;
    const each = 200;
    const variance =
      (auc * (1 - auc) +
        (each - 1) * (auc / (2 - auc) - auc ** 2) +
        (each - 1) * ((2 * auc ** 2) / (1 + auc) - auc ** 2)) /
      each ** 2;
    const chance = normalUpper((floor - auc) / Math.sqrt(variance));
    return [
      `${auc.toFixed(2)} measures ${floor.toFixed(2)} or more in ${percent(chance)} of the holdouts with ${each} positives and ${each} negatives`,
      `95 % confidence`,
      `${percent(1 - 0.95)}`,
    ];
  },
  "gate/no-slices": ({ wrong }) => {
    const [limit] = wrong(/challenger\.cost <= (\d+)/u);
    const [all, few] = [50_000, 300];
    const [usual, bad] = [4, 9];
    const mean = (usual * (all - few) + bad * few) / all;
    return [
      `${mean.toFixed(2)} over ${count(all)} rows`,
      `${count(few)} rows of one country at ${bad} and the rest at ${usual}`,
      `\`<= ${limit}\``,
    ];
  },
  "gate/one-sided-impact": ({ wrong }) => {
    const [limit] = wrong(/"de"\) >= ([\d.]+)/u);
    const rates = { privileged: 10, low: 7, high: 30 };
    return [
      `\`>= ${limit}\` refuses ${rates.low} % / ${rates.privileged} % = ${rates.low / rates.privileged} and lets ${rates.high} % / ${rates.privileged} % = ${(rates.high / rates.privileged).toFixed(1)} pass`,
    ];
  },
  "gate/proceed-without-reason": ({ found }) => {
    const example = (letters: number) =>
      "gate offline {\n  require challenger.auc >= 0.80 at 95% confidence\n" +
      '  on inconclusive proceed because "' +
      "a".repeat(letters) +
      '"\n}';
    const lengths = Array.from({ length: 30 }, (_, at) => at + 1);
    const fewest = lengths.find((letters) => found(example(letters), "gate/proceed-without-reason") === 0) ?? 0;
    return [`${[].length} rows`, `\`ok\` has ${"ok".length} letters; ${fewest} are the fewest`];
  },
  "gate/registry-number-compared": ({ wrong }) => {
    const [margin] = wrong(/by (\d+)pp/u);
    const [easy, hard] = [0.93, 0.91];
    return [
      `${easy}`,
      `${hard}, which is ${Math.round((easy - hard) * 100)}pp less than the champion's number, and a margin of ${margin}pp refuses it`,
    ];
  },
  "gate/rows-of-a-fair-model": () => {
    const [groups, rate, limit] = [6, 0.1, 0.05];
    const pass = (rows: number) => percent(fairPasses(groups, rate, limit, rows));
    return [
      `${groups} groups, a rate of ${percent(rate)} and a limit of ${Math.round(limit * 100)}pp`,
      `${pass(1_000)} of the runs at ${count(1_000)} rows a group and in ${pass(1_500)} at ${count(1_500)}`,
    ];
  },
  "gate/sides-swapped": ({ wrong }) => {
    const [margin] = wrong(/by (\d+)pp/u);
    const champion = 0.85;
    return [
      `${coinAuc.toFixed(2)}`,
      `${champion}`,
      `${Math.round((champion - coinAuc) * 100)}pp better, and asked was at most ${margin}pp worse`,
    ];
  },
  "gate/slices-rarely-pass": ({ said, wrong }) => {
    const [share, slices] = said(/passes in ([\d.]+)% of the runs: it must hold in each of (\d+) slices/u);
    wrong(/one of \["de", "fr", "sg"\]/u);
    const each = 0.8;
    return [
      `${percent(each)}, all of k slices pass it with ${each}^k: ${Math.round(share)} % for ${slices} slices, ${percent(allOf(each, 5))} for 5, ${percent(allOf(each, 10))} for 10`,
    ];
  },
  "gate/slide": ({ wrong }) => {
    const [margin] = wrong(/by (\d+)pp/u);
    const runs = 8;
    const once = 1 - 0.95;
    return [
      `${percent(once)}, and one of ${runs} nightly runs with 1 - 0.95^${runs} = ${percent(anyOf(once, runs))}`,
      `${Math.round(1 / once)} nights`,
      `${10 * margin}pp`,
    ];
  },
  "gate/superiority-on-schedule": ({ wrong }) => {
    const [margin] = wrong(/by (\d+)pp/u);
    const pass = 1 - 0.95;
    return [
      `95 % confidence`,
      `${margin}pp passes in ${percent(pass)} of the runs, about ${digits(weeksOfYear * pass, 1)} of ${weeksOfYear} in a year`,
    ];
  },
  "gate/too-many-slices": ({ wrong }) => {
    const [low, high] = wrong(/age +integer in (\d+)\.\.(\d+)/u);
    const ages = high - low + 1;
    return [
      `${ages} ages`,
      `95 % in each, an equally good model passes all of them in 0.95^${ages} = ${percent(allOf(0.95, ages))} of the runs`,
    ];
  },
  "gate/unknown-group": ({ example }) => {
    const groups = /one of \[(.*)\]/u.exec(example)?.[1]?.split(", ") ?? [];
    const rows = groups.includes('"dee"') ? 1 : 0;
    return [`${groups.length} groups`, `${rows} rows`];
  },
  "gate/wrong-level": ({ wrong }) => {
    const [limit] = wrong(/warn flip_rate <= (\d+)%/u);
    return [`${10 * limit} % of the answers, ten times the limit of ${limit} %`];
  },
};
