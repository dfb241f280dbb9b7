import type { Finding, FindingGroup } from "../judge/finding.ts";
import { count } from "../judge/quantity.ts";
import type { ShownDecision } from "./shown.ts";

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
export function decisionText(shown: ShownDecision, columns = 80, paint: TextPaint = (_style, text) => text): string {
  const { policy, node, verdict, word, sentence, consequence, inputs, record } = shown;
  const page: Page = { columns, paint };
  let group: FindingGroup | undefined;
  const findings = shown.entries.flatMap((entry) => {
    const isNew = entry.group !== undefined && entry.group !== group;
    group = entry.group;
    const head = isNew && group !== undefined ? [groupLine(group, page)] : [];
    return [...head, ...findingLines(entry.finding, group === undefined ? 0 : 2, page)];
  });
  const lines = [
    `${paint("bold", `${policy}, ${node}:`)} ${paint(STYLES[verdict], word)}`,
    ...wrapped(sentence, 2, page),
    ...wrapped(consequence, 2, page),
    "",
    ...findings,
    ...(findings.length === 0 ? [] : [""]),
    ...Object.entries(inputs).flatMap(([name, value]) =>
      wrapped(`${name}: ${typeof value === "number" ? count(value) : value}`, 0, page),
    ),
    paint("dim", `record ${record.chain}#${record.sequence}`),
    paint("dim", `hash ${record.hash}`),
  ];
  return `${lines.join("\n")}\n`;
}

function groupLine({ verdict, atLeast, members }: FindingGroup, { paint }: Page): string {
  return `${paint(STYLES[verdict], verdict.padEnd(HEAD - 1))} at least ${atLeast} of ${members.length}:`;
}
