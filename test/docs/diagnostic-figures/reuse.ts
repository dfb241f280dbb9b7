import { notifyEvents } from "../../../language/semantics/blocks/notify.ts";
import { importLimit } from "../../../language/semantics/reuse/link.ts";
import { checkText } from "../../support/check-text.ts";
import { filesBeside } from "../../support/diagnostic-pages.ts";
import { count, digits, type Figures, type Page, weeksOfYear } from "./figure.ts";
import { planOfPages } from "./policy-of-pages.ts";

/** How many files stand beside the example of a page. */
const beside = (code: string): number => filesBeside(code).length;

/** Requests a second that the policy of the pages expects. */
const requestsOf = ({ wrong }: Page): number => wrong(/expect +(\d+) requests per 1s/u)[0];

/** What policies share: guardrails, imports, templates, and comments that set a finding aside. */
export const reuse: Figures = {
  "guardrail/limit": (page) => {
    const [share, hours] = page.wrong(/traffic (\d+)% for (\d+)h/u);
    const [limit] = page.wrong(/limit first traffic <= (\d+)%/u);
    const answers = (percent: number) => count((requestsOf(page) * percent * hours * 3600) / 100);
    const [runs, days, guarded] = [3, 7, 30];
    return [
      `${requestsOf(page)} requests a second and ${share} % a canary gives ${answers(share)} answers in its shortest ${hours} hours; ${limit} % allow ${answers(limit)}`,
      `${runs} runs per ${days}d allow ${runs} x ${Math.ceil(guarded / days)} = ${runs * Math.ceil(guarded / days)} in ${guarded}d`,
    ];
  },
  "guardrail/missing": ({ example }) => {
    const told = notifyEvents.filter((event) =>
      new RegExp(`on ${event} `, "u").test(example.split("guardrail")[0] ?? ""),
    );
    const [from, until] = [23, 8];
    return [
      `${told.length} of ${notifyEvents.length} events`,
      `${from}:00 would be noticed at 0${until}:00, ${24 - from + until} hours`,
    ];
  },
  "guardrail/proceeds": () => {
    const weeks = 2;
    return [`${weeks} weeks promotes ${weeks} of the ${weeksOfYear} weekly models`];
  },
  "guardrail/unknown-stage": ({ wrong }) => {
    const [limit] = wrong(/limit cannary traffic <= (\d+)%/u);
    const factor = 2.5;
    return [`${limit * factor} % of the traffic, ${factor} times the ${limit} %`];
  },

  "import/cycle": ({ message }) => {
    const files = new Set(message.match(/[\w/]+\.retrain/gu) ?? []);
    return [`${files.size} files`];
  },
  "import/is-a-folder": () => {
    const files = beside("import/is-a-folder");
    return [`${files} file`, `${files + 1}`];
  },
  "import/leaves-project": () => {
    const outside = 1;
    return [`${1 + outside} files`, `${1}`];
  },
  "import/letter-case": () => {
    const [written, real] = ["SLO", "slo"];
    const different = [...written].filter((letter, at) => letter !== real[at]).length;
    return [`\`${written}\` and \`${real}\` differ in ${different} letters`];
  },
  "import/not-a-path": () => {
    const { digest } = planOfPages().policy;
    return [`${digest.length} digits`];
  },
  "import/not-found": ({ example }) => {
    const imported = /\{ (.*) \}/u.exec(example)?.[1]?.split(", ") ?? [];
    return [`${imported.length} gate`];
  },
  "import/not-importable": () => {
    const policies = 40;
    return [`1 of ${policies} policies, if ${policies - 1}`];
  },
  "import/too-many": () => {
    const minutes = 1;
    return [
      `${minutes} minute a file ${count(importLimit)} files take ${digits((importLimit * minutes) / 60, 3)} hours`,
    ];
  },
  "import/unknown-name": ({ example }) => {
    const declared = example.match(/^(?:gate|metric|template|dataset) fi/gmu) ?? [];
    return [`${declared.length} gate`];
  },
  "import/unreadable": () => {
    const limit = 4 * 1024 * 1024;
    const width = 60;
    return [
      `4 MiB, ${count(limit)} bytes`,
      `${width} characters a line that is ${count(Math.floor(limit / width))} lines`,
    ];
  },
  "import/unused": ({ right }) => {
    const [limit] = right(/challenger\.slow <= (\d+)/u);
    return [`${10 * limit}, ten times the limit of ${limit}`];
  },
  "import/used-nowhere": ({ example }) => {
    const policies = example.match(/^policy /gmu)?.length ?? 0;
    return [`${policies} policies`];
  },

  "template/argument-type": ({ wrong }) => {
    const [written] = wrong(/floor: (\d+)pp/u);
    const champion = 0.9;
    return [
      `\`${written}%\` and \`${written}pp\``,
      `\`${written}%\` of ${champion.toFixed(2)} is ${digits((written / 100) * champion, 3)}, one of \`${written}pp\` is ${written / 100}`,
    ];
  },
  "template/changes": ({ wrong }) => {
    const [least] = wrong(/challenger\.saved >= (\d+)/u);
    return [`\`>= ${least}\``, `${5 * least}`];
  },
  "template/loosens": ({ wrong }) => {
    const [floor, own] = wrong(/floor: ratio = (\d+)%[\s\S]*challenger\.auc >= (\d+)%/u);
    return [`${floor} % becomes ${own} %, ${floor - own}pp less`];
  },
  "template/missing-argument": ({ example }) => {
    const text = /description "(.*)"/u.exec(example)?.[1] ?? "";
    const filled = text.replace(/\$\{product\}/u, "");
    return [`\`${filled}\`, ${text.length - filled.length} characters`];
  },
  "template/nothing-to-override": ({ example }) => {
    const templates = example.match(/^template /gmu)?.length ?? 0;
    return [`${templates} templates`];
  },
  "template/override-not-needed": ({ wrong }) => {
    const [floor, own] = wrong(/floor: ratio = (\d+)%[\s\S]*challenger\.auc >= (\d+)%/u);
    return [`${floor} % to ${own} %`];
  },
  "template/unknown-argument": ({ wrong }) => {
    const [floor, own] = wrong(/floor: ratio = (\d+)%[\s\S]*flor: (\d+)%/u);
    return [`${own} %`, `${floor} %, ${own - floor}pp less`];
  },
  "template/unknown-parameter": () => {
    const products = ["shoes", "coats", "bags"];
    const names = new Set(products.map((product) => "${prodct}-forecast".replace("${product}", product)));
    return [
      `${products.length} policies for ${products.slice(0, -1).join(", ")} and ${products.at(-1)} would be made with ${names.size} name`,
    ];
  },
  "template/unknown": ({ example }) => {
    const own = /from standart\(\) \{\n([\s\S]*?)\}/u.exec(example)?.[1]?.trim() ?? "missing";
    return [`${own === "" ? 0 : own.split("\n").length} lines`];
  },

  "lint/baseline-stale": () => {
    const [entries, found] = [1, 0];
    return [`${entries} entry stands for ${found} findings`];
  },
  "lint/ignore-error": ({ example }) => {
    const broken = example.replace("challenger.auc >= 0.80", "challenger.auc >= 0");
    const errors = checkText(broken).diagnostics.filter(({ code }) => code === "gate/always-holds").length;
    return [`\`>= ${0}\``, `${errors} error`];
  },
  "lint/ignore-incomplete": ({ example, found }) => {
    const shown = found(example, "policy/image-without-digest");
    return [`${shown} warning`];
  },
  "lint/ignore-unknown-code": ({ example, found }) => {
    const shown = found(example, "policy/image-without-digest");
    return [`${1 - shown} of ${shown} warnings`];
  },
  "lint/ignore-unused": ({ message, found, example }) => {
    const now = found(example, "policy/image-without-digest");
    if (message === "") throw new Error("nothing is reported");
    return [`${now} findings`];
  },
};
