import type { Finding, FindingGroup } from "../judge/finding.ts";
import { count } from "../judge/quantity.ts";
import { binChart, binRows } from "./bins.ts";
import { figuresOf, passingSide } from "./figures.ts";
import { forest } from "./forest.ts";

export const VERDICT_WORDS = { pass: "pass", fail: "fail", inconclusive: "inconclusive", skipped: "skipped" } as const;

/** Signs beside the words, so that nothing is said by colour alone. */
export const VERDICT_SIGNS = { pass: "\u2713", fail: "\u2717", inconclusive: "?", skipped: "\u2013" } as const;

/** What a table shows of a number: how it is written, and exactly. The templates are strict: every field is there, empty where there is nothing. */
interface Shown {
  readonly text: string;
  readonly exact: string;
}

const NOTHING: Shown = { text: "", exact: "" };

function cells(finding: Finding, shared?: readonly [number, number]) {
  const { estimate, bound, interval, verdict, n } = finding;
  const figures = figuresOf(finding);
  const shown = (value: number | null | undefined): Shown =>
    value === undefined || value === null ? NOTHING : { text: figures.value(value), exact: String(value) };
  const side = passingSide(finding.text);
  const low = shown(interval?.low);
  const high = shown(interval?.high);
  return {
    verdict,
    verdictWord: VERDICT_WORDS[verdict],
    verdictSign: VERDICT_SIGNS[verdict],
    sentence: finding.sentence,
    value: shown(estimate),
    bound: shown(bound),
    distance: estimate === undefined || bound === undefined ? "" : distance(estimate - bound, side, figures.change),
    interval: interval === undefined ? "" : `${low.text || "-\u221e"} to ${high.text || "\u221e"}`,
    level: interval === undefined ? "" : `one-sided ${Number((interval.level * 100).toPrecision(4))} %`,
    forest:
      estimate === undefined || (interval === undefined && bound === undefined)
        ? ""
        : forest({
            estimate,
            interval,
            bound,
            fails: side === undefined ? undefined : side === "above" ? "below" : "above",
            write: figures.value,
            shared,
          }),
    n: n === undefined ? NOTHING : { text: count(n), exact: String(n) },
  };
}

/** How far the value is from its bound; with a sign where the passing side is known: plus is inside. */
function distance(difference: number, side: "above" | "below" | undefined, change: (amount: number) => string): string {
  if (side === undefined) return change(difference);
  const inside = side === "above" ? difference : -difference;
  return `${inside < 0 ? "-" : "+"}${change(difference)}`;
}

const RANK = { fail: 0, inconclusive: 1, skipped: 2, pass: 3 } as const;

/** Slices by worst: failing, then open, then the others, each by how near they are to the failing side. */
function slicesOf(finding: Finding, most: number) {
  const sign = passingSide(finding.text) === "below" ? -1 : 1;
  const standing = (slice: Finding) =>
    slice.estimate === undefined || slice.bound === undefined
      ? Number.NEGATIVE_INFINITY
      : sign * (slice.estimate - slice.bound);
  const all = [...(finding.slices ?? [])].sort(
    (one, other) => RANK[one.verdict] - RANK[other.verdict] || compare(standing(one), standing(other)),
  );
  const notPassing = all.filter((slice) => slice.verdict !== "pass").length;
  const left = Math.max(0, all.length - most);
  const ends = all.flatMap(({ estimate, bound, interval }) => [estimate, bound, interval?.low, interval?.high]);
  const numbers = ends.filter((end) => typeof end === "number");
  const axis = [Math.min(...numbers), Math.max(...numbers)] as const;
  return {
    rows: all.slice(0, most).map((slice) => ({
      slice: slice.slice === "" ? "(missing)" : slice.slice,
      ...cells({ ...slice, text: finding.text }, axis),
    })),
    summary: `${all.length} slices: ${notPassing === 0 ? "all pass" : `${notPassing} not passing`}`,
    left: left === 0 ? "" : `${left} more slices are not shown; the ledger's record holds all of them.`,
    open: notPassing > 0,
  };
}

function compare(one: number, other: number): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** One requirement as the page shows it; at most `most` of its slices. */
export function findingView(finding: Finding, group: FindingGroup | undefined, most: number) {
  const { bins, method, reason, flip, noiseBound, values, role, text } = finding;
  const figures = figuresOf(finding);
  const slices = slicesOf(finding, most);
  const member = group === undefined ? "" : `at least ${group.atLeast} of ${group.members.length}`;
  return {
    ...cells(finding),
    role: role === "require" ? "" : role,
    member,
    text,
    reason: reason === undefined ? "" : reason.replaceAll("_", " "),
    method: method ?? "",
    flip: flip ?? "",
    sides: [
      ...Object.entries(values ?? {}).map(([name, amount]) => ({
        name,
        value: figures.side(name, amount),
        exact: String(amount),
      })),
      ...(noiseBound === undefined
        ? []
        : [{ name: "sampling alone", value: `up to ${figures.value(noiseBound)}`, exact: String(noiseBound) }]),
    ],
    slices: slices.rows,
    sliceSummary: slices.summary,
    slicesLeft: slices.left,
    slicesOpen: slices.open,
    bins: bins === undefined ? [] : binRows(bins, method),
    binChart: bins === undefined ? "" : binChart(bins),
    isPsi: method === "psi",
  };
}
