import { quantileSamples } from "../../../language/semantics/sample-size.ts";
import { builtinMetrics } from "../../../language/semantics/signatures/metrics.ts";
import { drift } from "../../../runtime/stats/drift.ts";
import { wilson } from "../../../runtime/stats/proportion.ts";
import { count, digits, type Figures, percent } from "./figure.ts";

const columnTypes = ["boolean", "category", "number", "integer", "text", "timestamp"];

/** Area under the curve of a model that gives every row the same score: each pair of rows is a tie, and a tie counts half. */
const coinAuc = 1 / 2;

const tasks = Object.values(builtinMetrics).map((metric) => metric.tasks);

/** Where rows come from, and metrics that a policy declares. */
export const dataset: Figures = {
  "dataset/column-read-twice": ({ wrong }) => {
    wrong(/spend +number\n +income number from "spend"/u);
    const columns = ["age", "spend", "spend"];
    return [`${columns.length} columns and learns from ${new Set(columns).size}`];
  },
  "dataset/current-cuts-weeks": ({ wrong }) => {
    const [days] = wrong(/current (\d+)d/u);
    const [reference] = wrong(/reference (\d+)d/u);
    const [limit] = wrong(/weekday\) > ([\d.]+)/u);
    const rows = 1_000;
    const weekday = (from: number, length: number) =>
      [0, 1, 2, 3, 4, 5, 6].map(
        (day) => Array.from({ length }, (_, at) => from + at).filter((at) => at % 7 === day).length * rows,
      );
    const { value } = drift("psi", weekday(0, reference), weekday(0, days));
    return [
      `${days} days`,
      `${days} of the 7 weekdays`,
      `${reference} days`,
      `${count(rows)} rows`,
      `${digits(value, 2)}`,
      `${limit}`,
    ];
  },
  "dataset/holdout-too-small": ({ wrong, said }) => {
    const [rows] = wrong(/expect (\d+) rows/u);
    const [days] = wrong(/holdout +(\d+)d/u);
    const [has, needed] = said(/can expect (\d+) rows, and nothing is judged on fewer than (\d+) rows/u);
    return [`${rows} rows a day a holdout of ${days} days holds ${rows * days}`, `${has} rows instead of ${needed}`];
  },
  "dataset/holdout-without-label": ({ wrong }) => {
    const [days] = wrong(/holdout (\d+)d/u);
    return [`${days} days`, `${days / 7} weeks`];
  },
  "dataset/label-not-declared": ({ wrong }) => {
    wrong(/label churned/u);
    const of = (task: "binary" | "multiclass" | "regression") => tasks.filter((one) => one.includes(task)).length;
    return [
      `${tasks.length} built-in metrics ${of("binary")} fit a label of two classes, ${of("multiclass")} one of several classes and ${of("regression")} a quantity`,
    ];
  },
  "dataset/label-type": ({ found }) => {
    const example = (type: string) =>
      'dataset customers {\n  source parquet "data/customers.parquet"\n  time seen_at\n  key customer_id\n' +
      "  label left matures after 2d\n  holdout 14d\n  columns {\n    left " +
      type +
      "\n  }\n}";
    const good = columnTypes.filter((type) => found(example(type), "dataset/label-type") === 0);
    const comments = 1_000;
    return [
      `${good.length} of the ${columnTypes.length} types`,
      `${count(comments)} comments`,
      `${count(comments)} rows`,
    ];
  },
  "dataset/no-holdout": ({ wrong }) => {
    wrong(/columns \{/u);
    return [`${(1).toFixed(2)}`, `${coinAuc.toFixed(2)}`];
  },
  "dataset/several-holdouts": ({ wrong }) => {
    const [first, second] = wrong(/holdout (\d+)d[\s\S]*holdout (\d+)d/u);
    return [`${first} days`, `${second} days`, `${[first, second].length} numbers for one requirement`];
  },
  "dataset/training-unbounded": ({ wrong }) => {
    const [daily] = wrong(/expect (\d[\d_]*) rows/u);
    const rows = daily * 365;
    const bytes = 200;
    return [
      `${count(daily / 1e6)} million rows a day`,
      `${digits(rows / 1e9, 3)}e9 rows`,
      `${bytes} bytes`,
      `${count((rows * bytes) / 1e9)} GB`,
    ];
  },

  "metric/needs-counted-by": ({ wrong }) => {
    wrong(/quantile=\\"(0\.99)/u);
    const needed = quantileSamples(0.99, 0.95);
    const few = 40;
    return [
      `${few} answers`,
      `0.99^${few} = ${percent(0.99 ** few)}`,
      `95 % takes ${needed} requests`,
      `${few}`,
      `${count(few * 1000)}`,
    ];
  },
  "metric/not-a-query": ({ example }) => {
    const query = /from prometheus "(.*)"/u.exec(example)?.[1] ?? "";
    const opened = query.split("(").length - 1;
    const closed = query.split(")").length - 1;
    return [`${opened} brackets and closes ${closed}`];
  },
  "metric/over-is-a-ratio": ({ wrong }) => {
    const [limit] = wrong(/challenger\.failing <= (\d+)s/u);
    const [failed, all] = [600, 1_000];
    return [
      `${failed} failed of ${count(all)} requests`,
      `${failed / all}`,
      `${limit} s, which is ${count(limit * 1000)} ms`,
    ];
  },
  "metric/rate-for-count": () => {
    const few = wilson(1, 50, 0.975);
    const many = wilson(1_000, 50_000, 0.975);
    return [
      `${1 / 50} failures a second against 1 request a second`,
      `${percent(1 / 50)}`,
      `${50} requests`,
      `${count(50_000)} with ${count(1_000)}`,
      `${percent(few.low, 1)} and ${percent(few.high, 2)}`,
      `${percent(many.low, 2)} and ${percent(many.high, 2)}`,
    ];
  },
  "metric/same-for-every-version": () => {
    const share = 0.05;
    const failing = 0.5;
    return [
      `${percent(1 - share)} of the requests on a good champion and ${percent(share)} on a challenger that fails in ${percent(failing)}`,
      `${percent(share * failing)}`,
    ];
  },
  "metric/window-of-its-own": ({ wrong }) => {
    const [hours] = wrong(/\[(\d+)h\]/u);
    const minutes = hours * 60;
    const asked = 5;
    return [
      `\`[${hours}h]\` asked ${asked} minutes after that`,
      `${minutes - asked} minutes`,
      `${minutes} minutes ${percent((minutes - asked) / minutes)}`,
    ];
  },
};
