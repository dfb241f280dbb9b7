import { count, digits, type Figures, percent, weeksOfYear } from "./figure.ts";
import { planOfPages } from "./policy-of-pages.ts";

const hour = 3_600_000;
const plan = planOfPages();
/** Checks of conditions in a day, where the policy does not say. */
const ofDay = (24 * hour) / plan.monitor.check;
/** Days after which labels of the examples are final. */
const maturity = (plan.datasets[0]?.label?.maturesAfter ?? Number.NaN) / (24 * hour);

/** Days of a year on which a zone's clocks are not `usual` hours ahead of UTC. */
function daysWithOtherClocks(zone: string, usual: number, year: number): number {
  const format = new Intl.DateTimeFormat("en", { timeZone: zone, hour: "2-digit", hourCycle: "h23" });
  const noons = Array.from({ length: 365 }, (_, day) => Date.UTC(year, 0, 1 + day, 12));
  return noons.filter((noon) => Number(format.format(noon)) !== 12 + usual).length;
}

/** Causes of a run, and what holds it back. */
export const trigger: Figures = {
  "trigger/bad-cron": ({ example }) => {
    const written = /schedule "(.*)" in/u.exec(example)?.[1] ?? "";
    return [`${written.split(" ").length} field where five`];
  },
  "trigger/budget-below-run": ({ wrong }) => {
    const [gpus, timeout, retries] = wrong(/gpu (\d+) \}\n +timeout +(\d+)h\n +retry +(\d+) times/u);
    const [budget, days] = wrong(/budget (\d+) gpu_hours per (\d+)d/u);
    return [
      `${gpus} GPUs, a timeout of ${timeout}h`,
      `${gpus} x ${timeout} x ${1 + retries} = ${gpus * timeout * (1 + retries)} GPU hours`,
      `${budget} in ${days} days`,
    ];
  },
  "trigger/budget-below-schedule": ({ said }) => {
    const [budget, days, needed] = said(
      /budget of (\d+) runs in (\d+)d is smaller than the schedule alone needs: (\d+)/u,
    );
    return [`${days} days can hold ${needed} scheduled runs, and the budget pays for ${budget}`, `${needed - budget}`];
  },
  "trigger/budget-without-gpu": ({ wrong }) => {
    const [budget] = wrong(/budget (\d+) gpu_hours/u);
    const [timeout] = wrong(/timeout +(\d+)h/u);
    const runs = 4_000;
    return [`${timeout} hours costs 0 x ${timeout} = ${0 * timeout}`, `${count(runs)} such runs`, `${budget}`];
  },
  "trigger/cooldown-over-schedule": ({ wrong }) => {
    const [days] = wrong(/cooldown (\d+)d after promotion/u);
    wrong(/"0 3 \* \* MON"/u);
    const every = Math.ceil(days / 7);
    return [`7 days`, `${days} days`, `${7 * every}`, `${weeksOfYear} weekly runs`, `${weeksOfYear / every}`];
  },
  "trigger/date-never-comes": ({ wrong }) => {
    const [day, month] = wrong(/"0 3 (\d+) (\d+) \*"/u);
    const years = 400;
    const dates = Array.from({ length: years }, (_, at) => new Date(Date.UTC(2000 + at, month - 1, day)));
    const coming = dates.filter((date) => date.getUTCMonth() === month - 1);
    return [`${years} years`, `${day}st of February comes ${coming.length} times`];
  },
  "trigger/decay-without-labels": ({ wrong }) => {
    const [days] = wrong(/over (\d+)d/u);
    return [`${days} days`, `${ofDay} checks`];
  },
  "trigger/drift-without-window": ({ wrong, right }) => {
    const [current] = wrong(/current (\d+)d/u);
    const [reference] = right(/reference (\d+)d/u);
    return [`${reference} days before the promotion and the last ${current} days`, `2 windows`];
  },
  "trigger/duplicate-cause": ({ example }) => {
    const written = example.match(/schedule "0 3 \* \* MON" in "Europe\/Berlin"/gu) ?? [];
    return [`${written.length} equal schedules give ${weeksOfYear} runs`, `${new Set(written).size}`];
  },
  "trigger/fed-by-own-output": ({ wrong }) => {
    const [gains] = wrong(/gains ([\d_]+) rows/u);
    const length = 2;
    return [`${count(gains)} rows`, `${count(gains)}`, `${length} hours that is ${24 / length} runs a day`];
  },
  "trigger/gap-between-windows": ({ wrong }) => {
    const [over] = wrong(/over (\d+)h/u);
    const [days] = wrong(/check every (\d+)d/u);
    const all = 24 * days;
    return [
      `\`over ${over}h\` and \`check every ${days}d\` each check sees the last ${over} of ${all} hours`,
      `${all - over}, ${percent((all - over) / all)} of the time`,
    ];
  },
  "trigger/group-count": ({ said }) => {
    const [wanted, members] = said(/at least (\d+) of (\d+) causes/u);
    return [`${members} cause`, `${wanted} that hold`, `\`at least 0 of\``];
  },
  "trigger/hysteresis-upside-down": ({ wrong }) => {
    const [fires, clears] = wrong(/> ([\d.]+) clears below ([\d.]+)/u);
    const between = (fires + clears) / 2;
    return [`${between.toFixed(2)} it lies above ${fires} and below ${clears}`, `${ofDay} looks`, `${ofDay} runs`];
  },
  "trigger/labelled-without-label": ({ wrong }) => {
    const [gains] = wrong(/gains ([\d_]+) labelled rows/u);
    return [`0 of them are labelled`, `${count(gains)}`];
  },
  "trigger/modifier": ({ wrong }) => {
    const [current] = wrong(/current +(\d+)d/u);
    const [over] = wrong(/over (\d+)d/u);
    return [`${current} days`, `\`over ${over}d\` to \`over ${4 * over}d\``];
  },
  "trigger/needs-champion": () => {
    return [`${7 * ofDay} checks`];
  },
  "trigger/needs-over": ({ right }) => {
    const [days] = right(/over (\d+)d/u);
    const hours = 24 * days;
    return [`${hours} times`, `sqrt(${hours}) = ${digits(Math.sqrt(hours), 2)} times`];
  },
  "trigger/no-cause": ({ wrong }) => {
    const [hours] = wrong(/check every (\d+)h/u);
    return [`${24 / hours} times a day`, `${0} causes`];
  },
  "trigger/nothing-to-drift": ({ example }) => {
    const columns = ["note text", "left boolean"].filter((column) => example.includes(column));
    return [`${columns.length} columns`, `${0} other columns`];
  },
  "trigger/slower-than-schedule": ({ said }) => {
    const [run, interval] = said(/takes at least (\d+)d, and the schedule fires every (\d+)d/u);
    return [
      `${run} days or more, and the schedule fires ${1 / interval} time a day`,
      `${7 / interval} nightly runs of a week at most ${Math.ceil(7 / run)}`,
    ];
  },
  "trigger/streak-count": ({ wrong }) => {
    const [hits, of] = wrong(/in (\d+) of (\d+) checks/u);
    return [`${of} checks`, `${hits}`];
  },
  "trigger/streak-is-one-check": ({ wrong }) => {
    const [checks] = wrong(/for (\d+) checks/u);
    const [every] = wrong(/check every (\d+)h/u);
    const [days] = wrong(/current +(\d+)d/u);
    const span = (checks - 1) * every;
    return [
      `${checks} checks lie ${span} hours apart from first to last, and each looks at ${24 * days} hours`,
      `${percent(span / (24 * days))}`,
      `${checks} times`,
    ];
  },
  "trigger/unknown-zone": () => {
    const year = 2027;
    const days = daysWithOtherClocks("Europe/Berlin", 1, year);
    return [`${days} days of ${year}`, `03:00 in CET is 0${3 + 1}:00`];
  },
  "trigger/wrong-family": () => {
    return [`${maturity} days`];
  },
};
