import { suggest } from "../../diagnostics/suggest.ts";
import type { Item, Policy, Quantity, Template, TemplateArgument, Text } from "../../syntax/tree.ts";
import type { Span } from "../../text/source.ts";
import { duplicate } from "../blocks/dataset.ts";
import { Collector } from "../collector.ts";
import { unknown } from "../scope.ts";
import { builtinMetrics } from "../signatures/metrics.ts";
import { every } from "../statements.ts";
import { type Merging, mergeItems } from "./merge.ts";
import { exampleOf, type ParameterTypeName, parameterType, takes } from "./parameters.ts";
import { type Filling, type Put, parameterPlaces, substitute } from "./substitute.ts";

/** A template whose head was checked. What its statements mean is checked in every policy that is made from it. */
export interface CheckedTemplate {
  readonly node: Template;
  readonly types: ReadonlyMap<string, ParameterTypeName>;
  readonly defaults: ReadonlyMap<string, Quantity | Text>;
  /** Errors were found: no policy is made from it. */
  readonly broken: boolean;
}

/** Checks the parameters of a template and the places where they are used. */
export function checkTemplate(node: Template, out: Collector): CheckedTemplate {
  const inside = new Collector();
  const types = new Map<string, ParameterTypeName>();
  const defaults = new Map<string, Quantity | Text>();
  const declared = new Map<string, Span>();
  for (const parameter of node.parameters) {
    const name = parameter.name.text;
    const first = declared.get(name);
    if (first !== undefined) {
      duplicate(parameter.name.span, first, "parameter", name, inside);
      continue;
    }
    declared.set(name, parameter.name.span);
    refuseAmbiguous(parameter.name.text, parameter.name.span, node, inside);
    const type = parameterType(parameter.type, inside);
    if (type === undefined) continue;
    types.set(name, type);
    if (parameter.default !== undefined && takes(parameter, type, parameter.default, inside))
      defaults.set(name, parameter.default);
  }
  const used = new Set<string>();
  parameterPlaces(node, (name, span) => {
    if (declared.has(name)) used.add(name);
    else reportUnknown(name, span, node, [...declared.keys()], inside);
  });
  for (const [name, span] of declared)
    if (!used.has(name) && !inside.hasErrors) inside.report("name/unused", span, { kind: "parameter", name });
  for (const override of every(node.items, "Override"))
    inside.report("template/nothing-to-override", override.span, { why: "a template starts from nothing" });
  out.diagnostics.push(...inside.diagnostics);
  return { node, types, defaults, broken: inside.hasErrors };
}

/** Only a `${name}` is surely meant as a parameter; a bare name that is none is told by the check of the policy. */
function reportUnknown(name: string, span: Span, template: Template, known: readonly string[], out: Collector): void {
  const isText = span.end - span.start === name.length + 3;
  if (!isText) return;
  const suggestion = suggest(name, known);
  const fixes =
    suggestion === undefined
      ? []
      : [{ label: `write \`\${${suggestion}}\``, edits: [{ span, text: `\${${suggestion}}` }] }];
  out.report("template/unknown-parameter", span, { name, template: template.name.text, suggestion }, { fixes });
}

/** A bare name must mean one thing. */
function refuseAmbiguous(name: string, span: Span, template: Template, out: Collector): void {
  const dataset = every(template.items, "Dataset").find((other) => other.name.text === name);
  const metric = every(template.items, "Metric").find((other) => other.name.text === name);
  const second =
    dataset !== undefined
      ? "a dataset"
      : metric !== undefined || Object.hasOwn(builtinMetrics, name)
        ? "a metric"
        : undefined;
  if (second !== undefined) out.report("name/ambiguous", span, { name, first: "a parameter", second });
}

/** A policy with the statements of its template filled in, and where they come from. */
export interface MadePolicy {
  readonly policy: Policy;
  readonly puts: readonly Put[];
}

/** Makes the policy that `policy X from T(...) { ... }` means. Undefined where the arguments or the template are wrong, which is reported. What may not be loosened is reported, and stays as the template has it. */
export function makePolicy(policy: Policy, template: CheckedTemplate, out: Collector): MadePolicy | undefined {
  if (template.broken) return undefined;
  const filling = readArguments(policy, template, out);
  if (filling === undefined) return undefined;
  const puts: Put[] = [];
  let items: readonly Item[] = template.node.items
    .filter((item) => item.kind !== "Override")
    .map((item) => substitute(item, filling, puts));
  const own = policy.items.filter((item) => item.kind !== "Override");
  const merging: Merging = { out, override: false, loosened: 0 };
  items = mergeItems(items, own, merging);
  for (const override of every(policy.items, "Override")) {
    if (override.because.value.trim() === "")
      out.report("policy/empty-text", override.because.span, { what: "the reason of the override" });
    for (const nested of every(override.items, "Override"))
      out.report("template/nothing-to-override", nested.span, { why: "it stands in an override itself" });
    const allowed: Merging = { out, override: true, loosened: 0 };
    items = mergeItems(
      items,
      override.items.filter((item) => item.kind !== "Override"),
      allowed,
    );
    if (allowed.loosened === 0) out.report("template/override-not-needed", override.span, {});
  }
  return { policy: { kind: "Policy", span: policy.span, name: policy.name, items }, puts };
}

function readArguments(policy: Policy, template: CheckedTemplate, out: Collector): Filling | undefined {
  const { from } = policy;
  if (from === undefined) return undefined;
  const name = template.node.name.text;
  const filling = new Map(template.defaults);
  const given = new Map<string, TemplateArgument>();
  const known = template.node.parameters.map((parameter) => parameter.name.text);
  let wrong = false;
  for (const argument of from.arguments) {
    const word = argument.name.text;
    const first = given.get(word);
    if (first !== undefined) {
      duplicate(argument.name.span, first.name.span, "argument", word, out);
      wrong = true;
      continue;
    }
    given.set(word, argument);
    const parameter = template.node.parameters.find((other) => other.name.text === word);
    if (parameter === undefined) {
      wrong = true;
      unknown(argument.name, known, (suggestion, fixes) =>
        out.report(
          "template/unknown-argument",
          argument.name.span,
          { template: name, name: word, suggestion, known },
          { fixes, labels: [{ span: template.node.name.span, text: "the template" }] },
        ),
      );
      continue;
    }
    const type = template.types.get(word);
    if (type === undefined) continue;
    const reported = out.diagnostics.length;
    if (takes(parameter, type, argument.value, out)) filling.set(word, argument.value);
    else {
      wrong = true;
      labelLast(out, reported, { span: parameter.span, text: "declared here" });
    }
  }
  for (const parameter of template.node.parameters) {
    const word = parameter.name.text;
    if (given.has(word) || parameter.default !== undefined) continue;
    wrong = true;
    const misspelt = from.arguments.some((argument) => suggest(argument.name.text, [word]) === word);
    if (misspelt) continue;
    const type = template.types.get(word);
    out.report(
      "template/missing-argument",
      from.span,
      { template: name, parameter: word, example: type === undefined ? "..." : exampleOf(type) },
      { labels: [{ span: parameter.span, text: "declared here" }] },
    );
  }
  return wrong ? undefined : filling;
}

function labelLast(out: Collector, since: number, label: { readonly span: Span; readonly text: string }): void {
  const last = out.diagnostics.at(-1);
  if (last === undefined || out.diagnostics.length === since) return;
  out.diagnostics[out.diagnostics.length - 1] = { ...last, labels: [...last.labels, label] };
}
