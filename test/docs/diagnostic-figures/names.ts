import { notifyEvents } from "../../../language/semantics/blocks/notify.ts";
import {
  dataFunctions,
  driftFunctions,
  fairnessFunctions,
  otherFunctions,
  pairFunctions,
} from "../../../language/semantics/signatures/functions.ts";
import { builtinMetrics } from "../../../language/semantics/signatures/metrics.ts";
import { checkText } from "../../support/check-text.ts";
import { count, type Figures, weeksOfYear } from "./figure.ts";
import { planOfPages } from "./policy-of-pages.ts";

const hour = 3_600_000;
const ofDay = (24 * hour) / planOfPages().monitor.check;

/** Area under the curve of a model that gives every row the same score. */
const coinAuc = (1 / 2).toFixed(2);

const functions = [
  ...[dataFunctions, driftFunctions, fairnessFunctions, pairFunctions].flatMap((table) => Object.keys(table)),
  ...otherFunctions,
];

/** Names that mean nothing or two things, and who is told. */
export const names: Figures = {
  "name/ambiguous": ({ example }) => {
    const meanings = ["metric spend {", "spend   number in"].filter((text) => example.includes(text));
    return [`${meanings.length} meanings`];
  },
  "name/duplicate": ({ wrong }) => {
    const [floor] = wrong(/challenger\.auc >= ([\d.]+)/u);
    return [`${floor.toFixed(2)}`, `${coinAuc}`];
  },
  "name/reserved": ({ found }) => {
    const words = ["challenger", "champion", "baseline", "saved"].filter(
      (word) => found(`metric ${word} {\n  type number\n  better higher\n  from evaluation\n}`, "name/reserved") > 0,
    );
    return [`${words.length} words \`${words.join("`, `")}\``];
  },
  "name/unknown-choice": ({ example, said }) => {
    said(/It can be low, medium or high/u);
    const { policies } = checkText(example.replace("risk hgih", ""));
    return [`${["low", "medium", "high"].length} words`, `\`${policies[0]?.risk ?? ""}\``];
  },
  "name/unknown-column": ({ wrong, example }) => {
    const [limit] = wrong(/null_rate\(spnd\) <= (\d+)%/u);
    const columns = /columns \{([^}]*)\}/u.exec(example)?.[1]?.trim().split("\n") ?? [];
    return [`${columns.length} columns`, `${100 / limit} times the ${limit} %`];
  },
  "name/unknown-dataset": ({ wrong }) => {
    const [rows] = wrong(/rows >= ([\d_]+)/u);
    const few = 12;
    return [`${few} rows where at least ${count(rows)}`];
  },
  "name/unknown-function": ({ wrong }) => {
    const [limit] = wrong(/pse\(age\) <= ([\d.]+)/u);
    return [`${functions.length} functions`, `${4 * limit}, four times the limit of ${limit}`];
  },
  "name/unknown-gate-or-stage": ({ wrong }) => {
    const [share] = wrong(/traffic (\d+)% for 2h\.\.12h use canry/u);
    const [limit] = wrong(/challenger\.error_rate <= (\d+)%/u);
    return [`${share} % of the requests`, `${limit} %`];
  },
  "name/unknown-metric": ({ wrong }) => {
    const [floor] = wrong(/challenger\.acu >= ([\d.]+)/u);
    return [`${Object.keys(builtinMetrics).length} built-in metrics`, `${coinAuc} where ${floor.toFixed(2)}`];
  },
  "name/unknown-root": () => {
    return [`${weeksOfYear} weekly runs`];
  },
  "name/unknown": ({ wrong }) => {
    const [limit] = wrong(/psi\(spend\) > ([\d.]+)/u);
    return [`0 of the ${ofDay} checks`, `${limit}`];
  },
  "name/unused": ({ right }) => {
    const [least] = right(/challenger\.saved >= (\d+)/u);
    return [`${0}`, `${least}`];
  },
  "notify/bad-address": ({ example }) => {
    const address = /webhook "([^"]*)"/u.exec(example)?.[1] ?? "";
    return [`\`${address}\` lacks the ${"https://".length} characters`, `${weeksOfYear} weekly promotions`];
  },
  "notify/unknown-channel": ({ said }) => {
    said(/Channels are slack, email, webhook or pagerduty/u);
    return [`${["slack", "email", "webhook", "pagerduty"].length} channels`, `03:00`, `09:00, ${9 - 3} hours`];
  },
  "notify/unknown-event": () => {
    return [`${notifyEvents.length} events`];
  },
};
