import { createHash } from "node:crypto";
import runtime from "handlebars/runtime.js";
import type { Finding, FindingGroup } from "../judge/finding.ts";
import { quantity as quantityText } from "../judge/quantity.ts";
import type { LedgerRecord } from "../ledger/ledger.ts";
import type { DecisionBody } from "./decision-body.ts";
import { binChart, forest } from "./forest.ts";
import { decision as compiled, style } from "./templates/templates.gen.ts";

// The package declares no types for its runtime part; it is the same object without the compiler.
const Handlebars = runtime as unknown as Pick<typeof import("handlebars"), "template">;

const template = Handlebars.template<Record<string, unknown>>(compiled as TemplateSpecification);

const WORDS = { pass: "PASS", fail: "FAIL", inconclusive: "INCONCLUSIVE", skipped: "SKIPPED" } as const;

const TITLES = { pass: "passes", fail: "fails", inconclusive: "has no answer" } as const;

function isGroup(entry: Finding | FindingGroup): entry is FindingGroup {
  return "group" in entry;
}

/** What every row of a table shows of a finding. The templates are strict: every field is there, empty where there is nothing to say. */
function cells(finding: Finding) {
  const unit = finding.unit ?? "number";
  const quantity = (value: number | null | undefined) =>
    value === undefined || value === null ? "" : quantityText(value, unit);
  const { interval } = finding;
  const ends =
    interval === undefined ? "" : `${quantity(interval.low) || "-\u221e"} to ${quantity(interval.high) || "\u221e"}`;
  return {
    verdict: finding.verdict,
    verdictWord: WORDS[finding.verdict],
    sentence: finding.sentence,
    value: quantity(finding.estimate),
    interval:
      interval === undefined ? "" : `${ends} (${(interval.level * 100).toFixed(interval.level > 0.99 ? 1 : 0)} %)`,
    forest: forest(finding.estimate, interval, finding.bound),
    n: finding.n === undefined ? "" : finding.n.toLocaleString("en"),
  };
}

function row(finding: Finding, group?: FindingGroup) {
  const slices = [...(finding.slices ?? [])].sort((one, other) => (one.estimate ?? 0) - (other.estimate ?? 0));
  const undecided = slices.filter((slice) => slice.verdict !== "pass").length;
  const role = finding.role === "require" ? "" : finding.role;
  const member = group === undefined ? "" : `one of ${group.members.length}, at least ${group.atLeast}`;
  return {
    ...cells(finding),
    role: [role, member].filter((text) => text !== "").join(", "),
    text: finding.text,
    bound: finding.bound === undefined ? "" : quantityText(finding.bound, finding.unit ?? "number"),
    method: finding.method ?? "",
    flip: finding.flip ?? "",
    slices: slices.map((slice) => ({ slice: slice.slice === "" ? "(missing)" : slice.slice, ...cells(slice) })),
    sliceSummary: `${slices.length} slices, ${undecided === 0 ? "all pass" : `${undecided} not passing`}`,
    bins: (finding.bins ?? []).map((bin) => ({
      label: bin.label,
      reference: bin.reference.toLocaleString("en"),
      current: bin.current.toLocaleString("en"),
    })),
    binChart: finding.bins === undefined ? "" : binChart(finding.bins),
  };
}

/** JSON that means nothing to a page's parser. */
function inert(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** One self-contained page about one decision: no request, no script, the same bytes for the same record. */
export function decisionPage(record: LedgerRecord): string {
  const body = record.body as DecisionBody;
  const { decision } = body;
  return template({
    policy: body.policy.name,
    run: record.run ?? "",
    node: body.node,
    title: `${body.node} ${TITLES[decision.verdict]}`,
    verdict: decision.verdict,
    verdictWord: WORDS[decision.verdict],
    sentence: decision.sentence,
    style,
    styleHash: createHash("sha256").update(style).digest("base64"),
    rows: decision.findings.flatMap((entry) =>
      isGroup(entry) ? entry.members.map((member) => row(member, entry)) : [row(entry)],
    ),
    inputs: [
      { name: "Decided at", value: new Date(record.at).toISOString() },
      ...Object.entries(body.inputs).map(([name, value]) => ({
        name,
        value: typeof value === "number" ? value.toLocaleString("en") : value,
      })),
    ],
    position: `${record.chain}#${record.sequence}`,
    hash: record.hash,
    previous: record.previous,
    digest: body.policy.digest,
    json: inert(record),
  });
}
