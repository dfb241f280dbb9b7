import { join } from "node:path";
import type { Lease } from "../ledger/ledger.ts";
import type { RegisterFacts } from "../verbs/register.ts";
import { nodeFacts, type RunContext } from "./context.ts";
import { type Engine, runFolder, withPlanOf } from "./engine.ts";
import { type RunHistory, readHistory } from "./history.ts";
import { endLeftovers } from "./leftover.ts";
import { endRun } from "./run.ts";
import { keys, type RunEnded } from "./run-records.ts";
import { runName, waitingFiring } from "./start-run.ts";

/**
 * `queue replace`: ends the run whose place the newest firing takes, before that firing's own run starts. A run whose rollout has begun is left alone:
 * the firing's run then waits for its end. Safe to repeat, so that a life that was killed in between is made up for. Gives what was ended.
 * @param stop stops whoever follows the run in this process, and resolves when nobody does
 */
export async function endReplaced(
  engine: Engine,
  lease: Lease,
  signal: AbortSignal,
  stop: (run: string) => Promise<void> = async () => {},
): Promise<{ readonly run: string; readonly end: RunEnded } | undefined> {
  const firing = await waitingFiring(engine);
  const replaces = firing?.replaces;
  if (firing === undefined || replaces === undefined) return undefined;
  if ((await replaceable(engine, replaces)) === undefined) return undefined;
  await stop(replaces);
  // It may have come to its end, or begun to roll out, before it could be stopped.
  const history = await replaceable(engine, replaces);
  if (history === undefined) return undefined;
  const own = await withPlanOf(engine, history.started.plan);
  const context: RunContext = { engine: own, run: replaces, lease, signal };
  for (const node of own.plan.retrain.nodes)
    if (node.kind === "step") endLeftovers(join(runFolder(own, replaces), node.name));
  await takeBackAlias(context);
  const by = runName(engine.plan.policy.name, firing.key);
  const sentence = `run ${by} takes its place before its rollout began: ${firing.sentence}`;
  return { run: replaces, end: await endRun(context, "cancelled", await lastNode(context), sentence) };
}

async function replaceable({ ledger, chain }: Engine, run: string): Promise<RunHistory | undefined> {
  const history = (await readHistory(ledger, chain)).find((one) => one.run === run);
  return history?.ended === undefined && history?.rollout === undefined ? history : undefined;
}

/** A version that is registered and will never be rolled out must not be called the challenger. */
export async function takeBackAlias(context: RunContext): Promise<void> {
  const { engine, run, lease } = context;
  const registered = await nodeFacts<RegisterFacts>(context, "register");
  if (registered?.version === undefined) return;
  const { version } = registered;
  if ((await engine.registry.alias("challenger"))?.version !== version) return;
  const entry = { chain: engine.chain, run, at: engine.clock.now() };
  const intent = {
    sentence: `takes the name challenger from version ${version}, whose run is over before its rollout began`,
  };
  await engine.ledger.append({ ...entry, key: `run/${run}/cancel/intent`, kind: "intent", body: intent }, lease);
  await engine.registry.moveAlias("challenger", version, undefined, lease.fence);
  const body = { effect: "alias_taken", version, sentence: `version ${version} is no longer named challenger` };
  await engine.ledger.append({ ...entry, key: `run/${run}/cancel/effect`, kind: "effect", body }, lease);
}

/** The last node that the run came to. */
export async function lastNode({ engine, run }: RunContext): Promise<string> {
  let last = engine.plan.retrain.nodes[0]?.id ?? "";
  for (const { id } of engine.plan.retrain.nodes) {
    const [ended, started] = await Promise.all([
      engine.ledger.find(engine.chain, keys.stepEnded(run, id)),
      engine.ledger.find(engine.chain, keys.stepStarted(run, id, 1)),
    ]);
    if (ended !== undefined || started !== undefined) last = id;
  }
  return last;
}
