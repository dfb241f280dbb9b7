import type { StepEngine } from "./engines.ts";
import type { PipelinePlan } from "./plan.ts";

/** What a generated task asks of the runtime. */
export type Invocation =
  /** The monitor: evaluates causes, starts a run, looks after what nobody else looks after. `plan` is the argument that carries the plan. */
  | { readonly verb: "tick"; readonly engine: StepEngine; readonly plan: readonly ["--plan" | "--plan-json", string] }
  /** One node of the retrain graph. `run` is the engine's own placeholder for the run's name. */
  | { readonly verb: string; readonly node: string; readonly run: string }
  /** The exit task: ends in the ledger what a broken run left open, tells, gives the lease back. */
  | { readonly verb: "finish"; readonly run: string };

/** Arguments that the runtime's command takes for a task: policy, run and node, never a rule. The engine adds `--word PATH` (where the task's word goes) and, for the snapshot, `--value NAME=PATH` for each of `handedOver`. */
export function runtimeArguments(plan: PipelinePlan, invocation: Invocation): string[] {
  const { environment, ledger } = plan.bindings;
  const head = [invocation.verb, "--environment", environment, "--policy", plan.policy.name];
  // A PostgreSQL address is a secret: it reaches the process as the variable RETRAIN_LEDGER_URL.
  if (ledger.kind === "sqlite") head.push("--ledger", `sqlite:${ledger.path}`);
  if ("engine" in invocation) return [...head, "--engine", invocation.engine, ...invocation.plan];
  if ("node" in invocation) return [...head, "--run", invocation.run, "--node", invocation.node];
  return [...head, "--run", invocation.run];
}

/** Values that the snapshot decides and author's steps are told, in the order in which they are written: `champion.uri`, and of each snapshotted dataset `D.snapshot`, `D.training.start`, `D.training.end`, `D.holdout.start`, `D.holdout.end` (ISO instants). */
export function handedOver(plan: PipelinePlan): string[] {
  const datasets = plan.datasets.filter((dataset) => dataset.holdout !== undefined);
  return [
    "champion.uri",
    ...datasets.flatMap(({ name }) => [
      `${name}.snapshot`,
      `${name}.training.start`,
      `${name}.training.end`,
      `${name}.holdout.start`,
      `${name}.holdout.end`,
    ]),
  ];
}
