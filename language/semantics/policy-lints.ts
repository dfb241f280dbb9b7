import { walk } from "../syntax/child-keys.ts";
import type { Policy } from "../syntax/tree.ts";
import type { CheckedProgram } from "./checked/condition.ts";
import type { Collector } from "./collector.ts";
import { every } from "./statements.ts";
import { substitutionsOf } from "./substitution.ts";

/** Reports gates that ask nothing of a first model, which is judged by requirements without a champion only. */
export function lintFirstModel(gates: readonly CheckedProgram[], out: Collector): void {
  const absolute = gates.some(({ requirements }) =>
    requirements
      .flatMap((item) => (item.kind === "group" ? item.members : [item]))
      .some(({ role, test }) => role === "require" && (test.kind === "threshold" || test.kind === "range")),
  );
  const [first] = gates;
  if (first !== undefined && !absolute)
    out.report("gate/first-model-unjudged", first.span, { gate: `gate \`${first.name}\`` });
}

/** Reports metrics and datasets of a policy that nothing in it mentions. */
export function lintUnused(policy: Policy, judged: string | undefined, out: Collector): void {
  const mentioned = new Set<string>();
  walk(policy, (node) => {
    if (node.kind === "Operand") for (const name of node.path) mentioned.add(name.text);
    if (node.kind === "Validate" || node.kind === "DataCause") mentioned.add(node.dataset.text);
    if (node.kind === "Text")
      for (const { written } of substitutionsOf(node)) mentioned.add(written.split(".")[0] ?? "");
    return undefined;
  });
  for (const node of every(policy.items, "Metric")) {
    if (!mentioned.has(node.name.text))
      out.report("name/unused", node.name.span, { kind: "metric", name: node.name.text });
  }
  for (const node of every(policy.items, "Dataset")) {
    const name = node.name.text;
    if (!mentioned.has(name) && name !== judged) out.report("name/unused", node.name.span, { kind: "dataset", name });
  }
}
