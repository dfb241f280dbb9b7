import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Node } from "../../compiler/plan/graph.ts";
import { ATTEMPT_VARIABLE, forgetProcess, intendProcess, noteProcess } from "./leftover.ts";
import { type Ending, runProcess } from "./process.ts";
import { type Substitutions, substitute } from "./substitution.ts";

type StepNode = Extract<Node, { kind: "step" }>;

/** What one attempt of a step needs. */
export interface AttemptOrder {
  readonly node: StepNode;
  /** The policy's folder: a step works there, and relative paths of its command start there. */
  readonly workFolder: string;
  /** This attempt's own folder; emptied first. */
  readonly folder: string;
  readonly substitutions: Substitutions;
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  /** File or folder that the step must have written. */
  readonly output: string;
  readonly signal: AbortSignal;
}

/** How an attempt ended: well, or with one plain sentence on what is wrong. */
export type AttemptResult =
  | { readonly well: true }
  | { readonly well: false; readonly cancelled: boolean; readonly sentence: string };

function describe(ending: Ending, name: string, log: string): string {
  switch (ending.kind) {
    case "exited":
      return `step \`${name}\` ended with exit code ${ending.code}; its output is in ${log}`;
    case "signalled":
      return `step \`${name}\` was ended by ${ending.signal}; its output is in ${log}`;
    case "timed_out":
      return `step \`${name}\` did not end within ${ending.after / 1000} s and was stopped; its output is in ${log}`;
    case "cancelled":
      return `step \`${name}\` was cancelled`;
    case "not_started":
      return `step \`${name}\` could not be started: ${ending.why}`;
  }
}

function isEmpty(path: string): boolean {
  if (!existsSync(path)) return true;
  const stat = statSync(path);
  return stat.isDirectory() ? readdirSync(path).length === 0 : stat.size === 0;
}

/** Runs one attempt of `train` or `evaluate` in a folder of its own and looks at what it left. */
export async function attempt(order: AttemptOrder): Promise<AttemptResult> {
  const { node, folder } = order;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  if (node.name === "train") mkdirSync(order.output, { recursive: true });
  const log = join(folder, "log.txt");
  const declared = Object.fromEntries(
    Object.entries(node.step.env).map(([name, text]) => [name, substitute(text, order.substitutions)]),
  );
  const mark = randomUUID();
  await intendProcess(folder, mark);
  const ending = await runProcess({
    command: node.step.command.map((word) => substitute(word, order.substitutions)),
    folder: order.workFolder,
    environment: { ...order.environment, ...declared, ...order.secrets, [ATTEMPT_VARIABLE]: mark },
    timeout: node.step.timeout,
    log,
    signal: order.signal,
    started: (pid) => noteProcess(folder, pid),
  });
  forgetProcess(folder);
  if (ending.kind !== "exited" || ending.code !== 0) {
    return { well: false, cancelled: ending.kind === "cancelled", sentence: describe(ending, node.name, log) };
  }
  if (isEmpty(order.output)) {
    const sentence = `step \`${node.name}\` ended well but wrote nothing to ${order.output}; it must write there what the policy's command names; its output is in ${log}`;
    return { well: false, cancelled: false, sentence };
  }
  return { well: true };
}
