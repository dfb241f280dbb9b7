import { scaleLinear } from "d3-scale";
import type { Interval } from "../judge/finding.ts";

const WIDTH = 160;
const HEIGHT = 22;
const MIDDLE = HEIGHT / 2;

/** Estimate, interval and bound of one requirement on a small axis, as SVG without any text from outside. Empty where there is nothing to draw. */
export function forest(
  estimate: number | undefined,
  interval: Interval | undefined,
  bound: number | undefined,
): string {
  const low = interval?.low ?? undefined;
  const high = interval?.high ?? undefined;
  const shown = [estimate, low, high, bound].filter((value) => value !== undefined);
  const least = Math.min(...shown);
  const most = Math.max(...shown);
  if (estimate === undefined || shown.length < 2 || !(most > least)) return "";
  const room = (most - least) * 0.12;
  const x = scaleLinear([least - room, most + room], [0, WIDTH]);
  const at = (value: number) => x(value).toFixed(1);
  const parts = [`<line class="axis" x1="0" y1="${MIDDLE}" x2="${WIDTH}" y2="${MIDDLE}"/>`];
  if (interval !== undefined) {
    const from = low === undefined ? "0" : at(low);
    const to = high === undefined ? String(WIDTH) : at(high);
    parts.push(`<line class="range" x1="${from}" y1="${MIDDLE}" x2="${to}" y2="${MIDDLE}"/>`);
    for (const end of [low, high]) {
      if (end !== undefined)
        parts.push(`<line class="range" x1="${at(end)}" y1="${MIDDLE - 4}" x2="${at(end)}" y2="${MIDDLE + 4}"/>`);
    }
  }
  if (bound !== undefined)
    parts.push(`<line class="limit" x1="${at(bound)}" y1="0" x2="${at(bound)}" y2="${HEIGHT}"/>`);
  parts.push(`<circle class="point" cx="${at(estimate)}" cy="${MIDDLE}" r="3.5"/>`);
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" aria-hidden="true">${parts.join("")}</svg>`;
}

/** Shares of the bins of a drift test, reference beside current, as SVG. The table beside it holds the same numbers. */
export function binChart(bins: readonly { readonly reference: number; readonly current: number }[]): string {
  const sum = (side: "reference" | "current") => bins.reduce((total, bin) => total + bin[side], 0) || 1;
  const shares = bins.map((bin) => ({
    reference: bin.reference / sum("reference"),
    current: bin.current / sum("current"),
  }));
  const top = Math.max(...shares.flatMap((share) => [share.reference, share.current]), 1e-9);
  const height = scaleLinear([0, top], [0, 90]);
  const step = 36;
  const bar = (kind: string, x: number, share: number) => {
    const tall = height(share);
    return `<rect class="${kind}" x="${x}" y="${(95 - tall).toFixed(1)}" width="14" height="${tall.toFixed(1)}"/>`;
  };
  const bars = shares.map(
    (share, index) =>
      bar("reference", index * step + 4, share.reference) + bar("current", index * step + 19, share.current),
  );
  const width = bins.length * step;
  return `<svg viewBox="0 0 ${width} 100" width="${width}" height="100" aria-hidden="true"><line class="axis" x1="0" y1="95" x2="${width}" y2="95"/>${bars.join("")}</svg>`;
}
