import { depthLimit } from "../../../language/syntax/depth.ts";
import { count, type Figures } from "./figure.ts";
import { planOfPages, policyOfPages } from "./policy-of-pages.ts";

const usualMinutes =
  (planOfPages().retrain.nodes.find((node) => node.kind === "step")?.step.timeout ?? Number.NaN) / 60_000;

const braces = (text: string) => ({ opened: text.split("{").length - 1, closed: text.split("}").length - 1 });

/** What the parser refuses: the consequence of guessing, at the page's own example. */
export const syntax: Figures = {
  "syntax/bad-character": () => {
    const place = (character: string) =>
      `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
    return [`${place('"')}`, `${place("\u201C")}`];
  },
  "syntax/bad-date": ({ wrong }) => {
    const [year, month, date] = wrong(/review_by (\d{4})-(\d{2})-(\d{2})/u);
    const rolled = new Date(Date.UTC(year, month - 1, date)).toISOString().slice(0, 10);
    return [`day ${date} of a February with 28 days is ${rolled}, ${date - 28} days`];
  },
  "syntax/bad-escape": ({ example }) => {
    const written = /(\\q)/u.exec(example)?.[1] ?? "";
    return [`\`${written}\` could stand for its ${written.length} characters, for the ${written.length - 1} letter`];
  },
  "syntax/bad-quantity": ({ wrong }) => {
    const [days] = wrong(/holdout (\d+\.\d+)d/u);
    const whole = Math.floor(days);
    const digit = Math.round((days - whole) * 10);
    return [
      `\`${days}d\``,
      `${days * 24} hours for one reader and 1 day and ${digit} hours, ${whole * 24 + digit}`,
      `\`${whole}d${(days - whole) * 24}h\``,
    ];
  },
  "syntax/bad-substitution": ({ example }) => {
    const written = /(\$\{challenger\.\})/u.exec(example)?.[1] ?? "";
    return [`${written.length} characters, \`${written}\``];
  },
  "syntax/empty-group": () => {
    const members: boolean[] = [];
    return [`${members.length} lines`];
  },
  "syntax/hidden-character": ({ example }) => {
    const text = /description "(.*)"/u.exec(example)?.[1] ?? "";
    const hidden = [...text].filter((character) => /\p{Cf}/u.test(character));
    return [
      `${text.length} characters and shows ${text.length - hidden.length}`,
      `U+${(hidden[0]?.codePointAt(0) ?? 0).toString(16).toUpperCase()}`,
    ];
  },
  "syntax/list-comma": ({ example }) => {
    const list = /command \["python",, (.*)\]/u.exec(example)?.[1] ?? "";
    const words = list.split(", ").length + 1;
    return [`${words} texts and room for ${words + 1}`];
  },
  "syntax/misplaced-statement": ({ wrong }) => {
    const [minutes] = wrong(/timeout (\d+)m/u);
    return [`${minutes} minutes`, `${usualMinutes} minutes, ${usualMinutes / minutes} times`];
  },
  "syntax/missing-brace": ({ example }) => {
    const { opened, closed } = braces(example);
    return [`${opened} brace is opened and ${closed} are closed`];
  },
  "syntax/missing-part": ({ right }) => {
    const [rows] = right(/rows >= ([\d_]+)/u);
    return [`0`, `${count(rows)} rows`];
  },
  "syntax/query-variable": ({ example }) => {
    const written = /(\$model)/u.exec(example)?.[1] ?? "";
    return [`${written.length} characters \`${written}\``, `${[].length} series`];
  },
  "syntax/stage-header-order": () => {
    const parts = ["mirror or traffic", "for", "at least", "check every", "watch", "keep champion"];
    const orders = parts.reduce((product, _, at) => product * (at + 1), 1);
    return [`${parts.length} parts of a header could stand in ${orders} orders`];
  },
  "syntax/too-deep": () => {
    const used = [...policyOfPages].reduce(
      ({ now, most }, character) => {
        const next = now + (character === "{" ? 1 : character === "}" ? -1 : 0);
        return { now: next, most: Math.max(most, next) };
      },
      { now: 0, most: 0 },
    ).most;
    return [`${used} levels`, `${depthLimit}`];
  },
  "syntax/too-large": () => {
    const limit = 4 * 1024 * 1024;
    return [`4 MiB is more than ${count(Math.floor(limit / policyOfPages.length / 1000) * 1000)} times`];
  },
  "syntax/unexpected-brace": ({ example }) => {
    const { opened, closed } = braces(example);
    return [`${opened} brace is opened and ${closed} are closed`];
  },
  "syntax/unexpected-token": ({ wrong }) => {
    const [first, second] = wrong(/cooldown (\d+)h after promotion (\d+)h after failure/u);
    return [`${first} hours and ${second} hours`, `${first + second} hours`, `${first}`];
  },
  "syntax/unknown-statement": ({ wrong }) => {
    const [days] = wrong(/curent (\d+)d/u);
    return [`${days} days`];
  },
  "syntax/unterminated-comment": ({ example }) => {
    const lines = example.trim().split("\n").length;
    return [`${lines} lines`, `${0} policies`];
  },
  "syntax/unterminated-text": ({ example }) => {
    const lines = example.trim().split("\n");
    const from = lines.findIndex((line) => line.includes('"Who will leave'));
    return [`${lines.length - 1 - from} lines`];
  },
};
