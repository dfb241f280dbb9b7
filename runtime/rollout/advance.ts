import type { Rollout } from "../../compiler/plan/rollout.ts";
import type { Instant } from "../clock/clock.ts";
import type { RecordKind } from "../ledger/ledger.ts";
import { nextDue } from "./due.ts";
import type { Command, RolloutEvent } from "./event.ts";
import { begin, step } from "./machine.ts";
import { type Observing, observe } from "./observe.ts";
import { type Performing, perform } from "./perform.ts";
import { isWorthRecording, kindOf, loadRollout, newCommands, type RolloutRecord, recordKey } from "./records.ts";
import { stageOf } from "./stages.ts";
import type { Effect, RolloutState, Start } from "./state.ts";

/** Everything `advance` needs. The caller holds the policy's lease and passes the program that the run was started with. */
export interface RolloutContext extends Performing, Omit<Observing, "rollout"> {
  readonly rollout: Rollout | undefined;
  readonly run: string;
  /** What the rollout starts from; used when the ledger has no record of it yet. */
  readonly start?: Start;
  now(): Instant;
  /** Why an approval for the stage it is in does not count; undefined where it does. */
  refuseApproval?(command: Command, state: RolloutState): Promise<string | undefined>;
  /** The newest earlier run that was promoted, as long as it was kept when this one began (also when it has gone back since): its keep ends with this one's first change of traffic, or it aborts this one. */
  readonly earlier?: RolloutContext;
}

export interface Advanced {
  readonly state: RolloutState;
  /** When to call again; undefined when everything is over. */
  readonly due: Instant | undefined;
}

/** More rounds in one call mean that the machine goes in circles. */
const ROUNDS = 100;

/**
 * Brings a rollout as far as it can come now: does what is still to be done, takes in commands, looks, does what follows, until a look changes nothing.
 * Idempotent: killed anywhere and called again it goes on where it was, and no effect happens twice. Called by the stage step's loop and by the monitor's tick.
 * Rejects with LedgerError (`fenced` when the lease is lost); traffic and registry that do not answer are part of the rollout's life, not errors.
 */
export async function advance(context: RolloutContext): Promise<Advanced> {
  let state = (await loadRollout(context.ledger, context.chain, context.run)) ?? (await beginNow(context));
  const { rollout } = context;
  if (rollout === undefined) return { state, due: undefined };
  for (let round = 0; round < ROUNDS; round += 1) {
    const now = context.now();
    const [command] = await newCommands(context.ledger, context.chain, state);
    const effect = performable(state, now, (await context.frozen(now)) !== null);
    if (command !== undefined)
      state = await take(context, state, await vetted(context, { ...command, at: now }, state));
    else if (effect !== undefined) {
      const event = await perform(context, state, effect, now);
      // It counts from when it was done: on a clock that runs meanwhile, requests were answered by the old route until then.
      state = await take(context, state, { ...event, at: context.now() });
    } else {
      // Looked at until a look changes nothing: a life that was killed in between then comes to the same rest.
      const after = state.phase === "ended" ? state : await look(context, rollout, state, now);
      if (after === state) return { state, due: nextDue(rollout, state, now) };
      state = after;
    }
  }
  throw new Error(`run ${context.run} did not come to rest in ${ROUNDS} rounds`);
}

/** The next effect that may be done now, in order; a message does not wait for what fails before it. A freeze or a person's hold keeps traffic from moving towards the challenger. */
function performable(state: RolloutState, now: Instant, isFrozen: boolean): Effect | undefined {
  const isPaused = state.heldBy !== null || isFrozen;
  const head = state.effects.find((effect) => effect.kind !== "notify");
  return state.effects.find((effect) => {
    if (effect.notBefore > now || (effect.kind !== "notify" && effect !== head)) return false;
    return !(isPaused && (effect.kind === "smoke" || (effect.kind === "route" && effect.direction === "forward")));
  });
}

/** A person's word, with what speaks against it where it is an approval: the record then tells both. */
async function vetted(context: RolloutContext, command: Command, state: RolloutState): Promise<Command> {
  if (command.command !== "approve") return command;
  const refused = await context.refuseApproval?.(command, state);
  return refused === undefined ? command : { ...command, refused };
}

async function look(
  context: RolloutContext,
  rollout: Rollout,
  state: RolloutState,
  now: Instant,
): Promise<RolloutState> {
  if (state.phase === "waiting" && context.earlier !== undefined && (await context.frozen(now)) === null) {
    const holds = await takeOver(context, state.start, context.earlier);
    if (holds !== undefined) return take(context, state, { kind: "abort", at: now, because: holds });
  }
  const seen = await observe({ ...context, rollout }, state, now);
  const stepped = step(rollout, state, seen.look);
  if (!isWorthRecording(state, stepped.state, now, stageOf(rollout, state).check)) return state;
  return take(context, state, seen.look, seen.evidence);
}

/** Ends the keep of an earlier run, or says why the new rollout must not begin: the version that this run took for the champion has gone back since. */
async function takeOver(context: RolloutContext, begun: Start, earlier: RolloutContext): Promise<string | undefined> {
  const { state } = await advance(earlier);
  if (state.phase === "keeping") {
    await take(earlier, state, { kind: "superseded", at: earlier.now(), by: context.run });
    return undefined;
  }
  const { rollback, outcome, phase } = state;
  const isBack = phase === "rolling_back" || outcome === "rolled_back" || outcome === "rollback_failed";
  if (rollback === null || !isBack || state.start.challenger !== begun.champion) return undefined;
  return `run ${earlier.run} is rolled back: ${rollback.because}`;
}

async function beginNow(context: RolloutContext): Promise<RolloutState> {
  const { start, rollout, run } = context;
  if (start === undefined) throw new Error(`the rollout of run ${run} was never begun`);
  const state = begin(rollout, start);
  return record(context, state, { kind: "begin", start }, [], "decision", undefined);
}

/** Takes in one event and writes it down with the state that follows. */
async function take(
  context: RolloutContext,
  state: RolloutState,
  event: RolloutEvent,
  evidence?: unknown,
): Promise<RolloutState> {
  if (context.rollout === undefined) return state;
  const stepped = step(context.rollout, state, event);
  const next = { ...stepped.state, recordedAt: event.at };
  const isMessage = state.effects.some(
    (effect) => effect.kind === "notify" && event.kind === "done" && effect.key === event.key,
  );
  const kind = isMessage ? "notified" : kindOf(event, stepped.happened);
  return record(context, next, event, stepped.happened, kind, evidence);
}

async function record(
  context: RolloutContext,
  state: RolloutState,
  event: RolloutRecord["rollout"]["event"],
  happened: RolloutRecord["rollout"]["happened"],
  kind: RecordKind,
  evidence: unknown,
): Promise<RolloutState> {
  const { chain, run, ledger, lease } = context;
  const told = happened.map((entry) => entry.sentence).join("; ");
  const detail = event.kind === "done" ? (event.detail ?? "") : "";
  const sentence = told || detail || state.because;
  const rollout = { event, state, happened };
  const body: RolloutRecord = evidence === undefined ? { rollout, sentence } : { rollout, sentence, evidence };
  const at = event.kind === "begin" ? event.start.at : event.at;
  const entry = { chain, key: recordKey(run, state.sequence), kind, run, at, body };
  const { written } = await ledger.append(entry, lease);
  if (written) return state;
  // Another life of this run has been here: its record is the truth.
  const stored = await loadRollout(ledger, chain, run);
  if (stored === undefined) throw new Error(`run ${run} has a record without a state`);
  return stored;
}
