import type { Test } from "../../compiler/plan/condition.ts";
import type { Rollout, Stage } from "../../compiler/plan/rollout.ts";
import type { RolloutState, RouteWish, Start } from "./state.ts";

/** How long a first model waits for the approval that `first_model approval` asks for: 24 hours. */
const FIRST_APPROVAL = 24 * 60 * 60 * 1000;

/** The stages that a rollout passes. A first model has nobody to be compared with: only approvals and the last stage. */
export function stagesOf(rollout: Rollout, start: Start): readonly Stage[] {
  if (start.champion !== null) return rollout.stages;
  const full = rollout.stages.at(-1);
  const approvals = rollout.stages.filter((stage) => stage.kind === "approval");
  const first = start.firstModel;
  if (first.kind === "approval" && full !== undefined) {
    approvals.unshift({
      name: "first model",
      kind: "approval",
      share: 0,
      atLeast: 0,
      atMost: FIRST_APPROVAL,
      check: full.check,
      requirements: [],
      approvers: first.approvers,
      place: full.place,
    });
  }
  return full === undefined ? approvals : [...approvals, full];
}

/** The stage that a rollout is in; throws when the state belongs to another rollout. */
export function stageOf(rollout: Rollout, state: RolloutState): Stage {
  const stage = stagesOf(rollout, state.start)[state.stage];
  if (stage === undefined) throw new Error(`run ${state.start.run} has no stage ${state.stage}`);
  return stage;
}

/** The route that a stage asks for; an approval leaves traffic as it is. Live stages go on mirroring where pairs of answers are judged. */
export function wishOf(rollout: Rollout, stage: Stage, state: RolloutState): RouteWish {
  const { champion, challenger } = state.start;
  if (stage.kind === "approval") return state.route;
  if (stage.kind === "shadow") return { champion, challenger, share: 0, mirror: stage.share };
  const mirror = champion !== null && judgesPairs(rollout, stage) ? 1 : 0;
  return { champion, challenger, share: stage.share, mirror };
}

function judgesPairs(rollout: Rollout, stage: Stage): boolean {
  const requirements = stage.requirements.flatMap((entry) => (entry.kind === "group" ? entry.members : [entry]));
  const tests = [
    ...requirements.map((requirement) => requirement.test),
    ...rollout.rollbackWhen.map((when) => when.test),
  ];
  return tests.some(readsPairs);
}

function readsPairs(test: Test): boolean {
  if (test.kind === "schema") return false;
  const measures = test.kind === "comparison" ? [test.left, test.right] : [test.measure];
  return measures.some((measure) => measure.kind === "pairs");
}
