import { amount as amountText, condition as conditionText, rollbackBody } from "../../format/print-values.ts";
import type {
  Approval,
  Gate,
  Requirement,
  RequirementGroup,
  RollbackWhen,
  Rollout,
  Stage,
  TreeNode,
} from "../../syntax/tree.ts";
import type { CheckedMinimum, CheckedOnInconclusive, CheckedRequirementItem } from "../checked/condition.ts";
import type { CheckedRollback, CheckedRollout, CheckedStage } from "../checked/rollout.ts";
import type { Collector } from "../collector.ts";
import { checkCondition } from "../condition.ts";
import { readCount, readDuration, readShare } from "../quantity.ts";
import { labelIsWrong, type Scope, unknown } from "../scope.ts";
import type { Site } from "../site.ts";
import { every, isIncomplete, single } from "../statements.ts";
import { duration, percent } from "../wording.ts";
import { readStreak } from "./cause.ts";
import { checkFeasibility } from "./feasibility.ts";
import type { ModelHead } from "./model.ts";
import { checkOnInconclusive, checkRequirements, type ReadRequirement } from "./requirement.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** A stage with the lines it was made of. */
export interface ReadStage {
  readonly node: Stage | Approval;
  readonly stage?: CheckedStage;
  readonly read: readonly ReadRequirement[];
}

interface Surroundings {
  readonly scope: Scope;
  readonly gates: ReadonlyMap<string, Gate>;
  readonly model: ModelHead | undefined;
}

/** Checks `rollout { }`: the stages by which a new version reaches users, and when it comes back. */
export function checkRollout(rollout: Rollout, policy: string, around: Surroundings): CheckedRollout | undefined {
  const { scope } = around;
  const { out } = scope;
  const errorsBefore = out.diagnostics.filter((found) => found.severity === "error").length;
  const nodes = rollout.statements.filter(
    (statement): statement is Stage | Approval => statement.kind === "Stage" || statement.kind === "Approval",
  );
  const stages: ReadStage[] = [];
  let shareBefore = 0;
  let approvals = 0;
  for (const node of nodes) {
    if (node.kind === "Approval") {
      approvals += 1;
      const stage = checkApproval(node, approvals === 1 ? "approval" : `approval_${approvals}`, shareBefore, out);
      stages.push(stage === undefined ? { node, read: [] } : { node, stage, read: [] });
    } else {
      const read = checkStage(node, stages, around);
      stages.push(read);
      if (read.stage?.kind === "live") shareBefore = read.stage.share;
    }
  }
  const incomplete = isIncomplete(rollout.statements);
  if (nodes.length === 0 && !incomplete) {
    out.report("policy/empty-block", rollout.span, {
      what: "`rollout`",
      needs: "a stage, for example `stage full { traffic 100% watch 24h keep champion 72h }`",
    });
  }
  checkOrder(stages, incomplete, around);
  const full = stages.find(({ stage }) => stage?.kind === "live" && stage.share === 1)?.stage;
  const rollbackNodes = every(rollout.statements, "RollbackWhen");
  const rollbackWhen = rollbackNodes.map((node, index) => checkRollback(node, `rollback.${index + 1}`, full, scope));
  if (rollbackNodes.length === 0 && !incomplete && nodes.length > 0)
    out.report("rollout/no-way-back", rollout.span, { policy });
  const inconclusive = single(rollout.statements, "OnInconclusive", "`on inconclusive`", "`rollout`", out);
  const onInconclusive: CheckedOnInconclusive | undefined =
    inconclusive === undefined ? usualInconclusive(rollout, out) : checkOnInconclusive(inconclusive, out);
  if (around.model !== undefined) checkFeasibility(stages, around.model.requestRate, scope);
  const errorsNow = out.diagnostics.filter((found) => found.severity === "error").length;
  if (errorsNow > errorsBefore || onInconclusive === undefined) return undefined;
  return {
    stages: stages.flatMap(({ stage }) => (stage === undefined ? [] : [stage])),
    rollbackWhen: rollbackWhen.flatMap((one) => (one === undefined ? [] : [one])),
    onInconclusive,
    span: rollout.span,
  };
}

function usualInconclusive(rollout: Rollout, out: Collector): CheckedOnInconclusive {
  const length = out.assume(
    "rollout.onInconclusive.for",
    2 * hour,
    rollout.span,
    "a stage without an answer holds its share for 2h",
  );
  const then = out.assume(
    "rollout.onInconclusive.then",
    "rollback",
    rollout.span,
    "a stage that stays without an answer is rolled back",
  );
  return { action: "hold", for: length, then };
}

function checkApproval(node: Approval, name: string, share: number, out: Collector): CheckedStage | undefined {
  const within = readDuration(node.within, "`within`", out);
  if (node.group.value.trim() === "")
    return out.report("policy/empty-text", node.group.span, { what: "the group that approves" });
  if (within === undefined) return undefined;
  const check = out.assume(`rollout.${name}.check`, 5 * minute, node.span, "a stage looks every 5m");
  return {
    name,
    kind: "approval",
    share,
    atLeast: 0,
    atMost: within,
    check,
    requirements: [],
    approvers: node.group.value,
    span: node.span,
  };
}

function checkStage(node: Stage, earlier: readonly ReadStage[], around: Surroundings): ReadStage {
  const { scope } = around;
  const { out } = scope;
  const name = node.name.text;
  const place = node.name.span;
  const where = `stage \`${name}\``;
  const { traffic } = node;
  const incomplete = isIncomplete(node.statements);
  if (traffic === undefined && !incomplete) out.report("rollout/stage-without-traffic", place, { stage: name });
  const share =
    traffic && readShare(traffic.share, `\`${traffic.mode.text}\``, out, { ends: "above-zero", only: "percent" });
  const kind = traffic?.mode.text === "mirror" ? "shadow" : "live";
  if (
    kind === "live" &&
    share !== undefined &&
    share < 1 &&
    traffic !== undefined &&
    around.model?.serving.type === "batch"
  ) {
    out.report("rollout/batch-share", traffic.span, { share: percent(share) });
  }
  const full = kind === "live" && share === 1;
  const path = `rollout.${name}`;
  const checkEvery = node.checkEvery && readDuration(node.checkEvery, "`check every`", out);
  const check =
    checkEvery ??
    (node.checkEvery === undefined
      ? out.assume(`${path}.check`, 5 * minute, place, "a stage looks every 5m")
      : undefined);
  const stay = readStay(node, full, share !== undefined, out);
  const watch = node.watch && readDuration(node.watch, "`watch`", out);
  const keep = node.keepChampion && readDuration(node.keepChampion, "`keep champion`", out);
  if (!full && share !== undefined) {
    if (node.watch !== undefined) out.report("rollout/only-on-full", node.watch.span, { word: "watch" });
    if (node.keepChampion !== undefined)
      out.report("rollout/only-on-full", node.keepChampion.span, { word: "keep champion" });
  }
  const watched = full
    ? (watch ??
      (node.watch === undefined
        ? out.assume(`${path}.watch`, day, place, "a promoted version is watched for 24h")
        : undefined))
    : undefined;
  const kept = full
    ? (keep ??
      (node.keepChampion === undefined
        ? out.assume(
            `${path}.keepChampion`,
            Math.max(3 * day, watched ?? 0),
            place,
            "the old champion is kept for 72h, at least as long as the watch",
          )
        : undefined))
    : undefined;
  if (watched !== undefined && kept !== undefined && kept < watched) {
    out.report("rollout/keep-below-watch", node.keepChampion?.span ?? place, {
      keep: duration(kept),
      watch: duration(watched),
    });
  }
  const minimum = node.atLeast && readHeaderMinimum(node.atLeast, kind, out);
  const site: Site = { place: kind, ...(scope.judged === undefined ? {} : { dataset: scope.judged }) };
  const nodes = every(node.statements, "Requirement");
  const own = checkRequirements(nodes, `stage.${name}`, site, scope);
  const used = checkUses(node, site, earlier, nodes.length, around);
  const read = [...own.read, ...used.read];
  const inconclusive = single(node.statements, "OnInconclusive", "`on inconclusive`", where, out);
  const onInconclusive = inconclusive && checkOnInconclusive(inconclusive, out);
  const longest = full ? (stay?.high ?? 0) + (watched ?? 0) : (stay?.high ?? 0);
  if (stay !== undefined) refuseUnobservable(read, longest, scope);
  if (check !== undefined && stay !== undefined && check > longest) {
    out.report("rollout/check-too-slow", node.checkEvery?.span ?? place, {
      check: duration(check),
      max: duration(longest),
    });
  }
  if (share === undefined || stay === undefined || check === undefined) return { node, read };
  const stage: CheckedStage = {
    name,
    kind,
    share,
    atLeast: stay.low,
    atMost: full ? Math.max(stay.high, watched ?? 0) : stay.high,
    ...(minimum === undefined ? {} : { minimum }),
    check,
    requirements: [...own.items, ...used.items],
    ...(onInconclusive === undefined ? {} : { onInconclusive }),
    ...(watched === undefined ? {} : { watch: watched }),
    ...(kept === undefined ? {} : { keepChampion: kept }),
    span: place,
  };
  return { node, stage, read };
}

function readStay(
  node: Stage,
  full: boolean,
  known: boolean,
  out: Collector,
): { readonly low: number; readonly high: number } | undefined {
  if (node.stay === undefined) {
    if (full) return { low: 0, high: 0 };
    if (known) out.report("rollout/stage-without-time", node.name.span, { stage: node.name.text });
    return undefined;
  }
  const low = readDuration(node.stay.low, "`for`", out, "zero");
  const high = readDuration(node.stay.high, "`for`", out);
  if (low === undefined || high === undefined) return undefined;
  if (low > high) {
    const text = `${amountText(node.stay.high)}..${amountText(node.stay.low)}`;
    return out.report(
      "rollout/max-below-min",
      node.stay.span,
      { min: amountText(node.stay.low), max: amountText(node.stay.high) },
      { fixes: [{ label: `write \`${text}\``, edits: [{ span: node.stay.span, text }] }] },
    );
  }
  return { low, high };
}

function readHeaderMinimum(
  node: NonNullable<Stage["atLeast"]>,
  kind: "shadow" | "live",
  out: Collector,
): CheckedMinimum | undefined {
  const count = readCount(node.count, "`at least`", out);
  const right = kind === "shadow" ? "pairs" : "requests";
  if (node.noun.text !== right) {
    return out.report(
      "rollout/wrong-noun",
      node.noun.span,
      { written: node.noun.text, right, kind: kind === "shadow" ? "mirrors" : "answers requests" },
      { fixes: [{ label: `write \`${right}\``, edits: [{ span: node.noun.span, text: right }] }] },
    );
  }
  return count === undefined ? undefined : { count, of: right };
}

/** `use NAME`: the requirements of a gate or of an earlier stage, checked again for this stage and judged here under ids of it. */
function checkUses(
  node: Stage,
  site: Site,
  earlier: readonly ReadStage[],
  written: number,
  around: Surroundings,
): { readonly items: CheckedRequirementItem[]; readonly read: ReadRequirement[] } {
  const { scope, gates } = around;
  const items: CheckedRequirementItem[] = [];
  const read: ReadRequirement[] = [];
  let count = written;
  for (const use of every(node.statements, "Use")) {
    const name = use.name.text;
    if (scope.imported.has(name)) {
      scope.out.notYet(`\`use ${name}\`, which is imported,`, use.span);
      continue;
    }
    const stages = earlier.flatMap(({ node: stage }) => (stage.kind === "Stage" ? [stage] : []));
    const used = gates.get(name) ?? stages.find((stage) => stage.name.text === name);
    if (used === undefined) {
      if (scope.incomplete) continue;
      const known = [...gates.keys(), ...stages.map((stage) => stage.name.text)];
      unknown(use.name, known, (suggestion, fixes) =>
        scope.out.report("name/unknown-gate-or-stage", use.name.span, { name, suggestion, known }, { fixes }),
      );
      continue;
    }
    const nodes = requirementsOf(used.statements);
    const again = checkRequirements(nodes, `stage.${node.name.text}`, site, scope, count);
    count += nodes.length;
    items.push(...again.items);
    read.push(...again.read);
  }
  return { items, read };
}

function requirementsOf(statements: readonly TreeNode[]): (Requirement | RequirementGroup)[] {
  return statements.filter(
    (statement): statement is Requirement | RequirementGroup =>
      statement.kind === "Requirement" || statement.kind === "RequirementGroup",
  );
}

/** A metric of labels cannot decide a stage that ends before its labels are final. */
function refuseUnobservable(read: readonly ReadRequirement[], longest: number, scope: Scope): void {
  for (const { measured } of read) {
    if (measured?.measure.kind !== "prediction") continue;
    const label = scope.judged?.label;
    if (label === undefined) {
      if (!scope.incomplete && !labelIsWrong(scope))
        scope.out.report("rollout/no-labels", measured.span, { measure: measured.text });
      continue;
    }
    if (label.maturesAfter < longest) continue;
    scope.out.report(
      "rollout/not-observable-live",
      measured.span,
      { measure: measured.text, maturity: duration(label.maturesAfter), max: duration(longest) },
      { labels: [{ span: label.span, text: "labels are final after this" }] },
    );
  }
}

function checkOrder(stages: readonly ReadStage[], incomplete: boolean, around: Surroundings): void {
  const { out } = around.scope;
  const names = new Map<string, ReadStage["node"]>();
  let share = 0;
  let known = true;
  let full: CheckedStage | undefined;
  for (const { node, stage } of stages) {
    if (node.kind === "Stage") {
      const name = node.name.text;
      const first = names.get(name);
      if (first?.kind === "Stage") {
        out.report(
          "name/duplicate",
          node.name.span,
          { kind: "stage", name },
          { labels: [{ span: first.name.span, text: "declared here first" }] },
        );
      } else if (around.gates.has(name)) {
        out.report("name/ambiguous", node.name.span, { name, first: "a gate", second: "a stage" });
      }
      names.set(name, first ?? node);
    }
    if (stage === undefined) {
      known = false;
      continue;
    }
    if (full !== undefined) {
      out.report(
        "rollout/stage-after-full",
        stage.span,
        { stage: stage.kind === "approval" ? "approval" : stage.name },
        { labels: [{ span: full.span, text: "the promotion" }] },
      );
      continue;
    }
    if (stage.kind === "shadow" && share > 0)
      out.report("rollout/shadow-after-live", stage.span, { stage: stage.name });
    if (stage.kind !== "live") continue;
    if (stage.share <= share) {
      const place = node.kind === "Stage" ? (node.traffic?.span ?? node.span) : node.span;
      out.report("rollout/shares-do-not-rise", place, { share: percent(stage.share), before: percent(share) });
    }
    share = Math.max(share, stage.share);
    if (stage.share === 1) full = stage;
  }
  const last = stages.at(-1);
  if (full === undefined && known && !incomplete && last !== undefined) {
    const place = last.node.kind === "Stage" ? (last.node.traffic?.span ?? last.node.name.span) : last.node.span;
    out.report("rollout/no-full-stage", place, { share: percent(share) });
  }
}

function checkRollback(
  node: RollbackWhen,
  id: string,
  full: CheckedStage | undefined,
  scope: Scope,
): CheckedRollback | undefined {
  const { out } = scope;
  const bare = node.condition.test.kind === "MovedFrom";
  const site: Site = {
    place: "rollback",
    ...(scope.judged === undefined ? {} : { dataset: scope.judged }),
    ...(bare ? { party: "challenger" as const } : {}),
  };
  const condition = checkCondition(node.condition, site, id, scope);
  const over = node.over && readDuration(node.over, "`over`", out);
  const streak = node.streak && readStreak(node.streak, out);
  if (condition?.measured === undefined) return undefined;
  const { measure } = condition.measured;
  if (measure.kind === "prediction") refuseTooLate(node, over ?? 0, full, scope);
  return {
    id,
    text: rollbackBody(node),
    span: node.span,
    test: condition.test,
    ...(over === undefined ? {} : { over }),
    ...(streak === undefined ? {} : { streak }),
  };
}

function refuseTooLate(node: RollbackWhen, over: number, full: CheckedStage | undefined, scope: Scope): void {
  const { out, judged } = scope;
  if (judged?.label === undefined) {
    if (!scope.incomplete && judged?.incomplete !== true && !labelIsWrong(scope)) {
      out.report("rollout/no-labels", node.condition.subject.span, { measure: conditionText(node.condition) });
    }
    return;
  }
  if (full?.keepChampion === undefined) return;
  const needs = judged.label.maturesAfter + over;
  const labels = [
    { span: judged.label.span, text: "labels are final after this" },
    { span: full.span, text: `keeps the champion for ${duration(full.keepChampion)}` },
  ];
  if (needs > full.keepChampion) {
    out.report(
      "rollout/rollback-too-late",
      node.span,
      { needs: duration(needs), keep: duration(full.keepChampion) },
      { labels },
    );
  } else if (full.watch !== undefined && needs + full.check >= full.watch) {
    out.report("rollout/rollback-after-watch", node.span, { needs: duration(needs), watch: duration(full.watch) });
  }
}
