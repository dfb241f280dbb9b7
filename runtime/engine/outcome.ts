import type { Node } from "../../compiler/plan/graph.ts";
import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import type { RunEnded } from "./run-records.ts";

const STAGE_OUTCOMES = ["rolled_back", "rollback_failed", "refused", "aborted"] as const;

/** How a run ended, from the last node it passed and the word that node wrote. */
export function outcomeOf(plan: PipelinePlan, node: Node, word: string): RunEnded["outcome"] {
  if (word === "broken") return "failed";
  if (node.kind === "step") throw new Error(`a run cannot end after step ${node.id} with word ${word}`);
  switch (node.verb) {
    case "snapshot":
    case "gate":
      return "refused";
    case "validate":
      return "validation_stopped";
    case "register":
      return "registered";
    case "stage": {
      if (word === "advance" && node.subject === plan.programs.rollout?.stages.at(-1)?.name) return "promoted";
      const outcome = STAGE_OUTCOMES.find((one) => one === word);
      if (outcome === undefined) throw new Error(`stage ${node.id} ended with the unknown word ${word}`);
      return outcome;
    }
    case "rollback":
    case "notify":
      throw new Error(`a run cannot end after node ${node.id}`);
  }
}
