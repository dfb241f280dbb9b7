import { condition as conditionText } from "../../format/print-values.ts";
import type { AtLeast, OnInconclusive, Quantifier, Requirement, RequirementGroup } from "../../syntax/tree.ts";
import type {
  CheckedMinimum,
  CheckedOnInconclusive,
  CheckedRequirement,
  CheckedRequirementGroup,
  CheckedRequirementItem,
  CountNoun,
} from "../checked/condition.ts";
import type { Collector } from "../collector.ts";
import { checkCondition } from "../condition.ts";
import { readCount, readDuration } from "../quantity.ts";
import { findColumn, type Scope } from "../scope.ts";
import { type Resolved, type Site, siteName } from "../site.ts";
import { canBeSliced, isSliceable, readGroups, sliceProblem } from "./groups.ts";

/** A requirement that was understood, with what it measures: what later checks of the whole block need. */
export interface ReadRequirement {
  readonly checked: CheckedRequirement;
  readonly node: Requirement;
  readonly measured?: Resolved;
}

/** Checks one line of a gate, a stage or `validate`. `id` is its place in the policy, such as `gate.offline.1`. */
function checkRequirement(node: Requirement, id: string, site: Site, scope: Scope): ReadRequirement | undefined {
  const { out } = scope;
  const soft = site.place === "validate" ? "warn" : "advisory";
  const role = node.level.text;
  if (role !== "require" && role !== soft) {
    out.report(
      "gate/wrong-level",
      node.level.span,
      { written: role, place: siteName(site), right: soft },
      { fixes: [{ label: `write \`${soft}\``, edits: [{ span: node.level.span, text: soft }] }] },
    );
  }
  const condition = checkCondition(node.condition, site, id, scope);
  const measured = condition?.measured;
  const forEach = node.forEach && checkForEach(node.forEach, measured, site, scope);
  const qualifiers = checkQualifiers(node, measured, site, scope);
  if (condition === undefined || (node.forEach !== undefined && forEach === undefined)) return undefined;
  const checked: CheckedRequirement = {
    kind: "requirement",
    id,
    role,
    text: `${forEach === undefined ? "" : `for each ${forEach}: `}${conditionText(node.condition)}`,
    span: node.span,
    test: condition.test,
    ...(forEach === undefined ? {} : { forEach }),
    ...qualifiers,
  };
  return measured === undefined ? { checked, node } : { checked, node, measured };
}

function checkForEach(
  column: NonNullable<Requirement["forEach"]>,
  measured: Resolved | undefined,
  site: Site,
  scope: Scope,
): string | undefined {
  if (site.dataset === undefined) return undefined;
  if (!findColumn(column, site.dataset, scope)) return undefined;
  if (measured !== undefined && !canBeSliced(measured.measure.kind, site.place)) {
    return scope.out.report("gate/no-slices", column.span, {
      measure: measured.text,
      column: column.text,
      why: sliceProblem(measured),
    });
  }
  return isSliceable(column, site.dataset, scope) ? column.text : undefined;
}

interface Qualifiers {
  readonly minimum?: CheckedMinimum;
  readonly clusteredBy?: string;
  readonly pool?: CheckedMinimum;
  readonly exclude?: readonly { readonly group: string; readonly because: string }[];
}

function checkQualifiers(node: Requirement, measured: Resolved | undefined, site: Site, scope: Scope): Qualifiers {
  const { out } = scope;
  let read: Qualifiers = {};
  const seen = new Set<string>();
  for (const qualifier of node.qualifiers) {
    if (seen.has(qualifier.kind)) {
      out.report("policy/repeated", qualifier.span, { what: "this qualifier", where: "one requirement" });
      continue;
    }
    if (qualifier.kind !== "Exclude") seen.add(qualifier.kind);
    if (qualifier.kind === "Exclude" || qualifier.kind === "PoolGroups") {
      const groups = readGroups(qualifier, node, measured, site, scope);
      if (groups !== undefined) {
        read = { ...read, ...groups, exclude: [...(read.exclude ?? []), ...(groups.exclude ?? [])] };
      }
    }
    if (qualifier.kind === "AtLeast") {
      const minimum = checkMinimum(qualifier, measured, site, out);
      if (minimum !== undefined) read = { ...read, minimum };
    }
    if (qualifier.kind === "ClusteredBy") {
      if (site.place !== "gate") {
        out.report("type/qualifier", qualifier.span, {
          qualifier: "clustered by",
          why: "only gates judge rows that can belong together",
        });
      } else if (site.dataset !== undefined && findColumn(qualifier.column, site.dataset, scope)) {
        read = { ...read, clusteredBy: qualifier.column.text };
      }
    }
  }
  const { exclude, ...others } = read;
  return exclude === undefined || exclude.length === 0 ? others : { ...others, exclude };
}

/** What the sample of each kind of measure counts. */
export function nounsOf(measured: Resolved): readonly CountNoun[] {
  switch (measured.measure.kind) {
    case "prediction":
      return ["rows", "positives", "negatives"];
    case "evaluation":
      return ["rows"];
    case "live_rate":
      return ["requests"];
    case "quantile":
      return ["requests", "pairs", "rows"];
    case "pairs":
      return ["pairs"];
    case "data":
    case "drift":
    case "share_drifted":
    case "registry":
      return ["rows"];
    case "fairness":
      return ["rows", "positives", "negatives"];
    case "score_drift":
      return ["rows", "pairs"];
    case "prometheus":
      return ["requests"];
  }
}

function checkMinimum(
  qualifier: AtLeast,
  measured: Resolved | undefined,
  site: Site,
  out: Collector,
): CheckedMinimum | undefined {
  const count = readCount(qualifier.count, "`at least`", out);
  const noun = qualifier.noun.text;
  const nouns = measured === undefined ? undefined : nounsOf(measured);
  const known = nouns?.find((candidate) => candidate === noun);
  if (nouns !== undefined && known === undefined) {
    const text = nouns[0] ?? "rows";
    return out.report(
      "type/qualifier",
      qualifier.noun.span,
      { qualifier: `at least ... ${noun}`, why: `\`${measured?.text ?? ""}\` is measured on ${nouns.join(", ")}` },
      { fixes: [{ label: `write \`${text}\``, edits: [{ span: qualifier.noun.span, text }] }] },
    );
  }
  if (noun === "rows" && measured?.divides !== undefined && site.place === "gate") {
    out.report(
      "type/rows-for-events",
      qualifier.span,
      { measure: measured.text, noun: measured.divides },
      {
        fixes: [
          { label: `write \`${measured.divides}\``, edits: [{ span: qualifier.noun.span, text: measured.divides }] },
        ],
      },
    );
  }
  return count === undefined || known === undefined ? undefined : { count, of: known };
}

/** How many members of a group must hold; reports a number that no group of that size can reach. */
export function groupCount(
  quantifier: Quantifier,
  members: number,
  code: "gate/group-count" | "trigger/group-count",
  out: Collector,
): number | undefined {
  if (quantifier.word === "any") return 1;
  if (quantifier.word === "all") return members;
  const wanted = quantifier.count;
  if (wanted === undefined || wanted.unit === "bad") return undefined;
  if (wanted.unit === "number" && Number.isInteger(wanted.value) && wanted.value >= 1 && wanted.value <= members)
    return wanted.value;
  return out.report(code, wanted.span, { wanted: wanted.raw, members });
}

/** Checks the requirements and groups of a block. Ids count all lines of the block from 1 after `before`, so that they stay when one is wrong. */
export function checkRequirements(
  nodes: readonly (Requirement | RequirementGroup)[],
  block: string,
  site: Site,
  scope: Scope,
  before = 0,
): { readonly items: CheckedRequirementItem[]; readonly read: ReadRequirement[] } {
  const items: CheckedRequirementItem[] = [];
  const read: ReadRequirement[] = [];
  nodes.forEach((node, index) => {
    const id = `${block}.${before + index + 1}`;
    if (node.kind === "Requirement") {
      const one = checkRequirement(node, id, site, scope);
      if (one === undefined) return;
      read.push(one);
      items.push(one.checked);
      return;
    }
    const members = node.requirements.filter((member): member is Requirement => member.kind === "Requirement");
    const inside = members.map((member, at) => checkRequirement(member, `${id}.${at + 1}`, site, scope));
    const good = inside.filter((member): member is ReadRequirement => member !== undefined);
    read.push(...good);
    const atLeast = groupCount(node.quantifier, members.length, "gate/group-count", scope.out);
    if (atLeast === undefined || good.length === 0) return;
    const group: CheckedRequirementGroup = {
      kind: "group",
      id,
      atLeast,
      members: good.map((member) => member.checked),
      span: node.span,
    };
    items.push(group);
  });
  return { items, read };
}

/** Checks `on inconclusive`. */
export function checkOnInconclusive(node: OnInconclusive, out: Collector): CheckedOnInconclusive | undefined {
  switch (node.action.text) {
    case "block":
      return { action: "block" };
    case "proceed":
      if (node.because === undefined) return undefined;
      if (node.because.value.trim().length < 10)
        return out.report("gate/proceed-without-reason", node.because.span, {});
      return { action: "proceed", because: node.because.value };
    case "hold": {
      const length = node.length && readDuration(node.length, "`hold`", out);
      if (length === undefined || node.then === undefined) return undefined;
      // biome-ignore lint/suspicious/noThenProperty: the language's own word; never awaited.
      return { action: "hold", for: length, then: node.then.text };
    }
  }
}
