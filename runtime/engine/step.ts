import { join, resolve } from "node:path";
import type { Node } from "../../compiler/plan/graph.ts";
import { pause } from "../clock/real.ts";
import { readSecrets } from "../files/secrets.ts";
import { attempt } from "./attempt.ts";
import { type NodeResult, nodeFacts, type RunContext, snapshotFacts } from "./context.ts";
import { runFolder } from "./engine.ts";
import { endLeftovers } from "./leftover.ts";
import { keys, type SnapshotFacts, type StepStarted } from "./run-records.ts";
import type { Substitutions } from "./substitution.ts";

type StepNode = Extract<Node, { kind: "step" }>;

/** Facts of `train` and `evaluate`: where the output of the attempt that went well is. */
export interface StepFacts {
  readonly attempt: number;
  readonly output: string;
  /** Metrics file of `evaluate`; it may not exist. */
  readonly metrics?: string;
  /** Real time of all attempts, milliseconds; what the budget of gpu hours counts. */
  readonly measured: { readonly milliseconds: number };
}

/** What a step is told: the same values as substitutions of its command and as variables of its environment. */
interface Told {
  readonly substitutions: Substitutions;
  readonly environment: Record<string, string>;
}

async function tell(
  context: RunContext,
  node: StepNode,
  folder: string,
  facts: SnapshotFacts,
): Promise<Told & { output: string; metrics: string }> {
  const { engine, run } = context;
  const trained = node.name === "evaluate" ? await nodeFacts<StepFacts>(context, "train") : undefined;
  const challenger = trained?.output ?? join(folder, "model");
  const champion = facts.champion === undefined ? "" : ((await engine.registry.version(facts.champion))?.uri ?? "");
  const predictions = join(folder, "predictions.parquet");
  const metrics = join(folder, "metrics.json");
  const substitutions: Record<string, string> = {
    "challenger.uri": challenger,
    "champion.uri": champion,
    "run.id": run,
    "predictions.uri": predictions,
    "metrics.uri": metrics,
  };
  const environment: Record<string, string> = {
    RETRAIN_RUN_ID: run,
    RETRAIN_CHALLENGER_URI: challenger,
    RETRAIN_CHAMPION_URI: champion,
    RETRAIN_PREDICTIONS_URI: predictions,
    RETRAIN_METRICS_URI: metrics,
  };
  for (const dataset of engine.plan.datasets) {
    const snapshot = facts.snapshots[dataset.name];
    if (snapshot === undefined) continue;
    const part = node.name === "train" ? snapshot.training : snapshot.holdout;
    const start = new Date(part.window.start).toISOString();
    const end = new Date(part.window.end).toISOString();
    substitutions[`${dataset.name}.uri`] = part.uri;
    substitutions[`${dataset.name}.window.start`] = start;
    substitutions[`${dataset.name}.window.end`] = end;
    substitutions[`${dataset.name}.snapshot`] = snapshot.rowSet;
    substitutions[`${dataset.name}.source`] = resolve(engine.policyFolder, dataset.source.uri);
    const name = dataset.name.toUpperCase();
    environment[`RETRAIN_DATA_${name}_URI`] = part.uri;
    environment[`RETRAIN_DATA_${name}_START`] = start;
    environment[`RETRAIN_DATA_${name}_END`] = end;
  }
  return { substitutions, environment, output: node.name === "train" ? challenger : predictions, metrics };
}

/** Runs `train` or `evaluate` with its retries. Word `done`, or `broken` when every attempt failed. Retries wait real time: what they wait for is real. */
export async function runStep(context: RunContext, node: StepNode): Promise<NodeResult> {
  const { engine, run } = context;
  const { step, name } = node;
  const secrets = readSecrets(engine.root, step.secrets);
  if ("missing" in secrets) return { word: "broken", sentence: secrets.missing, facts: {} };
  const facts = await snapshotFacts(context);
  const attempts = join(runFolder(engine, run), name);
  endLeftovers(attempts);
  const began = performance.now();
  const measured = () => ({ milliseconds: Math.round(performance.now() - began) });
  let sentence = "";
  let wait = step.retry.first;
  for (let number = 1; number <= step.retry.times + 1; number += 1) {
    const body: StepStarted = { node: node.id, attempt: number };
    await engine.ledger.append(
      {
        chain: engine.chain,
        key: keys.stepStarted(run, node.id, number),
        kind: "step_started",
        run,
        at: engine.clock.now(),
        body,
      },
      context.lease,
    );
    const folder = join(attempts, `attempt-${number}`);
    const told = await tell(context, node, folder, facts);
    const result = await attempt({
      node,
      folder,
      workFolder: engine.policyFolder,
      substitutions: told.substitutions,
      environment: told.environment,
      secrets,
      output: told.output,
      signal: context.signal,
    });
    context.signal.throwIfAborted();
    if (result.well) {
      const left: StepFacts = {
        attempt: number,
        output: told.output,
        measured: measured(),
        ...(name === "evaluate" ? { metrics: told.metrics } : {}),
      };
      const tries = number === 1 ? "" : ` at attempt ${number}`;
      return { word: "done", sentence: `step \`${name}\` ended well${tries}`, facts: { ...left } };
    }
    sentence = result.sentence;
    engine.say(sentence);
    if (number <= step.retry.times) {
      await pause(wait, context.signal);
      wait = Math.min(wait * 2, step.retry.longest);
    }
  }
  return { word: "broken", sentence, facts: { measured: measured() } };
}
