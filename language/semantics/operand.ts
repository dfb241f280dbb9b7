import { operand as operandText } from "../format/print-values.ts";
import type { Name, Operand } from "../syntax/tree.ts";
import type { Span } from "../text/source.ts";
import { call } from "./call.ts";
import type { Party } from "./checked/measure.ts";
import type { CheckedMetric } from "./checked/policy.ts";
import { metricOptions } from "./metric-options.ts";
import { columnNames, findColumn, type Scope, unknown } from "./scope.ts";
import {
  dataFunctions,
  driftFunctions,
  fairnessFunctions,
  otherFunctions,
  pairFunctions,
} from "./signatures/functions.ts";
import { builtinMetrics } from "./signatures/metrics.ts";
import { type Resolved, type Site, siteName } from "./site.ts";
import { fitsTask } from "./task.ts";

export const parties = ["challenger", "champion", "baseline"] as const;

/** Resolves what a condition measures. Reports and returns undefined where that is nothing; one unknown name is one diagnostic. */
export function resolve(operand: Operand, site: Site, scope: Scope): Resolved | undefined {
  const [first, second, third] = operand.path;
  if (third !== undefined) {
    return unknownName(third, operandText(operand), site, scope);
  }
  if (second !== undefined) return resolveMember(operand, first, second, site, scope);
  if (scope.imported.has(first.text)) return undefined;
  if (isMetric(first.text, scope)) return bareMetric(operand, first, site, scope);
  if (isFunction(first.text)) return call(operand, site, scope);
  if (operand.arguments !== undefined) {
    if (scope.incomplete) return undefined;
    return unknown(first, [...functionNames(), ...metricNames(scope)], (suggestion, fixes) =>
      scope.out.report("name/unknown-function", first.span, { name: first.text, suggestion }, { fixes }),
    );
  }
  if (site.dataset !== undefined && columnNames(site.dataset).includes(first.text))
    return notANumber(operand, first, scope);
  if (scope.datasets.has(first.text)) {
    return scope.out.report("type/not-a-measure", operand.span, {
      name: first.text,
      what: "a dataset",
      instead: `Say what about it: \`null_rate(COLUMN)\`, \`rows\` in \`validate ${first.text}\`, \`psi(${first.text}.COLUMN)\`.`,
    });
  }
  return unknownName(first, first.text, site, scope);
}

function isMetric(name: string, scope: Scope): boolean {
  return scope.metrics.has(name) || Object.hasOwn(builtinMetrics, name) || name === "error_rate";
}

/** Whether a name is a function of the language. */
function isFunction(name: string): boolean {
  return functionNames().includes(name);
}

function functionNames(): string[] {
  return [
    ...Object.keys(dataFunctions),
    ...Object.keys(driftFunctions),
    ...Object.keys(pairFunctions),
    ...Object.keys(fairnessFunctions),
    ...otherFunctions,
  ];
}

function metricNames(scope: Scope): string[] {
  return [...scope.metrics.keys(), ...Object.keys(builtinMetrics), "error_rate"];
}

function unknownName(name: Name, written: string, site: Site, scope: Scope): undefined {
  if (scope.incomplete) return undefined;
  const columns = site.dataset === undefined ? [] : columnNames(site.dataset);
  const inScope = [
    "metrics",
    ...(site.dataset === undefined ? [] : [`the columns of \`${site.dataset.name}\` (${columns.join(", ")})`]),
  ];
  const candidates = [...metricNames(scope), ...functionNames(), ...columns, ...parties, ...scope.datasets.keys()];
  return unknown(name, candidates, (suggestion, fixes) =>
    scope.out.report("name/unknown", name.span, { name: written, suggestion, scope: inScope.join(" and ") }, { fixes }),
  );
}

function notANumber(operand: Operand, column: Name, scope: Scope): undefined {
  return scope.out.report("type/not-a-measure", operand.span, {
    name: operandText(operand),
    what: "a column",
    instead: `Say what about it: \`null_rate(${column.text})\`, \`quantile(${column.text}, 99%)\`, \`psi(${column.text})\`.`,
  });
}

/** `challenger.auc`, `flights.distance`. */
function resolveMember(operand: Operand, root: Name, member: Name, site: Site, scope: Scope): Resolved | undefined {
  const party = parties.find((name) => name === root.text);
  if (party !== undefined) return versionMember(operand, party, member, site, scope);
  const dataset = scope.datasets.get(root.text);
  if (dataset !== undefined) return findColumn(member, dataset, scope) ? notANumber(operand, member, scope) : undefined;
  if (scope.incomplete) return undefined;
  if (scope.imported.has(root.text)) return undefined;
  const roots = ["challenger", "champion", ...scope.datasets.keys()];
  return unknown(root, roots, (suggestion, fixes) =>
    scope.out.report("name/unknown-root", root.span, { name: root.text, suggestion, roots }, { fixes }),
  );
}

function versionMember(operand: Operand, party: Party, member: Name, site: Site, scope: Scope): Resolved | undefined {
  const { out } = scope;
  if (!parties.includes(party)) return undefined;
  if (member.text === "latency" || member.text === "score") {
    return out.report("type/not-a-measure", operand.span, {
      name: operandText(operand),
      what: "one value for every row",
      instead: `Say which quantile of it: \`quantile(${party}.${member.text}, 99%)\`.`,
    });
  }
  if (scope.imported.has(member.text)) return undefined;
  if (isMetric(member.text, scope)) {
    if (party === "baseline" && !fitsBaseline(operand, member, site, scope)) return undefined;
    return metric(operand, member, party, site, scope);
  }
  if (scope.incomplete) return undefined;
  return unknown(member, [...metricNames(scope), "latency", "score"], (suggestion, fixes) =>
    out.report("name/unknown-metric", member.span, { name: member.text, suggestion }, { fixes }),
  );
}

/**
 * The baseline of a metric is what the serving version did on the rows it was promoted on. It is measured on other rows than
 * the challenger of a gate, where the champion is scored again; in a live stage it is what the new version is held against.
 */
function fitsBaseline(operand: Operand, member: Name, site: Site, scope: Scope): boolean {
  if (site.place === "live") return true;
  const champion = `champion.${member.text}`;
  const root = operand.path[0];
  scope.out.report(
    "type/baseline-member",
    operand.span,
    { written: operandText(operand), place: siteName(site), champion },
    site.place === "gate"
      ? { fixes: [{ label: `compare with \`${champion}\``, edits: [{ span: root.span, text: "champion" }] }] }
      : {},
  );
  return false;
}

/** A metric without a version: right where the place has only one, else the reader cannot know which is meant. */
function bareMetric(operand: Operand, name: Name, site: Site, scope: Scope): Resolved | undefined {
  if (site.party !== undefined) return metric(operand, name, site.party, site, scope);
  if (site.place === "validate" || site.place === "drift") {
    return scope.out.report("type/not-here", operand.span, {
      what: `the metric \`${name.text}\``,
      place: siteName(site),
      instead:
        site.place === "validate"
          ? "`validate` judges data before a model is trained. Metrics of a model stand in a gate or a stage."
          : `Drift is about data. Write \`decay ${name.text} ...\` for a model that gets worse.`,
    });
  }
  const insert = { path: operand.span.path, start: operand.span.start, end: operand.span.start };
  return scope.out.report(
    "type/needs-version",
    operand.span,
    { metric: operandText(operand) },
    {
      fixes: (["challenger", "champion"] as const).map((party) => ({
        label: `write \`${party}.${operandText(operand)}\``,
        edits: [{ span: insert, text: `${party}.` }],
      })),
    },
  );
}

function metric(operand: Operand, name: Name, party: Party, site: Site, scope: Scope): Resolved | undefined {
  const { out } = scope;
  if (site.place === "validate" || site.place === "drift") {
    return out.report("type/not-here", operand.span, {
      what: `\`${operandText(operand)}\``,
      place: siteName(site),
      instead: "Versions of the model are compared in gates and stages. Here stand statistics of the data.",
    });
  }
  const base = { text: operandText(operand), span: operand.span, name: name.text };
  const declared = scope.metrics.get(name.text);
  if (declared !== undefined) return declaredMetric(operand, declared, party, base, site, scope);
  if (name.text === "error_rate") {
    if (site.place === "gate" || site.place === "decay") {
      return out.report("type/not-here", operand.span, {
        what: `\`${operandText(operand)}\``,
        place: siteName(site),
        instead:
          "Errors are counted where requests are answered, so `error_rate` stands in stages and in `rollback when`.",
      });
    }
    const measure = { kind: "live_rate", name: "error_rate", party, unit: "ratio", better: "lower" } as const;
    return { ...base, measure, low: 0, high: 1 };
  }
  const signature = builtinMetrics[name.text];
  if (signature === undefined) return undefined;
  if (!fitsTask(operand.span, name.text, signature, scope)) return undefined;
  const options = metricOptions(operand, name.text, signature, scope);
  if (options === undefined) return undefined;
  const { unit, better, low, high, divides } = signature;
  return {
    ...base,
    measure: { kind: "prediction", metric: name.text, party, options, unit, better },
    ...(low === undefined ? {} : { low }),
    ...(high === undefined ? {} : { high }),
    ...(divides === undefined ? {} : { divides }),
  };
}

function declaredMetric(
  operand: Operand,
  declared: CheckedMetric,
  party: Party,
  base: { readonly text: string; readonly span: Span; readonly name: string },
  site: Site,
  scope: Scope,
): Resolved | undefined {
  const { source, unit, better, low, high } = declared;
  const ends = { ...(low === undefined ? {} : { low }), ...(high === undefined ? {} : { high }) };
  if (operand.arguments !== undefined && source.kind !== "broken") {
    return scope.out.report("type/arguments", operand.span, {
      name: declared.name,
      takes: "nothing in parentheses",
      found: "arguments",
      example: `${party}.${declared.name}`,
    });
  }
  switch (source.kind) {
    case "broken":
      return undefined;
    case "prometheus":
      if (site.place === "gate") {
        return scope.out.report("type/not-here", operand.span, {
          what: `\`${operandText(operand)}\``,
          place: siteName(site),
          instead:
            "Prometheus knows a version once it answers requests, so the metric stands in stages, in `rollback when` and in `decay`.",
        });
      }
      return {
        ...base,
        ...ends,
        perVersion: source.perVersion,
        measure: {
          kind: "prometheus",
          name: declared.name,
          party,
          query: source.query,
          form: source.form,
          freshWithin: source.freshWithin,
          ...ends,
          unit,
          better,
        },
      };
    case "registry":
      if (site.place !== "gate") {
        return scope.out.report("type/not-here", operand.span, {
          what: `\`${operandText(operand)}\``,
          place: siteName(site),
          instead: "The registry keeps it beside the version and it never changes, so it is judged once, in a gate.",
        });
      }
      return { ...base, ...ends, measure: { kind: "registry", key: source.key, party, ...ends, unit, better } };
    case "evaluation":
      if (site.place !== "gate") {
        return scope.out.report("type/not-here", operand.span, {
          what: `\`${operandText(operand)}\``,
          place: siteName(site),
          instead: "The evaluate step reports it once per run, so it is known in gates only.",
        });
      }
      return { ...base, ...ends, measure: { kind: "evaluation", key: source.key, party, ...ends, unit, better } };
    case "prediction":
      return {
        ...base,
        ...ends,
        measure: { kind: "prediction", metric: source.metric, party, options: source.options, unit, better },
      };
  }
}
