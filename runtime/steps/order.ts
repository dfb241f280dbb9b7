import type { Engine } from "../engine/engine.ts";
import { refusalByHand } from "../engine/refusal.ts";
import { keys } from "../engine/run-records.ts";
import { type RunOrder, runName } from "../engine/start-run.ts";

/** Body of a person's order to retrain where an engine carries runs out: a `command` record about a policy. The next tick makes a run of it. */
export interface RunCommandRecord {
  readonly command: "run";
  readonly because: string;
  readonly by: string;
}

/** Orders looked back on: more never wait. */
const REMEMBERED = 50;

/** The oldest order by hand that has not become a run. It passes cooldown and budget, but waits during a freeze of `all`, while a review of risk high is overdue, and while the breaker is open. */
export async function waitingOrder(engine: Engine): Promise<RunOrder | undefined> {
  const { ledger, chain, plan, clock, say } = engine;
  const commands = await ledger.list({ chain, kinds: ["command"], newest: true, limit: REMEMBERED });
  for (const { key, body } of commands.toReversed()) {
    const { command, because, by } = body as Partial<RunCommandRecord>;
    if (command !== "run" || because === undefined) continue;
    if ((await ledger.find(chain, keys.started(runName(plan.policy.name, key)))) !== undefined) continue;
    const refused = await refusalByHand(engine, clock.now());
    if (refused === undefined) return { key, because, ...(by === undefined ? {} : { by }) };
    say(`an order to retrain waits: ${refused.message}`);
    return undefined;
  }
  return undefined;
}
