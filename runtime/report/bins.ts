import { scaleLinear } from "d3-scale";
import type { Finding } from "../judge/finding.ts";
import { count, quantity } from "../judge/quantity.ts";

type Bins = NonNullable<Finding["bins"]>;

const HEIGHT = 96;
const STEP = 36;

/** A bin as a table shows it. */
export interface BinRow {
  readonly label: string;
  readonly reference: string;
  readonly referenceShare: string;
  readonly current: string;
  readonly currentShare: string;
  /** What the bin adds to the population stability index; empty for another test. */
  readonly adds: string;
}

const total = (bins: Bins, side: "reference" | "current") => bins.reduce((sum, bin) => sum + bin[side], 0);

/** Bins with their shares and, for `psi`, with what each adds to the whole: (a - e) ln(a / e) over shares after adding 0.5 to every count that is not zero on both sides. */
export function binRows(bins: Bins, method: string | undefined): readonly BinRow[] {
  const kept = bins.filter((bin) => bin.reference + bin.current > 0).length;
  const [before, now] = [total(bins, "reference"), total(bins, "current")];
  return bins.map(({ label, reference, current }) => {
    const e = (reference + 0.5) / (before + 0.5 * kept);
    const a = (current + 0.5) / (now + 0.5 * kept);
    const isEmpty = reference + current === 0;
    return {
      label,
      reference: count(reference),
      referenceShare: quantity(reference / (before || 1), "ratio"),
      current: count(current),
      currentShare: quantity(current / (now || 1), "ratio"),
      adds: method === "psi" ? (isEmpty ? "0" : ((a - e) * Math.log(a / e)).toFixed(4)) : "",
    };
  });
}

/** Shares of the bins of a drift test, reference beside current, as SVG. The table beside it holds the same numbers. */
export function binChart(bins: Bins): string {
  const [before, now] = [total(bins, "reference") || 1, total(bins, "current") || 1];
  const shares = bins.map((bin) => ({ reference: bin.reference / before, current: bin.current / now }));
  const top = Math.max(...shares.flatMap((share) => [share.reference, share.current]), 1e-9);
  const height = scaleLinear([0, top], [0, HEIGHT - 6]);
  const bar = (kind: string, x: number, share: number) => {
    const tall = height(share);
    return `<rect class="${kind}" x="${x}" y="${(HEIGHT - tall).toFixed(1)}" width="13" height="${tall.toFixed(1)}" rx="1.5"/>`;
  };
  const bars = shares.map(({ reference, current }, index) => {
    const x = index * STEP;
    return bar("reference", x + 4, reference) + bar("current", x + 19, current);
  });
  const width = bins.length * STEP;
  const axis = `<line class="axis" x1="0" y1="${HEIGHT}" x2="${width}" y2="${HEIGHT}"/>`;
  return `<svg class="bin-chart" viewBox="0 0 ${width} ${HEIGHT + 1}" width="${width}" aria-hidden="true">${bars.join("")}${axis}</svg>`;
}
