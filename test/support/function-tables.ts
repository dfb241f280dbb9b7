import { driftWords, metricWords } from "../../compiler/reading/metric-words.ts";
import { percent } from "../../compiler/reading/quantities.ts";
import type { Unit } from "../../language/semantics/checked/measure.ts";
import { dataFunctions, driftFunctions, fairnessFunctions } from "../../language/semantics/signatures/functions.ts";
import { builtinMetrics } from "../../language/semantics/signatures/metrics.ts";

const unitWords: Readonly<Record<Unit, string>> = {
  ratio: "ratio",
  points: "points",
  number: "number",
  duration: "length of time",
  count: "count",
  size: "size",
  rate: "rate",
};

interface Ends {
  readonly low?: number;
  readonly high?: number;
}

function range(unit: Unit, { low, high }: Ends): string {
  const text = (end: number) => (unit === "ratio" ? percent(end) : unit === "points" ? `${end * 100}pp` : String(end));
  if (low === undefined && high === undefined) return "any";
  if (high === undefined) return `${text(low ?? 0)} and more`;
  return low === undefined ? `${text(high)} and less` : `${text(low)} to ${text(high)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

const tasks = { binary: "yes or no", multiclass: "several classes", regression: "a quantity" } as const;

/** The tables of the language reference, by the name that stands in their marker. */
export function functionTables(): Readonly<Record<string, string>> {
  const metrics = Object.entries(builtinMetrics).map(([name, one]) => {
    const ranked = { cut: `${name}(k, group: column)`, whole: `${name}(group: column)` } as const;
    const written =
      one.parameter !== undefined
        ? `${name}(${one.parameter.name})`
        : one.ranking === undefined
          ? name
          : ranked[one.ranking];
    const needs = one.tasks.length === 3 ? "any" : one.tasks.map((task) => tasks[task]).join("; ");
    const counts = one.divides ?? "rows";
    const group = one.ranking === undefined ? "" : "; the rows of one query share a value of the group column";
    return [
      `\`${written}\``,
      unitWords[one.unit],
      range(one.unit, one),
      one.better,
      needs,
      counts,
      (metricWords[name]?.meaning ?? "") + group,
    ];
  });
  const data = Object.entries(dataFunctions).map(([name, one]) => {
    const columns = one.types === undefined ? "any" : one.types.join(", ");
    const ofColumns = one.columns === "none" ? "-" : one.needs === "range" ? `${columns}, with a range` : columns;
    return [`\`${name}\``, unitWords[one.unit], range(one.unit, one), one.better, ofColumns, `\`${one.example}\``];
  });
  const drift = Object.entries(driftFunctions).map(([name, one]) => [
    `\`${name}\``,
    range("number", one),
    one.types === undefined ? "any" : one.types.join(", "),
    driftWords[name]?.meaning ?? "",
  ]);
  const compared = {
    selection: "how often the decision is yes",
    recall: "yes to rows labelled yes",
    odds: "yes to rows labelled yes, and to rows labelled no",
  } as const;
  const fairness = Object.entries(fairnessFunctions).map(([name, one]) => [
    `\`${name}\``,
    unitWords[one.unit],
    one.better === "two-sided" ? "in a range" : one.better,
    compared[one.rate],
    `\`${one.example}\``,
  ]);
  return {
    metrics: table(["name", "unit", "range", "better", "label", "counts", "meaning"], metrics),
    data: table(["name", "unit", "range", "better", "columns", "example"], data),
    drift: table(["name", "range", "columns", "meaning"], drift),
    fairness: table(["name", "unit", "better", "compares between groups", "example"], fairness),
  };
}
