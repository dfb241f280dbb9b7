import { stageHeader } from "../../format/block-parts.ts";
import { type OneLiner, printLine } from "../../format/print-statements.ts";
import { requirementBody, rollbackBody } from "../../format/print-values.ts";
import type {
  Approval,
  Columns,
  Cooldown,
  Dataset,
  Environment,
  Gate,
  Item,
  Metric,
  Model,
  Notify,
  Resources,
  RolloutStatement,
  Stage,
  Step,
  TreeNode,
  Trigger,
  Validate,
} from "../../syntax/tree.ts";
import type { Collector } from "../collector.ts";
import {
  type Change,
  requirementChange,
  requirementKey,
  rollbackChange,
  rollbackKey,
  stageChange,
  statementChange,
} from "./looser.ts";

/** How the statements of a policy are put into those of its template. */
export interface Merging {
  readonly out: Collector;
  /** Inside of `override because "..."`: what loosens is allowed. */
  readonly override: boolean;
  /** How many changes loosened something, or could not be compared. */
  loosened: number;
}

/** Puts what a policy says into what its template says: what may stand several times is added, what may stand once takes the place of the template's. */
export function mergeItems(base: readonly Item[], added: readonly Item[], merging: Merging): Item[] {
  return mergeInto(base, added, (before, after) => mergeItem(before, after, merging));
}

/** What becomes of two statements of one slot: one statement, or both where they can hold together. */
type Merge<Node> = (before: Node, after: Node) => Node | readonly [Node, Node];

/** Statements by slot: the first of a slot that the policy writes meets the template's; a second one is kept, and the check reports it as said twice. */
function mergeInto<Node extends TreeNode>(
  base: readonly Node[],
  added: readonly Node[],
  merge: Merge<Node>,
  admit: (node: Node) => boolean = () => true,
): Node[] {
  const result = [...base];
  const places = new Map<string, number>();
  base.forEach((node, index) => {
    const slot = slotOf(node);
    if (slot !== undefined && !places.has(slot)) places.set(slot, index);
  });
  const met = new Set<string>();
  for (const node of added) {
    const slot = slotOf(node);
    const index = slot === undefined ? undefined : places.get(slot);
    const before = index === undefined ? undefined : result[index];
    if (slot === undefined || index === undefined || before === undefined || met.has(slot)) {
      if (admit(node)) result.push(node);
      continue;
    }
    met.add(slot);
    const merged = merge(before, node);
    if (isPair(merged)) result.push(merged[1]);
    else result[index] = merged;
  }
  return result;
}

function isPair<Node>(merged: Node | readonly [Node, Node]): merged is readonly [Node, Node] {
  return Array.isArray(merged);
}

/** The place of a statement that may stand once in its block; undefined for those that are added. */
function slotOf(node: TreeNode): string | undefined {
  switch (node.kind) {
    case "Prose":
      return node.word.text;
    case "Dataset":
    case "Metric":
    case "Gate":
    case "Stage":
    case "Secret":
    case "Use":
    case "EnvironmentVariable":
    case "ResourceEntry":
      return `${node.kind} ${node.name.text}`;
    case "Validate":
      return `Validate ${node.dataset.text}`;
    case "Column":
      return `Column ${node.name.kind === "Name" ? node.name.text : node.name.value}`;
    case "Step":
      return `Step ${node.step.text}`;
    case "Expect":
      return `Expect ${node.noun.text}`;
    case "Approval":
      return `Approval ${node.group.value}`;
    case "CooldownEntry":
      return `CooldownEntry ${node.outcome.text}`;
    case "Requirement":
      return `Requirement ${requirementKey(node)}`;
    case "RollbackWhen":
      return `RollbackWhen ${rollbackKey(node)}`;
    case "ReferenceWindow":
    case "ReferenceFixed":
      return "reference";
    case "FromEvaluation":
    case "FromPredictions":
    case "FromPrometheus":
    case "FromRegistry":
      return "from";
    case "Freeze":
    case "Override":
    case "Broken":
    case "Schedule":
    case "EventCause":
    case "DataCause":
    case "ConditionCause":
    case "CauseGroup":
    case "RequirementGroup":
    case "NotifyRule":
      return undefined;
    default:
      return node.kind;
  }
}

function mergeItem(before: Item, after: Item, merging: Merging): Item {
  if (before.kind === "Rollout" && after.kind === "Rollout")
    return { ...before, statements: mergeRollout(before.statements, after.statements, merging) };
  if (isBlock(before) && isBlock(after)) {
    const observe = (node: TreeNode): boolean =>
      before.kind !== "Gate" || node.kind !== "ObserveOnly" || judgeObserveOnly(before, node, merging);
    const statements = mergeInto(
      before.statements as readonly TreeNode[],
      after.statements,
      (one, other) => mergeStatement(one, other, merging),
      observe,
    );
    return { ...before, statements } as Item;
  }
  return replaced(before, after, merging);
}

type Block = Model | Dataset | Metric | Trigger | Validate | Step | Gate | Notify;

const blocks: ReadonlySet<string> = new Set([
  "Model",
  "Dataset",
  "Metric",
  "Trigger",
  "Validate",
  "Step",
  "Gate",
  "Notify",
]);

function isBlock(node: Item): node is Block {
  return blocks.has(node.kind);
}

/** `observe only` in a gate of the template takes its word away. */
function judgeObserveOnly(gate: Gate, node: TreeNode, merging: Merging): boolean {
  merging.loosened += 1;
  if (merging.override) return true;
  merging.out.report(
    "template/loosens",
    node.span,
    { after: "observe only", before: `gate ${gate.name.text}`, how: "it would decide nothing" },
    { labels: [{ span: gate.name.span, text: "the template sets this" }] },
  );
  return false;
}

function mergeStatement(before: TreeNode, after: TreeNode, merging: Merging): TreeNode | readonly [TreeNode, TreeNode] {
  if (before.kind === "Stage" && after.kind === "Stage") return mergeStage(before, after, merging);
  if (before.kind === "Requirement" && after.kind === "Requirement")
    return mergeRepeatable(before, after, requirementChange(before, after), merging);
  if (before.kind === "RollbackWhen" && after.kind === "RollbackWhen")
    return mergeRepeatable(before, after, rollbackChange(before, after), merging);
  if (before.kind === "Columns" && after.kind === "Columns") {
    const columns: Columns["columns"] = mergeInto(before.columns, after.columns, (one, other) =>
      replaced(one, other, merging),
    );
    return { ...before, columns };
  }
  if (before.kind === "Cooldown" && after.kind === "Cooldown") {
    const entries: Cooldown["entries"] = mergeInto(before.entries, after.entries, (one, other) =>
      replaced(one, other, merging, [before, after]),
    );
    return { ...before, entries };
  }
  if (before.kind === "Environment" && after.kind === "Environment") {
    const variables: Environment["variables"] = mergeInto(before.variables, after.variables, (_, other) => other);
    return { ...before, variables };
  }
  if (before.kind === "Resources" && after.kind === "Resources") {
    const entries: Resources["entries"] = mergeInto(before.entries, after.entries, (_, other) => other);
    return { ...before, entries };
  }
  if (before.kind === "Use") return before;
  return replaced(before, after, merging);
}

/** A line about the same thing as one of the template: a stricter one takes its place, a looser one is judged, and two that ask different things both hold. */
function mergeRepeatable<Node extends TreeNode>(
  before: Node,
  after: Node,
  change: Change,
  merging: Merging,
): Node | readonly [Node, Node] {
  const mixed = change.unlike !== undefined || (change.looser !== undefined && change.tighter !== undefined);
  if (mixed && !merging.override) return [before, after];
  return judge(before, after, change, merging) ? after : before;
}

/** One statement takes the place of another one, where that is allowed. */
function replaced<Node extends TreeNode>(
  before: Node,
  after: Node,
  merging: Merging,
  shown?: readonly [TreeNode, TreeNode],
): Node {
  return judge(before, after, statementChange(before, after), merging, shown) ? after : before;
}

/** Whether a change is allowed; reports one that is not, with both places and both values. */
function judge(
  before: TreeNode,
  after: TreeNode,
  change: Change,
  merging: Merging,
  [wasShown, isShown]: readonly [TreeNode, TreeNode] = [before, after],
): boolean {
  const how = change.looser ?? change.unlike;
  if (how === undefined) return true;
  merging.loosened += 1;
  if (merging.override) return true;
  const labels = [{ span: before.span, text: "the template sets this" }];
  const written = { after: shown(isShown), before: shown(wasShown) };
  if (change.looser === undefined) merging.out.report("template/changes", after.span, { ...written, how }, { labels });
  else merging.out.report("template/loosens", after.span, { ...written, how }, { labels });
  return false;
}

/** A stage is its header and its lines; words that the policy leaves out stay as the template has them. */
function mergeStage(before: Stage, after: Stage, merging: Merging): Stage {
  const allowed = judge(before, after, stageChange(before, after), merging);
  const statements = mergeInto(
    before.statements,
    after.statements,
    (one, other) => mergeStatement(one, other, merging) as Stage["statements"][number],
  );
  const { traffic, stay, atLeast, checkEvery, watch, keepChampion } = after;
  if (!allowed) return { ...before, statements };
  return {
    ...before,
    ...(traffic === undefined ? {} : { traffic }),
    ...(stay === undefined ? {} : { stay }),
    ...(atLeast === undefined ? {} : { atLeast }),
    ...(checkEvery === undefined ? {} : { checkEvery }),
    ...(watch === undefined ? {} : { watch }),
    ...(keepChampion === undefined ? {} : { keepChampion }),
    statements,
  };
}

/**
 * Lines of a rollout. A stage or an approval that the template does not have is put before the next one of the policy's block
 * that the template has; without such a one after the one before it; without any, a stage by its share and an approval before
 * the promotion.
 */
function mergeRollout(
  base: readonly RolloutStatement[],
  added: readonly RolloutStatement[],
  merging: Merging,
): readonly RolloutStatement[] {
  const slots = new Set(base.flatMap((node) => slotOf(node) ?? []));
  const isNew = (node: RolloutStatement): node is Stage | Approval =>
    (node.kind === "Stage" || node.kind === "Approval") && !slots.has(slotOf(node) ?? "");
  const result = mergeInto(
    base,
    added.filter((node) => !isNew(node)),
    (one, other) =>
      mergeStatement(one, other, merging) as RolloutStatement | readonly [RolloutStatement, RolloutStatement],
  );
  const placed = new Map<string, RolloutStatement>();
  for (const node of result) {
    const slot = slotOf(node);
    if (slot !== undefined && !placed.has(slot)) placed.set(slot, node);
  }
  const ordered = added.filter((node) => node.kind === "Stage" || node.kind === "Approval");
  ordered.forEach((node, index) => {
    if (!isNew(node)) return;
    const find = (others: readonly RolloutStatement[]) =>
      others.flatMap((other) => placed.get(slotOf(other) ?? "") ?? [])[0];
    const next = find(ordered.slice(index + 1));
    const previous = find(ordered.slice(0, index).reverse());
    const at =
      next !== undefined
        ? result.indexOf(next)
        : previous !== undefined
          ? result.indexOf(previous) + 1
          : placeByShare(node, result);
    result.splice(at, 0, node);
    placed.set(slotOf(node) ?? "", node);
  });
  return result;
}

function placeByShare(node: Stage | Approval, stages: readonly RolloutStatement[]): number {
  const share = node.kind === "Stage" && node.traffic?.mode.text === "mirror" ? 0 : shareOf(node);
  const index = stages.findIndex(
    (stage) =>
      stage.kind === "Stage" &&
      stage.traffic?.mode.text === "traffic" &&
      (node.kind === "Approval" ? shareOf(stage) === 1 : shareOf(stage) > share),
  );
  return index < 0 ? stages.length : index;
}

function shareOf(node: Stage | Approval): number {
  const share = node.kind === "Stage" ? node.traffic?.share : undefined;
  return share?.kind === "Quantity" && Number.isFinite(share.value) ? share.value : 0;
}

/** A statement on one line, as the formatter writes it. */
function shown(node: TreeNode): string {
  if (node.kind === "Stage") return [`stage ${node.name.text}`, stageHeader(node)?.text].filter(Boolean).join(" ");
  if (node.kind === "Requirement") return `${node.level.text} ${requirementBody(node)}`;
  if (node.kind === "RollbackWhen") return `rollback when ${rollbackBody(node)}`;
  const { key, rest } = printLine(node as OneLiner, (text) => text.raw);
  return rest === "" ? key : `${key} ${rest}`;
}
