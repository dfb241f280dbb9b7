import type { Instant } from "../clock/clock.ts";
import { takeInRuns } from "../triggers/history.ts";
import { written } from "../triggers/sentence.ts";
import { blocksByHand } from "../triggers/suppression.ts";
import { freezeInForce, freezesByHand, freezesInForce } from "../verbs/freezes.ts";
import { monitorState, resumed, reviewOverdue } from "../verbs/tick.ts";
import type { Engine } from "./engine.ts";
import { readHistory, runFacts } from "./history.ts";

/** A run by hand that must not start now. `code` names what stands in its way; `message` says why, until when, and what to do. */
export class RunRefusedError extends Error {
  override readonly name = "RunRefusedError";
  readonly code: "review_overdue" | "frozen" | "breaker_open";

  constructor(code: RunRefusedError["code"], message: string) {
    super(message);
    this.code = code;
  }
}

/** What is read of an engine to tell whether a run by hand may start. */
type Asked = Pick<Engine, "plan" | "ledger" | "chain">;

/** Why no run by hand may start at an instant of the policy's clock; undefined when one may. Cooldown, budget and settling are for the monitor: a person has decided. */
export async function refusalByHand(asked: Asked, now: Instant): Promise<RunRefusedError | undefined> {
  const { plan, ledger, chain } = asked;
  const { name } = plan.policy;
  const runs = runFacts(await readHistory(ledger, chain), plan);
  const byHand = await freezesByHand(ledger, chain);
  // The breaker may have been closed since the last look at the causes.
  const closed = await resumed(asked);
  const input = { now, answers: {}, runs, freezes: byHand, ...closed, ...reviewOverdue(plan) };
  const { state } = takeInRuns(plan.monitor, await monitorState(asked), input);
  const [block] = blocksByHand(plan.monitor, state, input);
  if (block === undefined) return undefined;
  if (block.reason === "review") {
    const help = "look its rules over and move `review_by`, then run it again";
    return new RunRefusedError("review_overdue", `${block.sentence}; ${help}`);
  }
  if (block.reason === "breaker") {
    const help = `look at \`retrain why ${name}\`, then close it with \`retrain resume ${name}\``;
    return new RunRefusedError("breaker_open", `the ${block.sentence} after failures; ${help}`);
  }
  const declared = freezesInForce(plan.monitor.freezes, now).map(({ until, because, place, scope }) => ({
    scope,
    text: `until ${written(until)} (${because}), declared in ${place.file}:${place.line}: change it there to lift it`,
  }));
  const ordered = freezesInForce(byHand, now).map(({ until, because, scope }) => ({
    scope,
    text: `until ${written(until)} (${because}), set by hand: \`retrain unfreeze ${name}\` lifts it`,
  }));
  const all = [...declared, ...ordered].filter(({ scope }) => scope === "all").map(({ text }) => text);
  return new RunRefusedError("frozen", `policy \`${name}\` is frozen and starts no run: ${all.join("; and ")}`);
}

/** What a person should know who starts a run while rollouts are frozen; undefined where nothing holds them. */
export async function rolloutFrozen({ plan, ledger, chain }: Asked, now: Instant): Promise<string | undefined> {
  if (plan.programs.rollout === undefined) return undefined;
  const last = freezeInForce([...plan.monitor.freezes, ...(await freezesByHand(ledger, chain))], now);
  if (last === undefined) return undefined;
  return `rollouts are frozen until ${written(last.until)} (${last.because}): the run trains and is judged, and waits before any traffic`;
}
