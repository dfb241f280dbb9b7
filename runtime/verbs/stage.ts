import type { NodeResult, RunContext } from "../engine/context.ts";
import { nodeFacts, snapshotFacts } from "../engine/context.ts";
import { withPlanOf } from "../engine/engine.ts";
import { type RunHistory, readHistory } from "../engine/history.ts";
import { advance, type RolloutContext } from "../rollout/advance.ts";
import { stageOf } from "../rollout/stages.ts";
import { isRunOver, type RolloutState, type Start } from "../rollout/state.ts";
import type { RegisterFacts } from "./register.ts";
import { rolloutContext } from "./rollout-context.ts";

/** Stays with one stage until the rollout has left it: looks, sleeps until the next look is due, looks again. Word `advance`, or how the rollout ended. */
export async function stage(context: RunContext, name: string): Promise<NodeResult> {
  const { engine, signal } = context;
  const rollout = await openRollout(context);
  const stages = engine.plan.programs.rollout?.stages.map((one) => one.name) ?? [];
  let said = "";
  for (;;) {
    signal.throwIfAborted();
    const { state, due } = await advance(rollout);
    if (state.because !== said) engine.say(`  ${stageName(context, state)}: ${state.because}`);
    said = state.because;
    if (isRunOver(state)) {
      const isLast = name === stages.at(-1);
      const promoted = state.phase === "keeping" || state.outcome === "promoted";
      // Nodes of stages that a first model does not pass are left at once, up to the last one.
      return {
        word: promoted ? "advance" : (state.outcome ?? "aborted"),
        sentence: state.because,
        facts: isLast ? { outcome: state.outcome } : {},
      };
    }
    const here = stages.indexOf(stageName(context, state));
    if (state.phase !== "waiting" && here > stages.indexOf(name)) {
      return { word: "advance", sentence: `the rollout has left stage ${name}`, facts: {} };
    }
    if (due === undefined) throw new Error(`the rollout of run ${context.run} neither ends nor goes on`);
    await engine.clock.sleepUntil(due, signal);
  }
}

function stageName(context: RunContext, state: RolloutState): string {
  const { rollout } = context.engine.plan.programs;
  return rollout === undefined ? "" : stageOf(rollout, state).name;
}

/** The rollout of this run, and beside it the one before whose old champion is still kept. */
async function openRollout(context: RunContext): Promise<RolloutContext> {
  const { engine, run, lease } = context;
  const registered = await nodeFacts<RegisterFacts>(context, "register");
  if (registered === undefined) throw new Error(`run ${run} has registered nothing that could be rolled out`);
  const { champion } = await snapshotFacts(context);
  const start: Start = {
    run,
    at: engine.clock.now(),
    challenger: registered.version,
    champion: champion ?? null,
    revision: (await engine.traffic.route()).revision,
    firstModel: engine.plan.model.firstModel,
  };
  const history = await readHistory(engine.ledger, engine.chain);
  const began = history.find((one) => one.run === run)?.startedAt ?? start.at;
  const kept = history.findLast((one) => one.run !== run && one.rollout?.promotedAt != null);
  const earlier =
    kept === undefined || !wasKept(kept, began)
      ? undefined
      : rolloutContext(await withPlanOf(engine, kept.started.plan), kept.run, lease);
  return rolloutContext(engine, run, lease, start, earlier);
}

/** Whether a promoted version's old champion was still kept when a later run began: also when it has been rolled back since. */
function wasKept({ rollout }: RunHistory, began: number): boolean {
  if (rollout === undefined) return false;
  return rollout.phase !== "ended" || (rollout.rollback !== null && rollout.rollback.since >= began);
}
