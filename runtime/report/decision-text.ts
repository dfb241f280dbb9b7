import type { Finding } from "../judge/finding.ts";
import { count } from "../judge/quantity.ts";
import type { DecisionRecord } from "./decision-body.ts";

/** Puts text in a style of the terminal, or leaves it as it is. */
export type TextPaint = (style: "bold" | "dim" | "red" | "green" | "yellow", text: string) => string;

const STYLES = { pass: "green", fail: "red", inconclusive: "yellow", skipped: "dim" } as const;

/** Columns of a verdict and the space behind it. */
const HEAD = 14;

interface Page {
  readonly columns: number;
  readonly paint: TextPaint;
}

function wrapped(text: string, indent: number, { columns }: Page): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter((one) => one !== "")) {
    if (line !== "" && line.length + 1 + word.length > columns - indent) {
      lines.push(" ".repeat(indent) + line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return line === "" ? lines : [...lines, " ".repeat(indent) + line];
}

function findingLines(finding: Finding, indent: number, page: Page): string[] {
  const { verdict, role, text, sentence, method, flip } = finding;
  const head = (word: Finding["verdict"], depth: number) =>
    `${" ".repeat(depth)}${page.paint(STYLES[word], word.padEnd(HEAD - 1))} `;
  const inner = indent + HEAD;
  const title = `${text}${role === "require" ? "" : ` (${role})`}`;
  const slices = (finding.slices ?? []).flatMap((slice) => {
    const name = slice.slice === "" ? "(missing)" : slice.slice;
    const [first = "", ...rest] = wrapped(`${name}: ${slice.sentence}`, inner + HEAD, page);
    return [head(slice.verdict, inner) + first.trimStart(), ...rest];
  });
  const [first = "", ...rest] = wrapped(title, inner, page);
  return [
    head(verdict, indent) + page.paint("bold", first.trimStart()),
    ...rest,
    ...wrapped(sentence, inner, page),
    ...(method === undefined ? [] : wrapped(`method: ${method}`, inner, page)),
    ...(flip === undefined ? [] : wrapped(flip, inner, page)),
    ...slices,
  ];
}

/** A decision for a terminal: the verdict and its sentence first, then every requirement with its evidence. */
export function decisionText(record: DecisionRecord, columns = 80, paint: TextPaint = (_style, text) => text): string {
  const { node, decision, inputs, policy } = record.body;
  const page: Page = { columns, paint };
  const lines = [
    `${paint("bold", `${policy.name}, ${node}:`)} ${paint(STYLES[decision.verdict], decision.verdict)}`,
    ...wrapped(decision.sentence, 2, page),
    "",
    ...decision.findings.flatMap((entry) =>
      "group" in entry
        ? [
            `${paint(STYLES[entry.verdict], entry.verdict.padEnd(HEAD - 1))} at least ${entry.atLeast} of ${entry.members.length}:`,
            ...entry.members.flatMap((one) => findingLines(one, 2, page)),
          ]
        : findingLines(entry, 0, page),
    ),
    "",
    ...Object.entries(inputs).flatMap(([name, value]) =>
      wrapped(`${name}: ${typeof value === "number" ? count(value) : value}`, 0, page),
    ),
    paint("dim", `record ${record.chain}#${record.sequence}`),
    paint("dim", `hash ${record.hash}`),
  ];
  return `${lines.join("\n")}\n`;
}
