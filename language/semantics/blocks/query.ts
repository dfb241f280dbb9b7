import { scanQuery } from "../../syntax/substitution.ts";
import type { CountedBy, FromPrometheus, Metric, Text } from "../../syntax/tree.ts";
import type { Span } from "../../text/source.ts";
import type { QueryForm } from "../checked/measure.ts";
import type { CheckedMetric } from "../checked/policy.ts";
import type { Collector } from "../collector.ts";
import { readDuration } from "../quantity.ts";
import { every } from "../statements.ts";

const minute = 60_000;
const usualFreshness = 5 * minute;

/** Reads `from prometheus`: what kind of answer the query gives decides how it is judged. Undefined where something of it is wrong. */
export function fromPrometheus(
  from: FromPrometheus,
  metric: Metric,
  out: Collector,
): Extract<CheckedMetric["source"], { kind: "prometheus" }> | undefined {
  const name = metric.name.text;
  const [countedBy] = every(metric.statements, "CountedBy");
  const [fresh] = every(metric.statements, "Fresh");
  const queries = [from.query, ...(from.over === undefined ? [] : [from.over])];
  const scans = [...queries, ...(countedBy === undefined ? [] : [countedBy.query])].map((query) => scan(query, out));
  const freshWithin =
    fresh === undefined
      ? out.assume(`metrics.${name}.freshWithin`, usualFreshness, from.span, "an answer older than 5m does not count")
      : readDuration(fresh.within, "`fresh within`", out);
  const form = formOf(from, countedBy, metric, out);
  if (freshWithin === undefined || form === undefined || scans.includes(undefined)) return undefined;
  const has = (variable: string) => scans.slice(0, queries.length).every((names) => names?.includes(variable));
  const perVersion = has("version") || has("revision");
  if (!perVersion) out.report("metric/same-for-every-version", from.query.span, { metric: name });
  if (!has("window")) {
    const edits = queries.flatMap(windowsOf);
    const fixes = edits.length === 0 ? [] : [{ label: "write `[$window]`", edits }];
    out.report("metric/window-of-its-own", from.query.span, { metric: name }, { fixes });
  }
  return { kind: "prometheus", query: from.query.value.trim(), form, freshWithin, perVersion };
}

/** Edits that make `[5m]` of a query `[$window]`. */
function windowsOf({ raw, span }: Text): { readonly span: Span; readonly text: string }[] {
  return [...raw.matchAll(/\[[0-9][0-9a-z]*\]/gu)].map((found) => {
    const start = span.start + found.index;
    return { span: { path: span.path, start, end: start + found[0].length }, text: "[$window]" };
  });
}

/** The variables of a query; undefined where it cannot be a query. */
function scan(query: Text, out: Collector): readonly string[] | undefined {
  const { variables, diagnostics } = scanQuery(query);
  out.diagnostics.push(...diagnostics);
  const problem = query.value.trim() === "" ? "it is empty" : unbalanced(query.value);
  if (problem !== undefined) out.report("metric/not-a-query", query.span, { why: problem });
  return diagnostics.length > 0 || problem !== undefined ? undefined : variables.map(({ name }) => name);
}

const pairs: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

/** What of a query's brackets and quotes does not close. The rest of its grammar is Prometheus's to judge. */
function unbalanced(query: string): string | undefined {
  const open: string[] = [];
  let quote = "";
  for (let index = 0; index < query.length; index += 1) {
    const unit = query[index] ?? "";
    if (quote !== "") {
      if (unit === "\\" && quote !== "`") index += 1;
      else if (unit === quote) quote = "";
    } else if (unit === '"' || unit === "'" || unit === "`") quote = unit;
    else if (unit === "(" || unit === "[" || unit === "{") open.push(unit);
    else if (Object.hasOwn(pairs, unit) && open.pop() !== pairs[unit]) return `\`${unit}\` closes nothing`;
  }
  if (quote !== "") return `a text in ${quote} is not closed`;
  const last = open.at(-1);
  return last === undefined ? undefined : `\`${last}\` is not closed`;
}

function formOf(
  from: FromPrometheus,
  countedBy: CountedBy | undefined,
  metric: Metric,
  out: Collector,
): QueryForm | undefined {
  const name = metric.name.text;
  const [type] = every(metric.statements, "MetricType");
  if (from.over !== undefined) {
    if (countedBy !== undefined) {
      const why = "`over` already says how many were counted";
      out.report("type/qualifier", countedBy.span, { qualifier: "counted by", why });
    }
    if (type !== undefined && type.type.text !== "ratio") {
      return out.report(
        "metric/over-is-a-ratio",
        type.type.span,
        { metric: name, written: type.type.text },
        {
          labels: [{ span: from.over.span, text: "what it is divided by" }],
          fixes: [{ label: "write `ratio`", edits: [{ span: type.type.span, text: "ratio" }] }],
        },
      );
    }
    for (const query of [from.query, from.over]) refuseRates(query, name, out);
    return { kind: "ratio", over: from.over.value.trim() };
  }
  const quantile = bucketQuantile(from.query.value);
  if (quantile !== undefined) {
    if (!(quantile > 0 && quantile < 1)) {
      return out.report("metric/not-a-query", from.query.span, {
        why: `a quantile lies between 0 and 1, not at ${quantile}`,
      });
    }
    const counted = countedBy === undefined ? {} : { countedBy: countedBy.query.value.trim() };
    return { kind: "bucket_quantile", quantile, ...counted };
  }
  if (countedBy === undefined) {
    const end = { path: from.span.path, start: from.span.end, end: from.span.end };
    const text = '\n  counted by """\n    sum(increase(REQUESTS_total{model_version="$version"}[$window]))\n  """';
    return out.report(
      "metric/needs-counted-by",
      from.query.span,
      { metric: name },
      { fixes: [{ label: "add `counted by` and name the counter", edits: [{ span: end, text }] }] },
    );
  }
  return { kind: "opaque", countedBy: countedBy.query.value.trim() };
}

/** `rate` gives events a second: how many there were, on which the verdict rests, is lost. */
function refuseRates(query: Text, metric: string, out: Collector): void {
  const found = /\b(i?rate)\s*\(/u.exec(query.raw);
  if (found?.[1] === undefined) return;
  const start = query.span.start + found.index;
  const span = { path: query.span.path, start, end: start + found[1].length };
  out.report(
    "metric/rate-for-count",
    span,
    { metric, written: found[1] },
    { fixes: [{ label: "write `increase`", edits: [{ span, text: "increase" }] }] },
  );
}

/** The level of a query that is `histogram_quantile(q, ...)` as a whole. */
function bucketQuantile(query: string): number | undefined {
  const text = query.trim();
  const level = /^histogram_quantile\s*\(\s*([0-9.eE+-]+)\s*,/u.exec(text)?.[1];
  if (level === undefined) return undefined;
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    if (text[index] === "(") depth += 1;
    if (text[index] !== ")") continue;
    depth -= 1;
    if (depth === 0 && index < text.length - 1) return undefined;
  }
  return Number(level);
}
