import { operand as operandText } from "../../format/print-values.ts";
import type { Metric, MetricRange, MetricStatement, Operand } from "../../syntax/tree.ts";
import type { Better, Unit } from "../checked/measure.ts";
import type { CheckedMetric } from "../checked/policy.ts";
import type { Collector } from "../collector.ts";
import { readLimit } from "../limit.ts";
import { metricOptions } from "../metric-options.ts";
import { choose, type Scope, unknown } from "../scope.ts";
import { builtinMetrics, type MetricSignature } from "../signatures/metrics.ts";
import { every, isIncomplete, repeated, single } from "../statements.ts";
import { fitsTask } from "../task.ts";
import { unitName } from "../wording.ts";
import { fromPrometheus } from "./query.ts";

const types: readonly Unit[] = ["ratio", "number", "points", "duration", "count", "size", "rate"];

type From = Extract<MetricStatement, { kind: `From${string}` }>;

/** Checks `metric NAME { }`: what it counts in, which direction is better, and where it comes from. */
export function checkMetric(metric: Metric, scope: Scope): CheckedMetric | undefined {
  const { out } = scope;
  const { statements } = metric;
  const name = metric.name.text;
  const where = `metric \`${name}\``;
  const type = single(statements, "MetricType", "`type`", where, out);
  const better = single(statements, "Better", "`better`", where, out);
  const range = single(statements, "MetricRange", "`range`", where, out);
  single(statements, "Fresh", "`fresh within`", where, out);
  single(statements, "CountedBy", "`counted by`", where, out);
  const sources = statements.filter((statement): statement is From => statement.kind.startsWith("From"));
  const [from, ...others] = sources;
  for (const other of others) repeated(from, other, "`from`", where, out);
  const missing = (what: string, why: string, example: string): undefined =>
    isIncomplete(statements)
      ? undefined
      : out.report("policy/missing", metric.name.span, { where, what, why, example });
  if (from === undefined) return missing("`from`", "A metric must come from somewhere.", "from evaluation");
  const builtin = from.kind === "FromPredictions" ? builtinMetrics[from.function.path[0].text] : undefined;
  const declared = type === undefined ? undefined : choose(type.type, types, "a type of metric", out);
  if (type !== undefined && declared === undefined) return undefined;
  const unit = declared ?? builtin?.unit ?? missing("`type`", "Limits and margins are checked by it.", "type ratio");
  const direction =
    better?.direction.text ??
    builtin?.better ??
    missing("`better`", "Better and worse follow from it.", "better higher");
  const source = sourceOf(from, metric, scope);
  if (unit === undefined || direction === undefined || source === undefined) return undefined;
  if (builtin !== undefined && source.kind === "prediction") refuseOtherMeaning(metric, builtin, unit, direction, out);
  if (source.kind !== "prometheus") {
    for (const statement of statements) {
      if (statement.kind !== "Fresh" && statement.kind !== "CountedBy") continue;
      const qualifier = statement.kind === "Fresh" ? "fresh within" : "counted by";
      const why = "only metrics of live systems have an age and a count of their own";
      out.report("type/qualifier", statement.span, { qualifier, why });
    }
  }
  const own = builtin === undefined ? {} : endsOf(builtin);
  const usual = unit === "ratio" && builtin === undefined ? { low: 0, high: 1 } : own;
  const ends = range === undefined ? usual : readEnds(range, name, unit, direction, out);
  return ends === undefined ? undefined : { name, span: metric.name.span, unit, better: direction, ...ends, source };
}

function endsOf(signature: MetricSignature): { low?: number; high?: number } {
  const { low, high } = signature;
  return { ...(low === undefined ? {} : { low }), ...(high === undefined ? {} : { high }) };
}

/** A declared metric that is a built-in one by another name cannot count in something else. */
function refuseOtherMeaning(
  metric: Metric,
  builtin: MetricSignature,
  unit: Unit,
  better: Better,
  out: Collector,
): void {
  const [type] = every(metric.statements, "MetricType");
  const [direction] = every(metric.statements, "Better");
  const name = metric.name.text;
  if (type !== undefined && unit !== builtin.unit) {
    out.report("type/metric-mismatch", type.span, { name, written: unitName(unit), right: unitName(builtin.unit) });
  }
  if (direction !== undefined && better !== builtin.better) {
    const right = builtin.better === "neither" ? "neither better high nor low" : `better when ${builtin.better}`;
    out.report("type/metric-mismatch", direction.span, { name, written: `better when ${better}`, right });
  }
}

/** The range of a metric in its own unit. */
function readEnds(
  range: MetricRange,
  name: string,
  unit: Unit,
  better: Better,
  out: Collector,
): { readonly low: number; readonly high: number } | undefined {
  const { low, high } = range.range;
  if (low.kind === "Name" || high.kind === "Name") return undefined;
  const measure = { kind: "evaluation", key: name, party: "challenger", unit, better } as const;
  const measured = { measure, text: name, span: range.span, name, ...(unit === "ratio" ? { low: 0, high: 1 } : {}) };
  const from = readLimit(low, measured, out);
  const to = readLimit(high, measured, out);
  if (from === undefined || to === undefined) return undefined;
  if (from >= to) return out.report("policy/range-upside-down", range.range.span, { low: low.raw, high: high.raw });
  return { low: from, high: to };
}

function sourceOf(from: From, metric: Metric, scope: Scope): CheckedMetric["source"] | undefined {
  const { out } = scope;
  const name = metric.name.text;
  switch (from.kind) {
    case "FromEvaluation":
      return {
        kind: "evaluation",
        key: from.key?.value ?? out.assume(`metrics.${name}.key`, name, from.span, "the key is the name of the metric"),
      };
    case "FromPredictions":
      return fromPredictions(from.function, scope);
    case "FromPrometheus":
      return fromPrometheus(from, metric, out);
    case "FromRegistry":
      if (from.key.value.trim() === "")
        return out.report("policy/empty-text", from.key.span, { what: "the key of the registry" });
      return { kind: "registry", key: from.key.value };
  }
}

function fromPredictions(operand: Operand, scope: Scope): CheckedMetric["source"] | undefined {
  const { out } = scope;
  const [first, second] = operand.path;
  if (second !== undefined || !Object.hasOwn(builtinMetrics, first.text)) {
    return unknown(first, Object.keys(builtinMetrics), (suggestion, fixes) =>
      out.report("name/unknown-metric", first.span, { name: operandText(operand), suggestion }, { fixes }),
    );
  }
  const signature = builtinMetrics[first.text];
  if (signature === undefined || !fitsTask(operand.span, first.text, signature, scope)) return undefined;
  const options = metricOptions(operand, first.text, signature, scope, "");
  return options === undefined ? undefined : { kind: "prediction", metric: first.text, options };
}
