import type { RunContext } from "../engine/context.ts";
import type { Engine } from "../engine/engine.ts";
import { advance } from "../rollout/advance.ts";
import { type CommandRecord, loadRollout } from "../rollout/records.ts";
import { stageOf } from "../rollout/stages.ts";
import { isRunOver, type RolloutState } from "../rollout/state.ts";
import { openRollout } from "../verbs/stage.ts";
import type { Asked } from "./arguments.ts";
import type { HandBack } from "./hand-back.ts";
import { takeLease } from "./run-lease.ts";

/** Word of a stage's verb that asks the engine to wait for a person. */
const ASK = "ask";
/** Word of a verb that has nothing to ask: the stage's own verb goes on at once. */
const GO_ON = "go_on";

/**
 * Begins an approval and leaves the waiting to the engine: word `ask`, and nothing keeps the lease, so that the monitor goes on looking after the rollout. It
 * is `go_on` where the rollout is not, or no longer, in that approval, and wherever the challenger answers live requests: then the stage's own verb looks by itself.
 */
export async function askEngine(engine: Engine, { run, node }: Asked, signal: AbortSignal): Promise<HandBack> {
  const held = await takeLease(engine, signal);
  try {
    const context: RunContext = { engine, run, lease: held.lease, signal: AbortSignal.any([signal, held.lost]) };
    const { state } = await advance(await openRollout(context));
    await held.release();
    if (isWaiting(engine, state, node)) return { word: ASK, sentence: state.because };
    return { word: GO_ON, sentence: state.because };
  } catch (error) {
    held.drop();
    throw error;
  }
}

/** Whether the rollout waits for the approval of a node while the challenger answers nobody. */
function isWaiting({ plan }: Engine, state: RolloutState, node: string): boolean {
  const { rollout } = plan.programs;
  if (rollout === undefined || isRunOver(state) || state.phase === "waiting") return false;
  const stage = stageOf(rollout, state);
  return `stage.${stage.name}` === node && stage.kind === "approval" && state.approvedBy === null && isQuiet(state);
}

const isQuiet = (state: RolloutState): boolean => state.route.share === 0;

/**
 * Writes into the ledger what a person answered in the engine, with identity proof `engine`, once. An answer that came too late, or of an approval that is not
 * this stage's, changes nothing; `expired` says only that the engine waits no longer, since the stage's own clock decides when it is over.
 */
export async function takeAnswer(engine: Engine, { run, node, answer }: Asked): Promise<void> {
  if (answer === undefined || answer.word === "expired") return;
  const { ledger, chain, clock } = engine;
  const state = await loadRollout(ledger, chain, run);
  if (state === undefined || !isWaiting(engine, state, node)) {
    const why = state?.because ?? "no rollout has begun";
    engine.say(`the answer \`${answer.word}\` by ${answer.by} comes too late: ${why}`);
    return;
  }
  const body: CommandRecord = {
    command: answer.word,
    by: answer.by,
    proof: "engine",
    because: "answered where the pipeline asked",
  };
  const key = `run/${run}/${node}/engine-answer`;
  await ledger.append({ chain, key, kind: "approval", run, at: clock.now(), body });
  engine.say(`${answer.by} answered \`${answer.word}\` where the pipeline asked`);
}
