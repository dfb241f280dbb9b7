import type { Fix } from "../../diagnostics/diagnostic.ts";
import type { Stage } from "../../syntax/tree.ts";
import type { Span } from "../../text/source.ts";
import type { CheckedStage } from "../checked/rollout.ts";
import type { Collector } from "../collector.ts";
import { quantileSamples } from "../sample-size.ts";
import type { Scope } from "../scope.ts";
import { duration, grouped, percent, plain } from "../wording.ts";
import { needOfRate } from "./rate-needs.ts";
import type { ReadRequirement } from "./requirement.ts";
import type { ReadStage } from "./stage.ts";

/** How many of something a stage needs before it can decide. */
export interface Need {
  readonly what: string;
  /** The fewest that can decide at all. */
  readonly least: number;
  /** The same at another share, where the champion's part of the traffic matters. */
  readonly leastAt?: (share: number) => number;
  /** What it takes at usual error rates, where that is known. */
  readonly usual?: readonly { readonly rate: number; readonly count: number }[];
  /** A full sentence. */
  readonly why: string;
  readonly span: Span;
  /** A change of the requirement itself that makes `available` enough. */
  readonly ask?: (available: number) => Fix | undefined;
}

/** Where a stage stands: its line, what is known about it, and the share of the stage after it. */
interface Place {
  readonly node: Stage;
  readonly stage: CheckedStage;
  readonly stay: number;
  readonly nextShare: number;
  readonly of: "requests" | "pairs";
}

const saysSo = "Its `at least` asks for them.";
const hour = 3_600_000;

/**
 * Reports stages that can never collect what they need, against expected requests x share x longest stay, and what would help: a larger
 * share, a longer stay, a wider margin. Without an expected load, what is needed is said and which line would tell the load.
 */
export function checkFeasibility(stages: readonly ReadStage[], rate: number | undefined, scope: Scope): void {
  stages.forEach((read, index) => {
    const { stage, node } = read;
    if (stage === undefined || stage.kind === "approval" || node.kind !== "Stage") return;
    const full = stage.share === 1 && stage.kind === "live";
    const next = stages.slice(index + 1).find((later) => later.stage?.kind === "live");
    const place: Place = {
      node,
      stage,
      stay: full ? Math.max(stage.atMost, stage.watch ?? 0) : stage.atMost,
      nextShare: stage.kind === "live" ? (next?.stage?.share ?? 1) : 1,
      of: stage.kind === "shadow" ? "pairs" : "requests",
    };
    for (const need of needsOf(read, place)) report(need, place, rate, scope.out);
    if (full) refuseWithoutChampion(read.read, scope.out);
    for (const one of read.read) warnOfSmallMinimum(one, place, scope.out);
  });
}

function report(need: Need, place: Place, rate: number | undefined, out: Collector): void {
  const { stage, stay, of } = place;
  const table = tableOf(need);
  if (rate === undefined) {
    if (need.why === saysSo || Math.max(need.least, need.usual?.at(-1)?.count ?? 0) <= 100) return;
    const needed = `${grouped(need.least)} ${of} or more`;
    out.report("rollout/count-unknown", need.span, { what: need.what, needed, why: `${need.why}${table}` });
    return;
  }
  const available = Math.floor(rate * (stay / 1000) * stage.share);
  const sum = `${grouped(Math.round(rate * 86_400))} requests a day x ${percent(stage.share)} x ${duration(stay)}`;
  const most = need.usual?.at(-1);
  if (available >= need.least) {
    if (most === undefined || available >= most.count) return;
    out.report("rollout/may-not-conclude", need.span, {
      what: need.what,
      available: `${grouped(available)} ${of}`,
      sum,
      rate: percent(most.rate),
      needed: grouped(most.count),
      table: table.trim(),
    });
    return;
  }
  const fixes = fixesOf(need, place, rate, available);
  out.report(
    "rollout/cannot-conclude",
    need.span,
    {
      what: need.what,
      needed: `${grouped(need.least)} ${of}`,
      available: grouped(available),
      sum,
      why: `${need.why}${table}`,
      ways: fixes.map(({ label }) => label),
    },
    { fixes },
  );
}

/** ` At error rates of 0.1%, 0.5% and 1% it takes about 1_485, 7_388 and 14_702.` */
function tableOf({ usual }: Need): string {
  if (usual === undefined || usual.length === 0) return "";
  const and = (words: readonly string[]) =>
    words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1) ?? ""}`;
  const rates = and(usual.map((one) => percent(one.rate)));
  const counts = and(usual.map((one) => grouped(one.count)));
  return ` At error rates of ${rates} it takes about ${counts}.`;
}

/** The three ways out: share, MAX, and what is asked for. Only those that lead out are offered. */
function fixesOf(need: Need, { node, stage, stay, nextShare }: Place, rate: number, available: number): Fix[] {
  const fixes: Fix[] = [];
  const percents = Array.from({ length: 100 }, (_, index) => (index + 1) / 100);
  const share = percents.find((one) => rate * (stay / 1000) * one >= (need.leastAt?.(one) ?? need.least));
  if (node.traffic !== undefined && share !== undefined && (stage.kind === "shadow" || share < nextShare)) {
    const text = percent(share);
    fixes.push({
      label: `write \`${node.traffic.mode.text} ${text}\``,
      edits: [{ span: node.traffic.share.span, text }],
    });
  }
  const longer = Math.ceil(need.least / (rate * stage.share) / 3600) * hour;
  const high = node.stay?.high;
  if (high !== undefined && longer <= 30 * 24 * hour && longer > stay) {
    const text = longer % (24 * hour) === 0 ? `${longer / (24 * hour)}d` : `${longer / hour}h`;
    fixes.push({ label: `let the stage last up to ${text}`, edits: [{ span: high.span, text }] });
  }
  const asked = need.ask?.(available);
  if (asked !== undefined) fixes.push(asked);
  return fixes;
}

function needsOf({ read, node }: ReadStage, place: Place): Need[] {
  const { stage } = place;
  const needs: Need[] = [];
  if (stage.minimum !== undefined && node.kind === "Stage" && node.atLeast !== undefined) {
    const { count } = node.atLeast;
    needs.push({
      what: `stage \`${stage.name}\``,
      least: stage.minimum.count,
      why: saysSo,
      span: node.atLeast.span,
      ask: (available) =>
        available < 1
          ? undefined
          : {
              label: `ask for ${grouped(available)}`,
              edits: [{ span: count.span, text: grouped(available) }],
            },
    });
  }
  for (const requirement of read) {
    if (requirement.checked.role !== "require") continue;
    const need = needOfQuantile(requirement) ?? needOfRate(requirement, stage);
    if (need !== undefined) needs.push(need);
  }
  return needs;
}

/** The level of a quantile that a requirement asks a bound of. */
function quantileOf({ checked }: ReadRequirement): number | undefined {
  const { test } = checked;
  if (test.kind !== "threshold" && test.kind !== "range") return undefined;
  if (test.measure.kind === "quantile") return test.measure.quantile;
  if (test.measure.kind !== "prometheus" || test.measure.form.kind !== "bucket_quantile") return undefined;
  return test.measure.form.quantile;
}

function needOfQuantile(requirement: ReadRequirement): Need | undefined {
  const { checked, node } = requirement;
  const q = quantileOf(requirement);
  if (q === undefined) return undefined;
  const level = (checked.test.kind === "threshold" ? checked.test.confidence : undefined) ?? 0.95;
  return {
    what: `\`${checked.text}\``,
    least: quantileSamples(q, level),
    why: `A ${percent(level)} bound of the ${plain(q * 100)}% quantile takes that many.`,
    span: node.condition.span,
  };
}

/** A stage may end at its minimum, and below the fewest that bound the quantile it would end without an answer. */
function warnOfSmallMinimum(requirement: ReadRequirement, { stage, node }: Place, out: Collector): void {
  const q = quantileOf(requirement);
  const { minimum } = stage;
  if (q === undefined || minimum === undefined || node.atLeast === undefined) return;
  const needed = quantileSamples(q, 0.95);
  if (minimum.count >= needed) return;
  out.report(
    "rollout/minimum-below-quantile",
    node.atLeast.span,
    {
      measure: requirement.measured?.text ?? "",
      minimum: grouped(minimum.count),
      needed: grouped(needed),
      of: minimum.of,
    },
    {
      labels: [{ span: requirement.node.condition.span, text: "needs more" }],
      fixes: [
        { label: `write \`${grouped(needed)}\``, edits: [{ span: node.atLeast.count.span, text: grouped(needed) }] },
      ],
    },
  );
}

/** At 100 % the champion answers nothing, so there is nothing to compare with. */
function refuseWithoutChampion(read: readonly ReadRequirement[], out: Collector): void {
  for (const { checked, node } of read) {
    const { test } = checked;
    if (test.kind !== "comparison" || !("party" in test.right) || test.right.party !== "champion") continue;
    if (test.left.kind !== "live_rate" && test.left.kind !== "prometheus" && test.left.kind !== "quantile") continue;
    out.report("rollout/no-champion-traffic", node.condition.span, { text: checked.text });
  }
}
