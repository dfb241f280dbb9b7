import { readingText } from "../../compiler/cli/reading-text.ts";
import { painter } from "../../compiler/cli/terminal.ts";
import { lower } from "../../compiler/lower/lower.ts";
import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import { readPolicy } from "../../compiler/reading/reading.ts";
import { renderCompact } from "../../language/diagnostics/render/compact.ts";
import { sourcesOf } from "../../language/diagnostics/render/position.ts";
import { renderPretty } from "../../language/diagnostics/render/pretty.ts";
import { format } from "../../language/format/format.ts";
import { dumpTree } from "../../language/syntax/dump.ts";
import { parse } from "../../language/syntax/parse.ts";
import type { Source } from "../../language/text/source.ts";
import { checkFiles, textsIn } from "./check-files.ts";
import { checkText } from "./check-text.ts";
import { checkedText } from "./checked-text.ts";
import type { CorpusCase, CorpusProject } from "./corpus.ts";
import { fittingBindings, localBindings } from "./local-bindings.ts";

/** The day on which the corpus is checked: `review_by` and freezes are judged by it. */
const today = Date.UTC(2026, 10, 24);

/** A plan without the places of its parts, which would make every line of a difference, one part a line. */
function planText(plan: PipelinePlan): string {
  return `${JSON.stringify(plan, (key, value: unknown) => (key === "place" ? undefined : value), 1)}\n`;
}

/** What every phase makes of one policy, by the name of the baseline: tree, formatted text, diagnostics, checked policies with their defaults, and the plan where there is one. */
export function corpusResults({ part, text, bindings }: CorpusCase): Record<string, string> {
  const { source, diagnostics, policies } = checkText(text, "policy.retrain", { today });
  const [policy] = policies;
  const lowered = policy && lower(policy, { ...fittingBindings(policy.body?.model), ...bindings });
  const all = [...diagnostics, ...(lowered?.diagnostics ?? [])];
  return {
    "tree.txt": dumpTree(source, parse(source).file),
    "formatted.retrain": format(source).text,
    "diagnostics.txt": renderCompact(all, sourcesOf([source])),
    ...(policies.length === 0 ? {} : { "checked.txt": policies.map(checkedText).join("\n") }),
    ...(lowered?.plan === undefined ? {} : { "plan.json": planText(lowered.plan) }),
    ...(part === "reading" && policy !== undefined
      ? { "reading.txt": `${readingText(readPolicy(policy), painter(false), 80)}\n` }
      : {}),
  };
}

/** What every phase makes of a project of several files; plans just where no error is. */
export function projectResults({ folder }: CorpusProject): Record<string, string> {
  const texts = textsIn(folder);
  const { all, sources, policies, freezes } = checkFiles(texts);
  const environment = [...freezes.values()].flat();
  const plans = policies.flatMap((policy) => {
    const { plan } = lower(policy, localBindings(policy.body?.model.registry.name ?? "none"), environment);
    return plan === undefined ? [] : [plan];
  });
  const isBroken = all.some(({ severity }) => severity === "error");
  const ofEach = (write: (source: Source) => string): string =>
    [...sources.values()].map((source) => `// ${source.path}\n${write(source)}`).join("\n");
  return {
    "tree.txt": ofEach((source) => dumpTree(source, parse(source).file)),
    "formatted.txt": ofEach((source) => format(source).text),
    "diagnostics.txt": renderPretty(all, sources, { columns: 100 }),
    ...(policies.length === 0 ? {} : { "checked.txt": policies.map(checkedText).join("\n") }),
    ...(plans.length === 0 || isBroken ? {} : { "plans.json": `${JSON.stringify(plans, null, 2)}\n` }),
  };
}
