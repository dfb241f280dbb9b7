import { pagesDay } from "../../support/diagnostic-pages.ts";
import { count, digits, type Figures, weeksOfYear } from "./figure.ts";
import { planOfPages } from "./policy-of-pages.ts";

const day = 86_400_000;
const today = new Date(pagesDay).toISOString().slice(0, 10);
const hour = 3_600_000;

/** Area under the curve of a model that gives every row the same score. */
const coinAuc = (1 / 2).toFixed(2);

const usualLimit = planOfPages().retrain.nodes.find((node) => node.kind === "step")?.step.timeout ?? Number.NaN;

function daysSince(year: number, month: number, date: number): number {
  return (pagesDay - Date.UTC(year, month - 1, date)) / day;
}

/** The policy as a whole, and its steps. */
export const policy: Figures = {
  "policy/empty-block": ({ right }) => {
    const [rows] = right(/rows >= ([\d_]+)/u);
    return [`12 rows, where ${count(rows)}`];
  },
  "policy/empty-text": ({ example }) => {
    const owner = /owner "(.*)"/u.exec(example)?.[1] ?? "missing";
    return [`${owner.length} letters`];
  },
  "policy/freeze-over": ({ wrong }) => {
    const [year, month, date] = wrong(/\.\.(\d{4})-(\d{2})-(\d{2})/u);
    const past = daysSince(year, month, date);
    return [`\`${today}\``, `${past} days`];
  },
  "policy/image-without-digest": ({ right }) => {
    right(/sha256:([0-9a-f]{64})"/u);
    return [`${weeksOfYear} weekly runs`, `${weeksOfYear} different programs`, `${256 / 4} hexadecimal digits`];
  },
  "policy/language-version": ({ said }) => {
    const [written, known] = said(
      /written in version (\d+) of the language\. This version of retrain reads version (\d+)/u,
    );
    return [`${written - known} versions`];
  },
  "policy/missing": ({ found }) => {
    const answers = ["absolute_gates_only", 'approval "leads"', "refuse"].filter(
      (answer) =>
        found(
          `model {\n  registry local "example"\n  serving local "example"\n  first_model ${answer}\n}`,
          "policy/missing",
        ) === 0,
    );
    return [`${answers.length} answers`];
  },
  "policy/no-rollout": () => {
    return [`${weeksOfYear} weekly runs`, `${weeksOfYear} challengers`];
  },
  "policy/observes-only": ({ wrong }) => {
    const [floor] = wrong(/challenger\.auc >= ([\d.]+)/u);
    return [`${coinAuc} goes on to users past a floor of ${floor.toFixed(2)}`];
  },
  "policy/output-not-written": () => {
    return [`${usualLimit / hour} hour`, `${[].length} files`];
  },
  "policy/range-upside-down": ({ wrong }) => {
    const [hours, minutes] = wrong(/backoff (\d+)h\.\.(\d+)m/u);
    return [`${hours * 60} minutes is ${(hours * 60) / minutes} times the longest one, ${minutes} minutes`];
  },
  "policy/repeated": ({ wrong }) => {
    const [first, second] = wrong(/current (\d+)d\n +current (\d+)d/u);
    return [
      `${first} days ago fills ${(100 * first) / first} % of a window of ${first} days and ${(100 * first) / second} % of one of ${second}`,
    ];
  },
  "policy/review-overdue-high": ({ wrong }) => {
    const [year, month, date] = wrong(/review_by (\d{4})-(\d{2})-(\d{2})/u);
    return [`\`${today}\``, `${count(daysSince(year, month, date))} days`];
  },
  "policy/review-overdue": ({ wrong }) => {
    const [year, month, date] = wrong(/review_by (\d{4})-(\d{2})-(\d{2})/u);
    return [`\`${today}\``, `${digits(daysSince(year, month, date) / 365.25, 2)} years`];
  },
  "policy/secret-as-text": () => {
    const copies = ["the file", "the plan", "the engine's pipeline"];
    return [`${copies.length} places, ${copies.slice(0, -1).join(", ")} and ${copies.at(-1)}`];
  },
  "policy/secret-reference": ({ example }) => {
    const written = /from "(.*)"/u.exec(example)?.[1]?.split("/") ?? [];
    return [`2 names`, `\`${written.join("/")}\` is ${written.length}`];
  },
  "policy/substitution-not-here": ({ example }) => {
    const text = /(\$\{.*\})/u.exec(example)?.[1] ?? "";
    return [`${text.length} characters \`${text}\``];
  },
  "policy/unknown-resource": ({ wrong }) => {
    const [size] = wrong(/memroy (\d+)Gi/u);
    return [`${size}Gi are ${digits((size * 1024 ** 3) / 1e9, 3)} GB`];
  },
  "policy/unknown-substitution": ({ example }) => {
    const text = /(\$\{challenger\.url\})/u.exec(example)?.[1] ?? "";
    return [`\`${text}\`, ${text.length} characters`];
  },
};
