import type { Decision } from "../judge/finding.ts";

/** Body of a `decision` record. */
export interface DecisionBody {
  readonly node: string;
  readonly decision: Decision;
  /** What it rests on, in words, by name. */
  readonly inputs: Readonly<Record<string, string | number>>;
  readonly policy: { readonly name: string; readonly digest: string };
}
