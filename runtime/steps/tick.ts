import { randomUUID } from "node:crypto";
import { reportTick, tellOfTick } from "../engine/caretaker.ts";
import type { Engine } from "../engine/engine.ts";
import { type HeldLease, tryLease } from "../engine/held-lease.ts";
import { openRun, readHistory } from "../engine/history.ts";
import { startRun, waitingFiring } from "../engine/start-run.ts";
import { openStarter } from "../starters/open.ts";
import { newestTick, tick } from "../verbs/tick.ts";
import type { Asked } from "./arguments.ts";
import { lookAfter } from "./care.ts";
import type { HandBack } from "./hand-back.ts";
import { openTickEngine, type Surroundings } from "./open.ts";
import { waitingOrder } from "./order.ts";

/** One look of the monitor: evaluates the causes that are due, looks after what nobody else looks after, and starts the run that waits. Word `started` (value `run`: its name) or `quiet`. */
export async function runTick(asked: Asked, around: Surroundings, signal: AbortSignal): Promise<HandBack> {
  const engine = await openTickEngine(asked, around, `tick/${randomUUID()}`);
  try {
    const held = await tryLease(engine.ledger, `${engine.chain}/tick`, engine.holder);
    if ("held" in held) return { word: "quiet", sentence: `another tick is at work (${held.holder})` };
    try {
      return await look(engine, asked, held, AbortSignal.any([signal, held.lost]));
    } finally {
      await held.release();
    }
  } finally {
    await engine.close();
  }
}

async function look(engine: Engine, asked: Asked, held: HeldLease, signal: AbortSignal): Promise<HandBack> {
  const { ledger, plan } = engine;
  await ledger.putPlan(plan.policy.digest, JSON.stringify(plan));
  const again = await lookAfter(engine, signal);
  signal.throwIfAborted();
  await decide(engine, held);
  signal.throwIfAborted();
  const run = again ?? (await startWaiting(engine, held));
  if (run === undefined) return { word: "quiet", sentence: "no run is to be started", values: { run: "" } };
  if (asked.engine === undefined) throw new Error("a tick without an engine");
  await openStarter(asked.engine, plan).start(run, signal);
  const sentence = again === undefined ? `run ${run} is started` : `run ${run} has not begun and is started again`;
  return { word: "started", sentence, values: { run } };
}

/** Decides what is due, as the monitor on one machine does when it wakes. */
async function decide(engine: Engine, { lease }: HeldLease): Promise<void> {
  const last = await newestTick(engine);
  if (last !== undefined) await tellOfTick(engine, lease, last);
  if (last !== undefined && engine.clock.now() < last.due) return;
  await reportTick(engine, lease, await tick(engine, lease));
}

/** Writes down the start of the run that waits, of a firing or of a person's order. One run at a time, and none while somebody acts for the policy. */
async function startWaiting(engine: Engine, held: HeldLease): Promise<string | undefined> {
  if (openRun(await readHistory(engine.ledger, engine.chain)) !== undefined) return undefined;
  const firing = await waitingFiring(engine);
  const order =
    firing === undefined
      ? await waitingOrder(engine)
      : { key: firing.key, firing: firing.key, because: firing.sentence };
  if (order === undefined) return undefined;
  const own = await tryLease(engine.ledger, engine.chain, engine.holder);
  if ("held" in own) return undefined;
  try {
    return await startRun(engine, { ...order, bound: true }, held.lease);
  } finally {
    await own.release();
  }
}
