import type { Program } from "../../compiler/plan/condition.ts";
import type { Node } from "../../compiler/plan/graph.ts";
import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import type { Stage } from "../../compiler/plan/rollout.ts";
import { counted, duration, percent } from "../../compiler/reading/quantities.ts";

/**
 * What a node of the retrain graph is about, in our own words with the numbers of the policy: what a reviewer needs to find it there. Of the policy's texts only
 * names of datasets, gates and stages stand in it, which hold letters, digits and underscores.
 */
export function describe(plan: PipelinePlan, node: Node): string {
  if (node.kind === "step") {
    const { timeout, retry } = node.step;
    const attempts = retry.times === 0 ? "" : `, attempted ${retry.times + 1} times at most`;
    return `the author's step ${node.name}, at most ${duration(timeout)}${attempts}`;
  }
  const { programs } = plan;
  switch (node.verb) {
    case "snapshot":
      return "fixes the rows of this run";
    case "validate":
      return `validates ${node.subject ?? ""}${asked(programs.validate.find(({ id }) => id === node.id))}`;
    case "gate":
      return `gate ${node.subject ?? ""}${asked(programs.gates.find(({ id }) => id === node.id))}`;
    case "register":
      return "registers the challenger";
    case "stage":
      return ofStage(programs.rollout?.stages.find(({ name }) => `stage.${name}` === node.id));
    default:
      return node.verb;
  }
}

/** How much a validation or a gate asks, and what it does without an answer. */
function asked(program: Program | undefined): string {
  if (program === undefined) return "";
  const items = program.requirements.flatMap((item) => (item.kind === "group" ? item.members : [item]));
  const deciding = items.filter(({ role }) => role === "require").length;
  const recorded = items.length - deciding;
  const { onInconclusive } = program;
  const without =
    onInconclusive.action === "hold"
      ? `holds ${duration(onInconclusive.for)} without an answer`
      : `${onInconclusive.action}s without an answer`;
  const also = recorded === 0 ? "" : `, ${recorded} only recorded`;
  const observed = program.observeOnly ? ", observes only" : "";
  return `: ${counted(deciding, "requirement")}${also}; ${without}${observed}`;
}

function ofStage(stage: Stage | undefined): string {
  if (stage === undefined) return "stage";
  const { kind, name, share, atLeast, atMost, watch, keepChampion } = stage;
  if (kind === "approval") return `${name}: waits at most ${duration(atMost)} for a person`;
  const stays = atLeast === atMost ? `for ${duration(atMost)}` : `for ${duration(atLeast)} to ${duration(atMost)}`;
  if (kind === "shadow") return `stage ${name}: mirrors ${percent(share)} of traffic ${stays}`;
  if (watch === undefined) return `stage ${name}: ${percent(share)} of traffic ${stays}`;
  const keeps = keepChampion === undefined ? "" : `; the old champion is kept ${duration(keepChampion)}`;
  return `stage ${name}: ${percent(share)} of traffic, watched ${duration(watch)}${keeps}`;
}
