import type { Decision } from "../judge/finding.ts";
import type { LedgerRecord } from "../ledger/ledger.ts";

/** Body of a `decision` record about a program: a gate, a `validate` block, the requirements of a stage. */
export interface DecisionBody {
  readonly node: string;
  readonly decision: Decision;
  /** What it rests on, in words, by name. */
  readonly inputs: Readonly<Record<string, string | number>>;
  readonly policy: { readonly name: string; readonly digest: string };
  /** Version of the runtime that judged. */
  readonly runtime?: string;
}

/** A record that holds a decision over a program. */
export type DecisionRecord = LedgerRecord & { readonly body: DecisionBody };

/** Whether a record can be shown as a page: the rollout machine writes records of kind `decision` too, about what a person ordered, which hold no findings. */
export function isDecision(record: LedgerRecord): record is DecisionRecord {
  const { body } = record;
  if (record.kind !== "decision" || typeof body !== "object" || body === null) return false;
  const { node, decision, inputs, policy } = body as Partial<DecisionBody>;
  return (
    typeof node === "string" &&
    typeof inputs === "object" &&
    typeof policy === "object" &&
    Array.isArray(decision?.findings)
  );
}
