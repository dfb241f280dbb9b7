import type { Decision, Finding, FindingGroup, Verdict } from "../judge/finding.ts";
import type { LedgerRecord } from "../ledger/ledger.ts";
import type { DecisionBody } from "./decision-body.ts";

/** A decision as pages and texts show it, whoever took it: a gate on its findings, or a rollout on a look. */
export interface ShownDecision {
  readonly record: LedgerRecord;
  readonly policy: string;
  /** Empty where the record does not hold it. */
  readonly digest: string;
  /** What decided: `gate.offline`, `stage canary`. */
  readonly node: string;
  readonly verdict: Verdict;
  /** The verdict's own word; another one where a rollout did something. */
  readonly word: string;
  readonly title: string;
  readonly sentence: string;
  /** What follows from the verdict, where that is not plain from it. */
  readonly consequence: string;
  readonly entries: readonly { readonly finding: Finding; readonly group?: FindingGroup; readonly tag?: string }[];
  readonly inputs: DecisionBody["inputs"];
  /** Version of the runtime that decided; empty where the record does not hold it. */
  readonly runtime: string;
}

/** Findings one by one, each with the group it stands in. */
export function entriesOf(findings: Decision["findings"]): ShownDecision["entries"] {
  return findings.flatMap((entry): ShownDecision["entries"] =>
    "group" in entry ? entry.members.map((finding) => ({ finding, group: entry })) : [{ finding: entry }],
  );
}
