import type { Guardrail, GuardrailStatement } from "../../syntax/tree.ts";
import { duplicate } from "../blocks/dataset.ts";
import { notifyEvents } from "../blocks/notify.ts";
import type { NotifyEvent } from "../checked/policy.ts";
import { Collector } from "../collector.ts";
import { readCount, readDuration, readShare } from "../quantity.ts";
import type { LinkedFile } from "../reuse/link.ts";
import { visibleIn } from "../reuse/visible.ts";
import { choose } from "../scope.ts";
import { builtinMetrics } from "../signatures/metrics.ts";
import { every, isIncomplete } from "../statements.ts";

type Written<Fields> = Fields & { readonly node: GuardrailStatement };

/** What one line of a guardrail asks, with its quantities read. Lengths are milliseconds, shares 0 to 1. */
export type Rule =
  | Written<{ readonly kind: "requirement"; readonly on: string }>
  | Written<{ readonly kind: "fairness" }>
  | Written<{ readonly kind: "stage"; readonly stage: string; readonly atLeast?: number }>
  | Written<{ readonly kind: "approval"; readonly above: number }>
  | Written<{ readonly kind: "notify"; readonly event: NotifyEvent }>
  | Written<{ readonly kind: "rollback" }>
  | Written<{ readonly kind: "no-proceed" }>
  | Written<{ readonly kind: "budget"; readonly runs: number; readonly per: number }>
  | Written<{ readonly kind: "traffic"; readonly stage: string; readonly share: number }>;

export interface CheckedGuardrail {
  readonly name: string;
  readonly node: Guardrail;
  /** Risk tiers that it holds for; empty when it holds for all. */
  readonly risks: readonly string[];
  readonly rules: readonly Rule[];
}

const tiers = ["low", "medium", "high"] as const;

/** Checks the guardrails of a file. */
export function checkGuardrails(
  file: LinkedFile,
  seen: Map<string, Guardrail>,
): {
  readonly guardrails: readonly CheckedGuardrail[];
  readonly out: Collector;
} {
  const out = new Collector();
  const metrics = [
    ...visibleIn(file).metrics.map((metric) => metric.name.text),
    ...Object.keys(builtinMetrics),
    "error_rate",
    "latency",
  ];
  const guardrails: CheckedGuardrail[] = [];
  for (const node of every(file.parsed.file.declarations, "Guardrail")) {
    const name = node.name.text;
    const first = seen.get(name);
    if (first !== undefined) {
      if (first !== node) duplicate(node.name.span, first.name.span, "guardrail", name, out);
      continue;
    }
    seen.set(name, node);
    const risks: string[] = [];
    for (const word of node.risks) {
      const risk = choose(word, tiers, "a risk", out);
      if (risk === undefined) continue;
      if (risks.includes(risk)) out.report("policy/repeated", word.span, { what: `\`${risk}\``, where: "this line" });
      else risks.push(risk);
    }
    if (node.statements.length === 0) {
      out.report("policy/empty-block", node.name.span, {
        what: `guardrail \`${name}\``,
        needs: "a rule, for example `must have rollback`",
      });
    }
    const rules = node.statements.flatMap((statement) => readRule(statement, metrics, out) ?? []);
    // A guardrail whose tiers are all wrong would hold for every policy.
    if (node.risks.length > 0 && risks.length === 0) continue;
    if (!isIncomplete(node.statements)) guardrails.push({ name, node, risks, rules });
  }
  return { guardrails, out };
}

function readRule(node: GuardrailStatement, metrics: readonly string[], out: Collector): Rule | undefined {
  switch (node.kind) {
    case "MustHaveGateRequirement": {
      const known = ["champion", "challenger", ...metrics];
      const on = choose(node.on, known, "something that a gate requires something of", out);
      return on === undefined ? undefined : { kind: "requirement", on, node };
    }
    case "MustHaveFairness":
      return { kind: "fairness", node };
    case "MustHaveStage": {
      if (node.atLeast === undefined) return { kind: "stage", stage: node.stage.text, node };
      const atLeast = readDuration(node.atLeast, "the shortest stay of a stage", out);
      return atLeast === undefined ? undefined : { kind: "stage", stage: node.stage.text, atLeast, node };
    }
    case "MustHaveApproval": {
      const above = readShare(node.above, "a share of traffic", out, { ends: "closed", only: "percent" });
      return above === undefined ? undefined : { kind: "approval", above, node };
    }
    case "MustHaveNotify": {
      const event = choose(node.event, notifyEvents, "an event", out, "notify/unknown-event");
      return event === undefined ? undefined : { kind: "notify", event, node };
    }
    case "MustHaveRollback":
      return { kind: "rollback", node };
    case "MustNotProceed":
      return { kind: "no-proceed", node };
    case "LimitBudget": {
      const runs = readCount(node.runs, "a budget of runs", out);
      const per = readDuration(node.per, "the time of a budget", out);
      return runs === undefined || per === undefined ? undefined : { kind: "budget", runs, per, node };
    }
    case "LimitTraffic": {
      const share = readShare(node.share, "a share of traffic", out, { ends: "above-zero", only: "percent" });
      return share === undefined ? undefined : { kind: "traffic", stage: node.stage.text, share, node };
    }
    case "Broken":
      return undefined;
  }
}
