import { createHash } from "node:crypto";
import runtime from "handlebars/runtime.js";
import type { Decision, Finding, FindingGroup } from "../judge/finding.ts";
import { count } from "../judge/quantity.ts";
import type { DecisionRecord } from "./decision-body.ts";
import { findingView, VERDICT_SIGNS, VERDICT_WORDS } from "./finding-view.ts";
import { decision as compiled, style } from "./templates/templates.gen.ts";

// The package declares no types for its runtime part; it is the same object without the compiler.
const Handlebars = runtime as unknown as Pick<typeof import("handlebars"), "template">;

const template = Handlebars.template<Record<string, unknown>>(compiled as TemplateSpecification);

/** Most bytes that a page may have. */
const MOST_BYTES = 300_000;

const TITLES = { pass: "passes", fail: "fails", inconclusive: "has no answer" } as const;

interface Member {
  readonly finding: Finding;
  readonly group?: FindingGroup;
}

function isGroup(entry: Finding | FindingGroup): entry is FindingGroup {
  return "group" in entry;
}

/** JSON that means nothing to a page's parser. */
function inert(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** What follows from the verdict, where that is not plain from the verdict itself. */
function consequence({ verdict, observeOnly, onInconclusive }: Decision): string {
  if (observeOnly) return "This gate only observes: whatever it says, the run goes on.";
  if (verdict !== "inconclusive" || onInconclusive === undefined) return "";
  switch (onInconclusive.action) {
    case "block":
      return "On inconclusive the policy blocks: without an answer there is no promotion.";
    case "proceed":
      return `On inconclusive the policy proceeds, because: ${onInconclusive.because}`;
    case "hold":
      return `On inconclusive the policy holds, still judging, and then ${onInconclusive.then === "block" ? "blocks" : "rolls back"}.`;
  }
}

/** The decision's sentence without what the title says already. */
function lead({ program, sentence }: Decision): string {
  const said = [`${program} passes: `, `${program} fails: `].find((text) => sentence.startsWith(text)) ?? "";
  return sentence.slice(said.length);
}

/** How the requirements came out, as counts beside the verdict. */
function counts(findings: readonly Finding[]) {
  const kinds = ["fail", "inconclusive", "pass", "skipped"] as const;
  return kinds.flatMap((verdict) => {
    const number = findings.filter((finding) => finding.verdict === verdict).length;
    return number === 0 ? [] : [{ verdict, number, word: VERDICT_WORDS[verdict], sign: VERDICT_SIGNS[verdict] }];
  });
}

function render(record: DecisionRecord, slices: number, embeds: boolean): string {
  const { node, decision, inputs, policy } = record.body;
  const members: readonly Member[] = decision.findings.flatMap((entry): Member[] =>
    isGroup(entry) ? entry.members.map((finding) => ({ finding, group: entry })) : [{ finding: entry }],
  );
  return template({
    policy: policy.name,
    run: record.run ?? "",
    node,
    title: `${node} ${TITLES[decision.verdict]}`,
    verdict: decision.verdict,
    verdictWord: VERDICT_WORDS[decision.verdict],
    verdictSign: VERDICT_SIGNS[decision.verdict],
    sentence: lead(decision),
    consequence: consequence(decision),
    counts: counts(members.map(({ finding }) => finding)),
    style,
    styleHash: createHash("sha256").update(style).digest("base64"),
    rows: members.map(({ finding, group }) => findingView(finding, group, slices)),
    decidedAt: new Date(record.at).toISOString().replace(/\.000Z$/, "Z"),
    inputs: Object.entries(inputs).map(([name, value]) => ({
      name,
      value: typeof value === "number" ? count(value) : value,
    })),
    position: `${record.chain}#${record.sequence}`,
    hash: record.hash,
    previous: record.previous,
    digest: policy.digest,
    json: embeds ? inert(record) : "",
  });
}

/** One self-contained page about one decision: no request, no script, the same bytes for the same record, at most 300 KB. What does not fit is left out and said: the record's JSON first, then slices beyond the worst. */
export function decisionPage(record: DecisionRecord): string {
  let page = render(record, Number.POSITIVE_INFINITY, true);
  for (const slices of [Number.POSITIVE_INFINITY, 20, 5, 0]) {
    if (Buffer.byteLength(page) <= MOST_BYTES) break;
    page = render(record, slices, false);
  }
  return page;
}
