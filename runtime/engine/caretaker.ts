import type { Instant } from "../clock/clock.ts";
import type { Lease } from "../ledger/ledger.ts";
import { advance } from "../rollout/advance.ts";
import type { RolloutState } from "../rollout/state.ts";
import { rolloutContext } from "../verbs/rollout-context.ts";
import type { Ticked } from "../verbs/tick.ts";
import { type Engine, withPlanOf } from "./engine.ts";
import { openRun, type RunHistory, readHistory } from "./history.ts";
import { tell } from "./notify.ts";

/** Says and tells what a tick decided. */
export async function reportTick(engine: Engine, lease: Lease, ticked: Ticked): Promise<void> {
  const { record, body } = ticked;
  const at = new Date(record.at).toISOString().slice(0, 16).replace("T", " ");
  if (record.kind !== "tick") engine.say(`${at}Z ${body.sentence}`);
  await tellOfTick(engine, lease, ticked);
}

/** Tells of a firing or a suppression, once. */
export async function tellOfTick(engine: Engine, lease: Lease, { record, body }: Ticked): Promise<void> {
  if (record.kind === "firing") await tell(engine, "fired", body.outcome.sentence, record, lease);
  else if (record.kind === "suppressed") await tell(engine, "suppressed", body.outcome.sentence, record, lease);
}

/** Whether nothing is left to do: at the end of a keep route and alias are still to be set. */
function isOver({ phase, effects }: RolloutState): boolean {
  return phase === "ended" && effects.length === 0;
}

/** Rollback conditions of a promoted version are judged until its old champion is no longer kept. Gives when to look again. */
export async function lookAfterKept(engine: Engine, lease: Lease): Promise<Instant | undefined> {
  const history = await readHistory(engine.ledger, engine.chain);
  // Once a later run moves traffic it takes the earlier keep over.
  if (openRun(history)?.rollout !== undefined) return undefined;
  const kept: RunHistory | undefined = history.findLast(
    ({ ended, rollout }) => ended !== undefined && rollout !== undefined && !isOver(rollout),
  );
  if (kept === undefined) return undefined;
  const own = await withPlanOf(engine, kept.started.plan);
  return (await advance(rolloutContext(own, kept.run, lease))).due;
}
