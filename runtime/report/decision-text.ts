import type { Finding } from "../judge/finding.ts";
import type { LedgerRecord } from "../ledger/ledger.ts";
import type { DecisionBody } from "./decision-body.ts";

const WIDTH = 80;

function wrapped(text: string, indent: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && line.length + 1 + word.length > WIDTH - indent) {
      lines.push(" ".repeat(indent) + line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return line === "" ? lines : [...lines, " ".repeat(indent) + line];
}

function findingLines(finding: Finding, indent: number): string[] {
  const role = finding.role === "require" ? "" : ` (${finding.role})`;
  const head = `${finding.verdict.padEnd(12)} ${finding.text}${role}`;
  const method = finding.method === undefined ? [] : wrapped(`method: ${finding.method}`, indent + 13);
  const flip = finding.flip === undefined ? [] : wrapped(finding.flip, indent + 13);
  const slices = (finding.slices ?? []).map(
    (slice) =>
      `${" ".repeat(indent + 13)}${slice.verdict.padEnd(12)} ${slice.slice === "" ? "(missing)" : slice.slice}: ${slice.sentence}`,
  );
  return [" ".repeat(indent) + head, ...wrapped(finding.sentence, indent + 13), ...method, ...flip, ...slices];
}

/** A decision for a terminal of 80 columns: the verdict and its sentence first, then every requirement with its evidence. */
export function decisionText(record: LedgerRecord): string {
  const body = record.body as DecisionBody;
  const { decision } = body;
  const lines = [
    `${body.policy.name}, ${body.node}: ${decision.verdict}`,
    ...wrapped(decision.sentence, 2),
    "",
    ...decision.findings.flatMap((entry) =>
      "group" in entry
        ? [
            `${entry.verdict.padEnd(12)} at least ${entry.atLeast} of ${entry.members.length}:`,
            ...entry.members.flatMap((one) => findingLines(one, 2)),
          ]
        : findingLines(entry, 0),
    ),
    "",
    ...Object.entries(body.inputs).map(
      ([name, value]) => `${name}: ${typeof value === "number" ? value.toLocaleString("en") : value}`,
    ),
    `record ${record.chain}#${record.sequence}, hash ${record.hash}`,
  ];
  return `${lines.join("\n")}\n`;
}
