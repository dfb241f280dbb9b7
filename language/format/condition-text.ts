import type { Cause, Condition, Requirement, RollbackWhen } from "../syntax/tree.ts";
import { cause, condition, requirementBody, rollbackBody } from "./print-values.ts";

/**
 * One condition as the formatter would write it, on one line and without the word of its statement: the text under which
 * plans, records and messages speak about it. A cause keeps its word (`drift psi(x) > 0.1 for 2 checks`).
 */
export function conditionText(node: Condition | Requirement | Cause | RollbackWhen): string {
  switch (node.kind) {
    case "Condition":
      return condition(node);
    case "Requirement":
      return requirementBody(node);
    case "RollbackWhen":
      return rollbackBody(node);
    default: {
      const { word, rest } = cause(node);
      return `${word} ${rest}`;
    }
  }
}
