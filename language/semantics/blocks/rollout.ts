import { condition as conditionText, rollbackBody } from "../../format/print-values.ts";
import type { Approval, RollbackWhen, Rollout, Stage } from "../../syntax/tree.ts";
import type { CheckedOnInconclusive } from "../checked/condition.ts";
import type { CheckedRollback, CheckedRollout, CheckedStage } from "../checked/rollout.ts";
import type { Collector } from "../collector.ts";
import { checkCondition } from "../condition.ts";
import { readDuration } from "../quantity.ts";
import { labelIsWrong, type Scope } from "../scope.ts";
import type { Site } from "../site.ts";
import { every, isIncomplete, single } from "../statements.ts";
import { duration, percent } from "../wording.ts";
import { lintStreak, readStreak } from "./cause.ts";
import { checkFeasibility } from "./feasibility.ts";
import { readsChallenger } from "./reads-challenger.ts";
import { checkOnInconclusive } from "./requirement.ts";
import { checkApproval, checkStage, type ReadStage, type Surroundings } from "./stage.ts";
import { lintStages, refuseBatchMeasure } from "./stage-lints.ts";

const hour = 3_600_000;

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
  const batch = around.model?.serving.type === "batch";
  const rollbackNodes = every(rollout.statements, "RollbackWhen");
  const rollbackWhen = rollbackNodes.map((node, index) =>
    checkRollback(node, `rollback.${index + 1}`, full, batch, scope),
  );
  if (rollbackNodes.length === 0 && !incomplete && nodes.length > 0)
    out.report("rollout/no-way-back", rollout.span, { policy });
  const inconclusive = single(rollout.statements, "OnInconclusive", "`on inconclusive`", "`rollout`", out);
  const onInconclusive: CheckedOnInconclusive | undefined =
    inconclusive === undefined ? usualInconclusive(rollout, out) : checkOnInconclusive(inconclusive, out);
  lintStages(stages, around);
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
  batch: boolean,
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
  if (over !== undefined && streak !== undefined && node.streak !== undefined && full !== undefined) {
    lintStreak({ node: node.streak, value: streak }, over, { check: full.check }, out);
  }
  const { measure } = condition.measured;
  if (batch) refuseBatchMeasure(condition.measured, out);
  if (!readsChallenger(condition.test)) {
    out.report("rollout/never-reads-challenger", node.condition.span, { what: `\`${rollbackBody(node)}\`` });
  }
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
