import type { NodeResult, RunContext } from "../engine/context.ts";
import { nodeFacts, snapshotFacts } from "../engine/context.ts";
import { withPlanOf } from "../engine/engine.ts";
import { type RunHistory, readHistory } from "../engine/history.ts";
import { bodyOf } from "../engine/run-records.ts";
import { advance, type RolloutContext } from "../rollout/advance.ts";
import type { RolloutRecord } from "../rollout/records.ts";
import { stageOf, stagesOf } from "../rollout/stages.ts";
import { isRunOver, type RolloutState, type Start } from "../rollout/state.ts";
import type { RegisterFacts } from "./register.ts";
import { rolloutContext } from "./rollout-context.ts";
import { smokeOf } from "./smoke.ts";

/** Stays with one stage until the rollout has left it: looks, sleeps until the next look is due, looks again. Word `advance`, or how the rollout ended. */
export async function stage(context: RunContext, name: string): Promise<NodeResult> {
  const { engine, signal } = context;
  const rollout = await openRollout(context);
  if (isPassedOver(context, rollout, name)) {
    return {
      word: "advance",
      sentence: `a first model has nobody to be compared with: stage ${name} is passed over`,
      facts: {},
    };
  }
  const stages = engine.plan.programs.rollout?.stages.map((one) => one.name) ?? [];
  let said = "";
  let isFirst = true;
  for (;;) {
    signal.throwIfAborted();
    const look = () => advance(rollout);
    const { state, due } = await (isFirst && context.turns !== undefined ? context.turns.take(look, signal) : look());
    isFirst = false;
    if (state.because !== said) engine.say(`  ${state.because}`);
    said = state.because;
    // Also where the rollout has ended since, on a fast clock in the same breath: how it ended is said by the stage that it ended in.
    const here = stages.indexOf(stageName(context, state));
    if (state.phase !== "waiting" && here > stages.indexOf(name)) {
      return { word: "advance", sentence: await howItWasLeft(context, name), facts: {} };
    }
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
    if (due === undefined) throw new Error(`the rollout of run ${context.run} neither ends nor goes on`);
    await engine.clock.sleepUntil(due, signal);
  }
}

function isPassedOver({ engine }: RunContext, { start }: RolloutContext, name: string): boolean {
  const { rollout } = engine.plan.programs;
  if (rollout === undefined || start === undefined) return false;
  return !stagesOf(rollout, start).some((one) => one.name === name);
}

/** The sentence with which the rollout left a stage. */
async function howItWasLeft({ engine, run }: RunContext, name: string): Promise<string> {
  const records = await engine.ledger.list({ chain: engine.chain, run, kinds: ["stage_ended"] });
  const happened = records.flatMap((record) => bodyOf<RolloutRecord>(record).rollout.happened);
  const left = happened.findLast(({ kind, stage }) => kind === "advanced" && stage === name);
  return left?.sentence ?? `the rollout has left stage ${name}`;
}

function stageName(context: RunContext, state: RolloutState): string {
  const { rollout } = context.engine.plan.programs;
  return rollout === undefined ? "" : stageOf(rollout, state).name;
}

/** The rollout of this run, and beside it the one before whose old champion is still kept. */
export async function openRollout(context: RunContext): Promise<RolloutContext> {
  const { engine, run, lease } = context;
  const registered = await nodeFacts<RegisterFacts>(context, "register");
  if (registered === undefined) throw new Error(`run ${run} has registered nothing that could be rolled out`);
  const { champion } = await snapshotFacts(context);
  const smoke = smokeOf(engine.plan);
  const start: Start = {
    run,
    at: engine.clock.now(),
    challenger: registered.version,
    champion: champion ?? null,
    revision: (await engine.traffic.route()).revision,
    firstModel: engine.plan.model.firstModel,
    ...(smoke === undefined ? {} : { smoke: smoke.requests.length }),
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
