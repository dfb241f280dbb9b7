import { engineName } from "../../compiler/plan/engine-name.ts";

export { engineName };

/** Name of a node of the retrain graph as a task: `gate.offline` is `gate-offline`. Injective over the node ids of one plan, see engineName. */
export function taskName(node: string, limit = 63): string {
  const [kind = "", ...rest] = node.split(".");
  if (rest.length === 0) return engineName(kind, limit);
  return `${engineName(kind, limit)}-${engineName(rest.join("."), limit - kind.length - 1)}`;
}
