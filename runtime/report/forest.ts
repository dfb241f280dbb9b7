import { scaleLinear } from "d3-scale";
import type { Interval } from "../judge/finding.ts";

const WIDTH = 220;
const MIDDLE = 13;
const HEIGHT = 40;

/** What a forest plot shows. All numbers are finite. */
export interface Plotted {
  readonly estimate: number;
  readonly interval?: Interval | undefined;
  readonly bound?: number | undefined;
  /** Side of the bound on which the requirement fails: it is shaded. */
  readonly fails?: "above" | "below" | undefined;
  /** How a number on the axis is written; only digits, signs and units. */
  readonly write: (amount: number) => string;
  /** Lowest and highest number of an axis that several plots share; such a plot has no words below its axis. */
  readonly shared?: readonly [low: number, high: number] | undefined;
}

/** Estimate, interval and bound on an axis of their own, as SVG. The table beside it holds the same numbers. Empty where there is nothing to compare. */
export function forest({ estimate, interval, bound, fails, write, shared }: Plotted): string {
  const low = interval?.low ?? undefined;
  const high = interval?.high ?? undefined;
  const shown = [estimate, low, high, bound].filter((value) => value !== undefined);
  const [least, most] = shared ?? [Math.min(...shown), Math.max(...shown)];
  if (!(most > least) || !Number.isFinite(most - least)) return "";
  const room = (most - least) * 0.16;
  const x = scaleLinear([least - room, most + room], [0, WIDTH]);
  const at = (value: number) => x(value).toFixed(1);
  const parts: string[] = [];
  if (bound !== undefined && fails !== undefined) {
    const from = fails === "below" ? "0" : at(bound);
    const wide = fails === "below" ? at(bound) : (WIDTH - x(bound)).toFixed(1);
    parts.push(`<rect class="failing" x="${from}" y="0" width="${wide}" height="${2 * MIDDLE}"/>`);
  }
  parts.push(line("axis", "0", MIDDLE, String(WIDTH), MIDDLE));
  if (interval !== undefined) {
    parts.push(
      line("range", low === undefined ? "0" : at(low), MIDDLE, high === undefined ? String(WIDTH) : at(high), MIDDLE),
    );
    for (const end of [low, high])
      if (end !== undefined) parts.push(line("range", at(end), MIDDLE - 4, at(end), MIDDLE + 4));
  }
  if (bound !== undefined) parts.push(line("limit", at(bound), 0, at(bound), 2 * MIDDLE));
  parts.push(`<circle class="point" cx="${at(estimate)}" cy="${MIDDLE}" r="4"/>`);
  if (shared === undefined) parts.push(...words({ estimate, bound, write, x }));
  return svg(shared === undefined ? HEIGHT : 2 * MIDDLE, parts);
}

/** The bound's number under its line, and the estimate's where both find room. */
function words({
  estimate,
  bound,
  write,
  x,
}: Pick<Plotted, "estimate" | "bound" | "write"> & { x: (value: number) => number }): string[] {
  const put = (kind: string, value: number) => {
    const text = write(value);
    const half = text.length * 3.3;
    const middle = Math.min(Math.max(x(value), half), WIDTH - half);
    return {
      from: middle - half,
      to: middle + half,
      svg: `<text class="${kind}" x="${middle.toFixed(1)}" y="37">${text}</text>`,
    };
  };
  const point = put("at-point", estimate);
  if (bound === undefined) return [point.svg];
  const limit = put("at-limit", bound);
  const overlaps = point.from < limit.to + 6 && limit.from < point.to + 6;
  return overlaps ? [limit.svg] : [limit.svg, point.svg];
}

function line(kind: string, x1: string, y1: number, x2: string, y2: number): string {
  return `<line class="${kind}" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>`;
}

function svg(height: number, parts: readonly string[]): string {
  return `<svg class="forest" viewBox="0 0 ${WIDTH} ${height}" aria-hidden="true">${parts.join("")}</svg>`;
}
