import { engineName } from "../shared/names.ts";

/** Longest id of a DAG or a task that Airflow takes is 250; the rest is for `_retrain`. */
const LIMIT = 200;

/** A text as a part of an id that is a Python name too. A name of the language is kept as it is. */
function pythonName(text: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(text) && text.length <= LIMIT) return text;
  return engineName(text, LIMIT).replaceAll("-", "_");
}

/** Ids of the two DAGs of a policy. */
export function dagIds(policy: string): { readonly tick: string; readonly retrain: string } {
  const name = pythonName(policy);
  return { tick: `${name}_tick`, retrain: `${name}_retrain` };
}

/** Id of a node of the retrain graph as a task: `gate.offline` is `gate_offline`. No kind of node has a `_` in its name, so that two nodes never share an id. */
export function taskId(node: string): string {
  return node.split(".").map(pythonName).join("_");
}

/** Ids of the tasks that stand before the task of an approval: what begins it, and what asks. No node has a kind of these names. */
export function approvalIds(stage: string): { readonly ask: string; readonly answer: string } {
  return { ask: taskId(`ask.${stage}`), answer: taskId(`answer.${stage}`) };
}

/** Path of a policy's file from the output folder. */
export const filePath = (policy: string): string => `airflow/${pythonName(policy)}.py`;
