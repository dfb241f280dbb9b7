import type { Label } from "../../diagnostics/diagnostic.ts";
import { suggest } from "../../diagnostics/suggest.ts";
import { printLine } from "../../format/print-statements.ts";
import { walk } from "../../syntax/child-keys.ts";
import type { Requirement, Stage } from "../../syntax/tree.ts";
import type { Span } from "../../text/source.ts";
import type { Collector } from "../collector.ts";
import { mostWithin } from "../reuse/looser.ts";
import { every } from "../statements.ts";
import { duration, percent } from "../wording.ts";
import type { CheckedGuardrail, Rule } from "./declare.ts";
import {
  decidingRequirements,
  inconclusiveStatements,
  liveShare,
  rolloutOf,
  type Subject,
  stagesOf,
} from "./subject.ts";

/** Reports every rule of a guardrail that a policy breaks, at the policy's line with the guardrail's line beside it. */
export function applyGuardrail(guardrail: CheckedGuardrail, subject: Subject, out: Collector): void {
  if (guardrail.risks.length > 0 && !guardrail.risks.includes(subject.checked.risk)) return;
  for (const rule of guardrail.rules) applyRule(rule, { guardrail, subject, out });
}

interface Application {
  readonly guardrail: CheckedGuardrail;
  readonly subject: Subject;
  readonly out: Collector;
}

function applyRule(rule: Rule, application: Application): void {
  const { subject } = application;
  switch (rule.kind) {
    case "requirement":
      if (!decidingRequirements(subject).some((one) => isAbout(one, rule.on)))
        missing(
          rule,
          gatePlace(subject),
          `no gate of ${policyOf(application)} requires anything of \`${rule.on}\``,
          application,
        );
      return;
    case "fairness":
      if (!decidingRequirements(subject).some(isFairness))
        missing(
          rule,
          gatePlace(subject),
          `no gate of ${policyOf(application)} requires fairness between groups`,
          application,
        );
      return;
    case "stage":
      applyStage(rule, application);
      return;
    case "approval":
      applyApproval(rule, application);
      return;
    case "notify":
      if (!subject.checked.notify.some(({ events }) => events.includes(rule.event))) {
        const block = every(subject.node.items, "Notify")[0];
        const place = block === undefined ? subject.node.name.span : wordOf(block.span, "notify");
        missing(rule, place, `${policyOf(application)} tells nobody of \`${rule.event}\``, application);
      }
      return;
    case "rollback": {
      const rollout = rolloutOf(subject);
      if (rollout === undefined || every(rollout.statements, "RollbackWhen").length === 0)
        missing(rule, rolloutPlace(subject), `${policyOf(application)} has no \`rollback when\``, application);
      return;
    }
    case "no-proceed":
      for (const statement of inconclusiveStatements(subject)) {
        if (statement.action.text === "proceed")
          application.out.report(
            "guardrail/proceeds",
            statement.span,
            { guardrail: application.guardrail.name, policy: subject.checked.name },
            { labels: [labelOf(rule)] },
          );
      }
      return;
    case "budget":
      applyBudget(rule, application);
      return;
    case "traffic":
      applyTraffic(rule, application);
      return;
  }
}

function applyStage(rule: Extract<Rule, { kind: "stage" }>, application: Application): void {
  const { subject } = application;
  const stages = stagesOf(subject);
  const stage = stages.find((one) => one.name.text === rule.stage);
  if (stage === undefined) {
    const near = suggest(
      rule.stage,
      stages.map((one) => one.name.text),
    );
    const found = near === undefined ? "" : ` (it has \`${near}\`)`;
    missing(
      rule,
      rolloutPlace(subject),
      `${policyOf(application)} has no stage \`${rule.stage}\`${found}`,
      application,
    );
    return;
  }
  const stay = stage.stay?.low;
  const least = stay?.kind === "Quantity" && stay.unit === "duration" ? stay.value : 0;
  if (rule.atLeast === undefined || least >= rule.atLeast) return;
  over(
    rule,
    stay?.span ?? stage.name.span,
    `stage \`${rule.stage}\` may end after ${duration(least)}`,
    `at least ${duration(rule.atLeast)}`,
    application,
  );
}

function applyApproval(rule: Extract<Rule, { kind: "approval" }>, application: Application): void {
  const rollout = rolloutOf(application.subject);
  let approved = false;
  for (const statement of rollout?.statements ?? []) {
    if (statement.kind === "Approval") approved = true;
    if (statement.kind !== "Stage") continue;
    const share = liveShare(statement);
    if (share === undefined || share <= rule.above) continue;
    if (!approved)
      missing(
        rule,
        statement.traffic?.span ?? statement.name.span,
        `nobody approves before stage \`${statement.name.text}\` of ${policyOf(application)} takes ${percent(share)}`,
        application,
      );
    return;
  }
}

function applyBudget(rule: Extract<Rule, { kind: "budget" }>, application: Application): void {
  const { subject } = application;
  const trigger = every(subject.node.items, "Trigger")[0];
  const budget = subject.checked.body?.trigger.budget;
  const node = trigger === undefined ? undefined : every(trigger.statements, "Budget")[0];
  if (budget?.runs === undefined) {
    // A budget that cannot be read was reported.
    if (subject.checked.body === undefined) return;
    const place = trigger === undefined ? subject.node.name.span : wordOf(trigger.span, "trigger");
    missing(rule, node?.span ?? place, `${policyOf(application)} has no budget of runs`, application);
    return;
  }
  const allowed = mostWithin(budget.runs, budget.per, rule.per);
  if (allowed <= rule.runs) return;
  over(
    rule,
    node?.span ?? subject.node.name.span,
    `the budget allows ${allowed} runs in ${duration(rule.per)}`,
    `at most ${rule.runs}`,
    application,
  );
}

function applyTraffic(rule: Extract<Rule, { kind: "traffic" }>, application: Application): void {
  const live = stagesOf(application.subject).filter((stage) => liveShare(stage) !== undefined);
  const named: Stage | undefined =
    rule.stage === "first" ? live[0] : live.find((stage) => stage.name.text === rule.stage);
  const share = named === undefined ? undefined : liveShare(named);
  if (named === undefined || share === undefined || share <= rule.share) return;
  over(
    rule,
    named.traffic?.span ?? named.name.span,
    `stage \`${named.name.text}\`${rule.stage === "first" ? ", the first with live traffic," : ""} takes ${percent(share)}`,
    `at most ${percent(rule.share)}`,
    application,
  );
}

/** Reports names of stages in guardrails that no policy they hold for has: probably a misspelling. */
export function lintStageNames(guardrail: CheckedGuardrail, subjects: readonly Subject[], out: Collector): void {
  const concerned = subjects.filter(
    ({ checked }) => guardrail.risks.length === 0 || guardrail.risks.includes(checked.risk),
  );
  const names = new Set(concerned.flatMap((subject) => stagesOf(subject).map((stage) => stage.name.text)));
  if (names.size === 0) return;
  for (const { node } of guardrail.rules) {
    if (node.kind !== "LimitTraffic" && node.kind !== "MustHaveStage") continue;
    const name = node.stage.text;
    if (names.has(name) || (node.kind === "LimitTraffic" && name === "first")) continue;
    const known = [...names];
    const suggestion = suggest(name, known);
    const fixes =
      suggestion === undefined
        ? []
        : [{ label: `write \`${suggestion}\``, edits: [{ span: node.stage.span, text: suggestion }] }];
    out.report("guardrail/unknown-stage", node.stage.span, { name, suggestion, known }, { fixes });
  }
}

function missing(rule: Rule, place: Span, what: string, { guardrail, out }: Application): void {
  const written = ruleText(rule);
  out.report(
    "guardrail/missing",
    place,
    { what, guardrail: guardrail.name, rule: written, risk: tier(guardrail) },
    { labels: [labelOf(rule)] },
  );
}

function over(rule: Rule, place: Span, what: string, limit: string, { guardrail, subject, out }: Application): void {
  out.report(
    "guardrail/limit",
    place,
    { what, limit, guardrail: guardrail.name, policy: subject.checked.name, risk: tier(guardrail) },
    { labels: [labelOf(rule)] },
  );
}

function policyOf({ subject }: Application): string {
  return `\`${subject.checked.name}\``;
}

function tier(guardrail: CheckedGuardrail): string {
  return guardrail.risks.length === 0 ? "all policies" : `policies of ${guardrail.risks.join(" and ")} risk`;
}

function labelOf(rule: Rule): Label {
  return { span: rule.node.span, text: "the guardrail says this" };
}

function ruleText({ node }: Rule): string {
  if (node.kind === "Broken") return "";
  const { key, rest } = printLine(node, (text) => text.raw);
  return rest === "" ? key : `${key} ${rest}`;
}

function isAbout({ condition }: Requirement, subject: string): boolean {
  let found = false;
  walk(condition, (node) => {
    if (node.kind === "Operand" && node.path.some((name) => name.text === subject)) found = true;
    return undefined;
  });
  return found;
}

/** Functions that compare groups of people: `demographic_parity_difference`, `equal_opportunity_ratio`, `disparate_impact`. */
function isFairness({ condition: { subject } }: Requirement): boolean {
  const name = subject.path.at(-1)?.text ?? "";
  return subject.arguments !== undefined && (/_(?:difference|ratio)$/u.test(name) || name === "disparate_impact");
}

function gatePlace({ gates, node }: Subject): Span {
  return gates[0]?.name.span ?? node.name.span;
}

function rolloutPlace(subject: Subject): Span {
  const rollout = rolloutOf(subject);
  return rollout === undefined ? subject.node.name.span : wordOf(rollout.span, "rollout");
}

/** The first word of a block, not the whole of it. */
function wordOf(span: Span, word: string): Span {
  return { path: span.path, start: span.start, end: span.start + word.length };
}
