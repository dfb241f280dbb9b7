import type { Decision } from "../judge/finding.ts";
import type { LedgerRecord } from "../ledger/ledger.ts";
import { type DecisionRecord, isDecision } from "./decision-body.ts";
import { isRolloutRecord, shownRollout } from "./rollout-decision.ts";
import { entriesOf, type ShownDecision } from "./shown.ts";

/** What a record shows as a decision; undefined for one that is none. `digest` of the policy, for records that leave it to their run's. */
export function shownDecision(record: LedgerRecord, digest = ""): ShownDecision | undefined {
  if (isDecision(record)) return shownProgram(record);
  if (!isRolloutRecord(record)) return undefined;
  const { rollout, evidence } = record.body;
  return rollout.happened.length === 0 && evidence === undefined ? undefined : shownRollout(record, digest);
}

const TITLES = { pass: "passes", fail: "fails", inconclusive: "has no answer" } as const;

function shownProgram(record: DecisionRecord): ShownDecision {
  const { node, decision, inputs, policy, runtime = "" } = record.body;
  return {
    record,
    policy: policy.name,
    digest: policy.digest,
    node,
    verdict: decision.verdict,
    word: decision.verdict,
    title: `${node} ${TITLES[decision.verdict]}`,
    sentence: decision.sentence,
    consequence: consequence(decision),
    entries: entriesOf(decision.findings),
    inputs,
    runtime,
  };
}

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
