import type { Unit } from "../../compiler/plan/common.ts";
import type { Measure } from "../../compiler/plan/measure.ts";

/** Ratios that the field writes as decimals, not as percentages. */
const decimals: readonly string[] = ["auc", "average_precision", "f1", "r2", "ndcg", "map"];

/** A measure as it is written in a policy: `challenger.auc`, `quantile(challenger.latency, 99%)`, `null_rate(distance)`. */
export function nameOf(measure: Measure): string {
  switch (measure.kind) {
    case "prediction":
      return `${measure.party}.${measure.metric}`;
    case "evaluation":
      return `${measure.party}.${measure.key}`;
    case "live_rate":
      return `${measure.party}.${measure.name}`;
    case "quantile":
      return `quantile(${measure.party}.${measure.column}, ${plain(measure.quantile * 100)}%)`;
    case "pairs":
      return measure.name;
    case "data":
      return measure.columns.length === 0 ? measure.name : `${measure.name}(${measure.columns.join(", ")})`;
    case "drift":
      return `${measure.name}(${measure.dataset}.${measure.column})`;
    case "score_drift":
      return `${measure.name}(challenger.score, champion.score)`;
    case "share_drifted":
      return `share_drifted(${measure.dataset}, ${measure.by} ${measure.relation} ${measure.limit})`;
    case "fairness":
      return `${measure.name}(${measure.columns.join(", ")})`;
    case "prometheus":
      return `${measure.party}.${measure.name}`;
    case "registry":
      return `${measure.party}.${measure.key}`;
  }
}

/** Writes values of one measure: `value` the level of it, `change` a difference of two levels. */
export interface Style {
  value(amount: number): string;
  change(amount: number): string;
}

export function styleOf(measure: Measure): Style {
  const metric = measure.kind === "prediction" ? measure.metric : measure.kind === "evaluation" ? measure.key : "";
  if (measure.unit === "ratio") {
    const percent = !decimals.includes(metric);
    return {
      value: (amount) => (percent ? `${significant(amount * 100, 3)} %` : rounded(amount, 3)),
      change: (amount) => `${significant(amount * 100, 3)}pp`,
    };
  }
  const write = (amount: number) => quantity(amount, measure.unit);
  return { value: write, change: write };
}

/** A number in its unit as a reader expects it: `3.1pp`, `1.5 ms`, `116,200`. */
export function quantity(amount: number, unit: Unit): string {
  switch (unit) {
    case "ratio":
      return `${significant(amount * 100, 3)} %`;
    case "points":
      return `${significant(amount * 100, 3)}pp`;
    case "duration":
      return duration(amount);
    case "count":
      return count(amount);
    case "size":
      return `${significant(amount, 4)} bytes`;
    case "rate":
      return `${significant(amount, 3)} a second`;
    case "number":
      return significant(amount, 3);
  }
}

/** A whole number with digits grouped: `116,200`. */
export function count(amount: number): string {
  const text = Number.isInteger(amount) ? String(Math.abs(amount)) : Math.abs(amount).toFixed(1);
  return `${amount < 0 ? "-" : ""}${text.replace(/\B(?=(\d{3})+(?!\d))/g, ",")}`;
}

function duration(milliseconds: number): string {
  const size = Math.abs(milliseconds);
  if (size >= 86_400_000) return `${significant(milliseconds / 86_400_000, 3)} d`;
  if (size >= 3_600_000) return `${significant(milliseconds / 3_600_000, 3)} h`;
  if (size >= 60_000) return `${significant(milliseconds / 60_000, 3)} min`;
  if (size >= 1000) return `${significant(milliseconds / 1000, 3)} s`;
  return `${significant(milliseconds, 3)} ms`;
}

function rounded(amount: number, digits: number): string {
  return Number.isFinite(amount) ? amount.toFixed(digits) : String(amount);
}

function significant(amount: number, digits: number): string {
  if (!Number.isFinite(amount)) return String(amount);
  if (Math.abs(amount) >= 10 ** digits) return count(Math.round(amount));
  return plain(Number(amount.toPrecision(digits)));
}

function plain(amount: number): string {
  const text = String(Number(amount.toPrecision(12)));
  return text.includes("e") ? amount.toExponential(2) : text;
}
