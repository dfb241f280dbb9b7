import type { Engine } from "../engine/engine.ts";
import { readHistory, runFacts } from "../engine/history.ts";
import { keys } from "../engine/run-records.ts";
import { type RunOrder, runName } from "../engine/start-run.ts";
import { takeInRuns } from "../triggers/history.ts";
import { monitorState } from "../verbs/tick.ts";

/** Body of a person's order to retrain where an engine carries runs out: a `command` record about a policy. The next tick makes a run of it. */
export interface RunCommandRecord {
  readonly command: "run";
  readonly because: string;
  readonly by: string;
}

/** Orders looked back on: more never wait. */
const REMEMBERED = 50;

/** The oldest order by hand that has not become a run. It passes cooldown and budget, but waits while the breaker is open. */
export async function waitingOrder(engine: Engine): Promise<RunOrder | undefined> {
  const { ledger, chain, plan, clock, say } = engine;
  const commands = await ledger.list({ chain, kinds: ["command"], newest: true, limit: REMEMBERED });
  for (const { key, body } of commands.toReversed()) {
    const { command, because, by } = body as Partial<RunCommandRecord>;
    if (command !== "run" || because === undefined) continue;
    if ((await ledger.find(chain, keys.started(runName(plan.policy.name, key)))) !== undefined) continue;
    const now = clock.now();
    const runs = runFacts(await readHistory(ledger, chain), plan);
    const { breaker } = takeInRuns(plan.monitor, await monitorState(engine), { now, answers: {}, runs }).state;
    if (breaker.openUntil === null || breaker.openUntil <= now)
      return { key, because, ...(by === undefined ? {} : { by }) };
    say(`an order to retrain waits: the breaker is open until ${new Date(breaker.openUntil).toISOString()}`);
    return undefined;
  }
  return undefined;
}
