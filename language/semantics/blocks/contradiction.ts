import { condition as conditionText } from "../../format/print-values.ts";
import type { CheckedTest } from "../checked/condition.ts";
import type { Collector } from "../collector.ts";
import { sameMeasure } from "../condition.ts";
import type { ReadRequirement } from "./requirement.ts";

/** The values that satisfy a test, as an interval; `open` ends are not part of it. */
interface Allowed {
  readonly low: number;
  readonly high: number;
  readonly lowOpen: boolean;
  readonly highOpen: boolean;
}

function allowedBy(test: CheckedTest): Allowed | undefined {
  const all = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY, lowOpen: false, highOpen: false };
  if (test.kind === "range") return { ...all, low: test.low, high: test.high };
  if (test.kind !== "threshold") return undefined;
  switch (test.relation) {
    case ">=":
      return { ...all, low: test.limit };
    case ">":
      return { ...all, low: test.limit, lowOpen: true };
    case "<=":
      return { ...all, high: test.limit };
    case "<":
      return { ...all, high: test.limit, highOpen: true };
    case "==":
      return { ...all, low: test.limit, high: test.limit };
    case "!=":
      return undefined;
  }
}

/** Reports deciding requirements on the same number that no value can satisfy together. Members of groups are left out: not all of them must hold. */
export function refuseContradictions(read: readonly ReadRequirement[], out: Collector): void {
  const single = read.filter(
    ({ checked }) => checked.role === "require" && checked.id.split(".").length === 3 && checked.forEach === undefined,
  );
  single.forEach((second, index) => {
    for (const first of single.slice(0, index)) {
      if (first.measured === undefined || second.measured === undefined) continue;
      if (!sameMeasure(first.measured.measure, second.measured.measure)) continue;
      const left = allowedBy(first.checked.test);
      const right = allowedBy(second.checked.test);
      if (left === undefined || right === undefined) continue;
      if (overlap(left, right)) {
        lintImplied(first, second, left, right, out);
        continue;
      }
      out.report(
        "gate/contradiction",
        second.node.condition.span,
        { first: conditionText(first.node.condition), second: conditionText(second.node.condition) },
        { labels: [{ span: first.node.condition.span, text: "required here" }] },
      );
      return;
    }
  });
}

/** Of two requirements at the same level, one of which asks for less, only the other decides. */
function lintImplied(
  first: ReadRequirement,
  second: ReadRequirement,
  left: Allowed,
  right: Allowed,
  out: Collector,
): void {
  if (levelOf(first) !== levelOf(second)) return;
  const [stricter, weaker] = inside(left, right) ? [first, second] : inside(right, left) ? [second, first] : [];
  if (stricter === undefined || weaker === undefined) return;
  out.report(
    "gate/implied",
    weaker.node.condition.span,
    { weaker: conditionText(weaker.node.condition), stricter: conditionText(stricter.node.condition) },
    {
      labels: [{ span: stricter.node.condition.span, text: "asks for more" }],
      fixes: [{ label: "remove it", edits: [{ span: weaker.node.span, text: "" }] }],
    },
  );
}

function levelOf({ checked: { test } }: ReadRequirement): number | undefined {
  return test.kind === "schema" ? undefined : test.confidence;
}

/** Whether every value of one interval lies in the other. */
function inside(inner: Allowed, outer: Allowed): boolean {
  const low = inner.low > outer.low || (inner.low === outer.low && (inner.lowOpen || !outer.lowOpen));
  const high = inner.high < outer.high || (inner.high === outer.high && (inner.highOpen || !outer.highOpen));
  return low && high;
}

function overlap(left: Allowed, right: Allowed): boolean {
  const low = Math.max(left.low, right.low);
  const high = Math.min(left.high, right.high);
  if (low < high) return true;
  if (low > high) return false;
  const lowOpen = (left.low === low && left.lowOpen) || (right.low === low && right.lowOpen);
  const highOpen = (left.high === high && left.highOpen) || (right.high === high && right.highOpen);
  return !lowOpen && !highOpen;
}
