import type { PredictionMeasure } from "../../compiler/plan/measure.ts";
import type { Finding } from "../judge/finding.ts";
import { count, quantity, styleOf } from "../judge/quantity.ts";

/** Writes the numbers of one finding as its sentence does: the metric's own way where it has one (`0.654`, not `65.4 %`). */
export interface Figures {
  /** Estimate, bound and ends of the interval. */
  readonly value: (amount: number) => string;
  /** A difference of two such numbers, without sign. */
  readonly change: (amount: number) => string;
  /** A value of one side, by its name in the finding: a level of the metric, or a plain number. */
  readonly side: (name: string, amount: number) => string;
}

/** How a rollback condition begins: what follows is true where the version fails. */
const CONDITION = /^rollback when /;

const LEVELS: readonly string[] = ["challenger", "champion", "baseline", "now"];

export function figuresOf({ text: whole, unit }: Finding): Figures {
  const text = whole.replace(CONDITION, "");
  const metric = /\b(?:challenger|champion)\.([a-z_][a-z0-9_]*)/.exec(text)?.[1] ?? /^[a-z_][a-z0-9_]*/.exec(text)?.[0];
  const measure: PredictionMeasure = {
    kind: "prediction",
    metric: metric ?? "",
    party: "challenger",
    options: {},
    // A comparison of ratios is counted in points; the sides of it are ratios.
    unit: unit === "points" && /\bthan\b|\bbaseline\b/.test(text) ? "ratio" : (unit ?? "number"),
    better: "neither",
  };
  const style = styleOf(measure);
  return {
    value: (amount) => (unit === "points" ? quantity(amount, "points") : style.value(amount)),
    change: (amount) => style.change(Math.abs(amount)),
    side: (name, amount) => {
      if (LEVELS.includes(name)) return style.value(amount);
      return Number.isInteger(amount) ? count(amount) : quantity(amount, "number");
    },
  };
}

/** On which side of its bound a value passes, by what the requirement says; undefined for a range, a schema, a trigger's own words. */
export function passingSide(text: string): "above" | "below" | undefined {
  if (CONDITION.test(text)) {
    const holding = passingSide(text.replace(CONDITION, ""));
    return holding === undefined ? undefined : holding === "above" ? "below" : "above";
  }
  if (/ (not worse|better) than /.test(text)) return "above";
  const relation = / (>=|<=|>|<) /.exec(text)?.[1];
  if (relation === undefined) return undefined;
  return relation.startsWith(">") ? "above" : "below";
}
