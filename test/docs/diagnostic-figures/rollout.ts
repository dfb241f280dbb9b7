import {
  quantileSamples,
  requestsForMargin,
  requestsWithoutEvent,
  usualRates,
} from "../../../language/semantics/sample-size.ts";
import { normalQuantile } from "../../../runtime/stats/normal.ts";
import { count, digits, type Figures, type Page, percent } from "./figure.ts";
import { planOfPages } from "./policy-of-pages.ts";

const minute = 60_000;
const hour = 60 * minute;

const plan = planOfPages();
/** Minutes between two looks of a stage that says nothing else. */
const usualCheck = (plan.programs.rollout?.stages[0]?.check ?? Number.NaN) / minute;
/** Hours after which labels of the examples are final. */
const maturity = (plan.datasets[0]?.label?.maturesAfter ?? Number.NaN) / hour;
/** Levels of 5 % and 20 %, squared; times 2.4 for looking all the time. */
const factor = (normalQuantile(0.95) + normalQuantile(0.8)) ** 2;

/** Requests a second that come, and how many of them a canary of `share` percent is given. */
function requests({ wrong }: Page, share: number): { readonly all: number; readonly canary: number } {
  const [all] = wrong(/expect +(\d+) requests per 1s/u);
  return { all, canary: (all * share) / 100 };
}

/** Stages and the way back. */
export const rollout: Figures = {
  "rollout/batch-live-measure": ({ wrong }) => {
    const [hours] = wrong(/for 24h\.\.(\d+)h/u);
    return [`${hours} hours there are ${hours / 24} batches and ${0} requests`];
  },
  "rollout/batch-share": ({ wrong }) => {
    const [share] = wrong(/traffic (\d+)% for/u);
    const rows = 2_000_000;
    return [`${share} % of ${count(rows)} rows`, `${count((rows * share) / 100)} customers`];
  },
  "rollout/cannot-conclude": ({ wrong }) => {
    const [daily] = wrong(/expect ([\d_]+) requests per 1d/u);
    const [share, hours] = wrong(/traffic (\d+)% for 2h\.\.(\d+)h/u);
    const rates = usualRates.map((rate) => digits(rate * 100, 2));
    return [
      `${count(daily)} requests a day x ${share} % x ${hours}h are ${(daily * share * hours) / 100 / 24}`,
      `2.4 x ${digits(factor, 3)} x p(1 - p) / M^2`,
      `5 % and 20 %`,
      `2.4`,
      `${count(requestsWithoutEvent(0.01))} for a margin of 1pp`,
      `p99 it is ${quantileSamples(0.99, 0.95)}`,
      `${rates[0]} %`,
      `${rates[0]}, ${rates[1]} and ${rates[2]} %`,
    ];
  },
  "rollout/check-too-slow": ({ wrong }) => {
    const [hours, days] = wrong(/for 2h\.\.(\d+)h check every (\d+)d/u);
    return [`${days * 24} hours`, `${hours}`];
  },
  "rollout/count-unknown": ({ said }) => {
    const [needed] = said(/needs ([\d,_]+)/u);
    const [slow, fast] = [10, 60];
    const share = 0.05;
    const hours = (perSecond: number) => digits(needed / (perSecond * share) / 3600, 2);
    return [
      `${count(needed)}`,
      `5 % of ${fast} requests a second they come in ${digits(60 * Number(hours(fast)), 2)} minutes, at 5 % of ${slow} a minute in ${hours(slow / 60)} hours`,
    ];
  },
  "rollout/keep-below-watch": ({ wrong }) => {
    const [watch, keep] = wrong(/watch (\d+)h keep champion (\d+)h/u);
    return [`${watch - keep} of the ${watch} hours`, `${keep}`];
  },
  "rollout/keep-over-schedule": ({ wrong }) => {
    const [days] = wrong(/keep champion (\d+)d/u);
    wrong(/"0 3 \* \* MON"/u);
    return [`${days} days`, `7 days the last ${days - 7}`];
  },
  "rollout/max-below-min": ({ wrong }) => {
    const [low, high] = wrong(/for (\d+)h\.\.(\d+)h/u);
    return [`${low} hours`, `${high}`, `${low - high} hours`];
  },
  "rollout/may-not-conclude": ({ wrong }) => {
    const [margin] = wrong(/by ([\d.]+)pp/u);
    const share = 0.05;
    return [
      `${margin}pp takes ${count(requestsWithoutEvent(margin / 100))} requests`,
      `${count(requestsForMargin(0.01, margin / 100, share))} at an error rate of 1 %`,
      `2.4 x ${digits(factor, 3)} x p(1-p) / margin^2`,
    ];
  },
  "rollout/minimum-below-quantile": ({ wrong }) => {
    const [minimum] = wrong(/at least (\d+) requests/u);
    const [quantile] = wrong(/latency, (\d+)%/u);
    const needed = quantileSamples(quantile / 100, 0.95);
    return [
      `95 % bound of a p${quantile} is the largest of at least ${needed} values: 0.${quantile}^${needed} is ${percent((quantile / 100) ** needed, 1)}`,
      `${minimum}`,
      `${percent((quantile / 100) ** minimum)}`,
    ];
  },
  "rollout/never-reads-challenger": ({ wrong }) => {
    const [share] = wrong(/traffic (\d+)% for/u);
    const [limit] = wrong(/champion\.error_rate > (\d+)%/u);
    return [
      `${100 - share} % of the requests and fails in ${limit + 1} %`,
      `\`rollback when champion.error_rate > ${limit}%\``,
      `${100} %`,
      `${limit - 2} %`,
    ];
  },
  "rollout/no-champion-traffic": ({ wrong }) => {
    const [share, watch] = wrong(/traffic (\d+)% watch (\d+)h/u);
    return [
      `${share} % the champion answers ${100 - share} % of the requests`,
      `${(watch * 60) / usualCheck} looks in ${watch} hours`,
    ];
  },
  "rollout/no-full-stage": ({ wrong }) => {
    const [share] = wrong(/traffic (\d+)% for/u);
    return [`100 %`, `${100 - share} % of the requests`];
  },
  "rollout/no-labels": ({ wrong }) => {
    const [keep] = wrong(/keep champion (\d+)h/u);
    return [`${keep} hours`];
  },
  "rollout/no-way-back": (page) => {
    const { all } = requests(page, 100);
    const failing = 0.1;
    const [from, until] = [23, 8];
    const hours = 24 - from + until;
    return [
      `${all} requests a second, of which ${percent(failing)} fail, that is ${count(all * failing)} failures a second, and ${count(all * failing * hours * 3600)} from ${from}:00 to 0${until}:00`,
    ];
  },
  "rollout/not-observable-live": ({ wrong }) => {
    const [hours] = wrong(/for 2h\.\.(\d+)h/u);
    return [`${maturity} hours`, `${hours}, ${maturity - hours} hours`];
  },
  "rollout/only-on-full": ({ wrong }) => {
    const [most, watch] = wrong(/for 2h\.\.(\d+)h watch (\d+)h/u);
    return [`${most} hours`, `${watch}`, `${watch - most} hours`];
  },
  "rollout/rollback-after-watch": ({ wrong }) => {
    const [watch, keep] = wrong(/watch (\d+)h keep champion (\d+)h/u);
    return [
      `${maturity} hours, and the watch ends after ${watch}`,
      `${maturity} to hour ${keep}`,
      `${keep - maturity} hours`,
    ];
  },
  "rollout/rollback-too-late": ({ wrong }) => {
    const [keep, over] = wrong(/keep champion (\d+)h[\s\S]*over (\d+)d/u);
    const known = maturity + over * 24;
    return [`${over} days`, `${maturity / 24}: it is known after ${known} hours`, `${keep}`, `${known - keep} hours`];
  },
  "rollout/rollback-weaker": ({ wrong }) => {
    const [required, taken] = wrong(/error_rate <= (\d+)%[\s\S]*error_rate > (\d+)%/u);
    const turned = taken - 1;
    return [
      `${required} %, and a version is taken back above ${taken} %`,
      `${0.8 * required} % to ${turned} % on the second day fails ${turned / required} times`,
    ];
  },
  "rollout/shadow-after-live": (page) => {
    const [share, least] = page.wrong(/traffic (\d+)% for (\d+)h/u);
    const { canary } = requests(page, share);
    return [`${share} %`, `${least} hours`, `${count(canary * least * 3600)} answers`];
  },
  "rollout/shadow-not-whole-days": ({ wrong }) => {
    const [hours] = wrong(/mirror 100% for (\d+)h/u);
    return [`${hours}h a shadow that begins at 22:00 may be over at 0${(22 + hours) % 24}:00`, `${hours} of 24 hours`];
  },
  "rollout/shares-do-not-rise": ({ wrong }) => {
    const [first, second] = wrong(/traffic (\d+)% for[\s\S]*traffic (\d+)% for/u);
    return [`${second} % after ${first} %`, `100 %, ${100 / second} times as many users at once`];
  },
  "rollout/stage-after-full": ({ wrong }) => {
    const [share] = wrong(/stage full \{ traffic (\d+)%/u);
    const [hours] = wrong(/within (\d+)h/u);
    return [`${share} % of the requests`, `${hours} hours`];
  },
  "rollout/stage-without-time": (page) => {
    const [share] = page.wrong(/traffic (\d+)% \}/u);
    const { canary } = requests(page, share);
    return [`${digits(1 / canary, 1)} seconds`, `${share} % of ${requests(page, share).all} requests a second`];
  },
  "rollout/stage-without-traffic": ({ wrong }) => {
    const [hours] = wrong(/for 2h\.\.(\d+)h/u);
    return [`${(hours * 60) / usualCheck} times in ${hours} hours`];
  },
  "rollout/wrong-noun": (page) => {
    const [share] = page.wrong(/traffic (\d+)% for/u);
    const [least] = page.wrong(/at least ([\d_]+) rows/u);
    const { canary } = requests(page, share);
    return [`${count(least)} requests come in ${digits(least / canary / 60, 2)} minutes`, `${maturity} hours`];
  },
};
