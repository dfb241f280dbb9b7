import { amount as amountText } from "../../format/print-values.ts";
import type { Approval, Gate, Requirement, RequirementGroup, Stage, TreeNode } from "../../syntax/tree.ts";
import type { CheckedMinimum, CheckedRequirementItem } from "../checked/condition.ts";
import type { CheckedStage } from "../checked/rollout.ts";
import type { Collector } from "../collector.ts";
import { readCount, readDuration, readShare } from "../quantity.ts";
import { labelIsWrong, type Scope, unknown } from "../scope.ts";
import type { Site } from "../site.ts";
import { every, isIncomplete, single } from "../statements.ts";
import { duration, percent } from "../wording.ts";
import type { ModelHead } from "./model.ts";
import { readsChallenger } from "./reads-challenger.ts";
import { checkOnInconclusive, checkRequirements, type ReadRequirement } from "./requirement.ts";

const minute = 60_000;

const day = 1440 * minute;

/** A stage with the lines it was made of. */
export interface ReadStage {
  readonly node: Stage | Approval;
  readonly stage?: CheckedStage;
  readonly read: readonly ReadRequirement[];
}

export interface Surroundings {
  readonly scope: Scope;
  readonly gates: ReadonlyMap<string, Gate>;
  /** What the names in a gate mean: an imported one uses those of its own file. */
  readonly scopeOf: (gate: string) => Scope;
  readonly model: ModelHead | undefined;
}

export function checkApproval(node: Approval, name: string, share: number, out: Collector): CheckedStage | undefined {
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

export function checkStage(node: Stage, earlier: readonly ReadStage[], around: Surroundings): ReadStage {
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
  const deciding = read.filter(({ checked }) => checked.role === "require");
  if (deciding.length > 0 && !incomplete && !deciding.some(({ checked }) => readsChallenger(checked.test))) {
    out.report("rollout/never-reads-challenger", place, { what: where });
  }
  const inconclusive = single(node.statements, "OnInconclusive", "`on inconclusive`", where, out);
  const onInconclusive = inconclusive && checkOnInconclusive(inconclusive, out);
  const longest = full ? (stay?.high ?? 0) + (watched ?? 0) : (stay?.high ?? 0);
  if (stay !== undefined) refuseUnobservable(read, longest, scope);
  const watchIsWrong = full && node.watch !== undefined && watch === undefined;
  if (check !== undefined && stay !== undefined && !watchIsWrong && check > longest) {
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
    if (scope.imported.has(name)) continue;
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
    const there = gates.has(name) ? around.scopeOf(name) : scope;
    const again = checkRequirements(nodes, `stage.${node.name.text}`, site, there, count);
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
