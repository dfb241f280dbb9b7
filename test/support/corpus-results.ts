import { lower } from "../../compiler/lower/lower.ts";
import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import { renderCompact } from "../../language/diagnostics/render/compact.ts";
import { sourcesOf } from "../../language/diagnostics/render/position.ts";
import { format } from "../../language/format/format.ts";
import { dumpTree } from "../../language/syntax/dump.ts";
import { parse } from "../../language/syntax/parse.ts";
import { checkText } from "./check-text.ts";
import { checkedText } from "./checked-text.ts";
import { localBindings } from "./local-bindings.ts";

/** A plan without the places of its parts, which would make every line of a difference. */
function planText(plan: PipelinePlan): string {
  return `${JSON.stringify(plan, (key, value: unknown) => (key === "place" ? undefined : value), 2)}\n`;
}

/** What every phase makes of one policy, by the name of the baseline: tree, formatted text, diagnostics, checked policies, and the plan where there is one. */
export function corpusResults(text: string): Record<string, string> {
  const { source, diagnostics, policies } = checkText(text, "policy.retrain");
  const [policy] = policies;
  const plan = policy && lower(policy, localBindings(policy.body?.model.registry.name ?? "none")).plan;
  return {
    "tree.txt": dumpTree(source, parse(source).file),
    "formatted.retrain": format(source).text,
    "diagnostics.txt": renderCompact(diagnostics, sourcesOf([source])),
    ...(policies.length === 0 ? {} : { "checked.txt": policies.map(checkedText).join("\n") }),
    ...(plan === undefined ? {} : { "plan.json": planText(plan) }),
  };
}
