import { suggest } from "../diagnostics/suggest.ts";
import { operand as operandText } from "../format/print-values.ts";
import type { Operand, Text } from "../syntax/tree.ts";
import { badArguments, notHere } from "./call-messages.ts";
import type { FairnessFunction } from "./checked/measure.ts";
import type { CheckedDataset } from "./checked/policy.ts";
import { columnArgument, rightType } from "./column-argument.ts";
import type { Scope } from "./scope.ts";
import { fairnessFunctions } from "./signatures/functions.ts";
import { type Resolved, type Site, siteName } from "./site.ts";

/** Whether a name compares groups of rows. */
export function isFairness(name: string): name is FairnessFunction {
  return Object.hasOwn(fairnessFunctions, name);
}

/** `demographic_parity_difference(age_band)`, `disparate_impact(age_band, privileged: "30-50")`. */
export function fairness(operand: Operand, name: FairnessFunction, site: Site, scope: Scope): Resolved | undefined {
  const signature = fairnessFunctions[name];
  const takes = name === "disparate_impact" ? "a column and the privileged group" : "one column, or several";
  if (site.place !== "gate") {
    return notHere(
      operand,
      siteName(site),
      "Groups are columns of the dataset, which the prediction log does not carry, so fairness is judged in a gate.",
      scope,
    );
  }
  if (scope.task !== undefined && scope.task !== "binary" && scope.judged?.label !== undefined) {
    const { label, columns } = scope.judged;
    const type = columns.find((column) => column.name === label.column)?.type ?? "text";
    return scope.out.report(
      "type/needs-task",
      operand.span,
      { metric: name, wanted: "two classes", label: label.column, type },
      { labels: [{ span: label.span, text: "the label" }] },
    );
  }
  const given = operand.arguments ?? [];
  const columns: string[] = [];
  let privileged: Text | undefined;
  for (const argument of given) {
    if (argument.kind === "NamedArgument") {
      const right = name === "disparate_impact" && argument.name.text === "privileged" && privileged === undefined;
      if (!right || argument.value.kind !== "Text") return badArguments(operand, takes, signature.example, scope);
      privileged = argument.value;
      continue;
    }
    const reference = columnArgument(operand, argument, site, scope);
    if (reference === undefined) return undefined;
    if (!rightType(operand, reference, ["category", "boolean", "text", "integer"], scope)) return undefined;
    columns.push(reference.name.text);
  }
  const several = name !== "disparate_impact" && columns.length >= 1;
  const one = name === "disparate_impact" && columns.length === 1 && privileged !== undefined;
  if (!several && !one) return badArguments(operand, takes, signature.example, scope);
  const [column] = columns;
  if (privileged !== undefined && column !== undefined && !isGroup(privileged, column, site.dataset, scope)) {
    return undefined;
  }
  const { unit, better, high } = signature;
  return {
    measure: {
      kind: "fairness",
      name,
      columns,
      ...(privileged === undefined ? {} : { privileged: privileged.value }),
      unit,
      better,
    },
    text: operandText(operand),
    span: operand.span,
    name,
    low: 0,
    ...(high === undefined ? {} : { high }),
  };
}

/** Whether a text is a group of a column, as far as the dataset says which there are; reports one that is none. */
export function isGroup(group: Text, column: string, dataset: CheckedDataset | undefined, scope: Scope): boolean {
  const groups = groupsOf(column, dataset);
  if (groups === undefined || groups.includes(group.value)) return true;
  const suggestion = suggest(group.value, groups);
  scope.out.report(
    "gate/unknown-group",
    group.span,
    { group: group.value, column, suggestion, groups },
    suggestion === undefined
      ? {}
      : { fixes: [{ label: `write \`"${suggestion}"\``, edits: [{ span: group.span, text: `"${suggestion}"` }] }] },
  );
  return false;
}

/** The values of a column where its declaration lists them. */
export function groupsOf(column: string, dataset: CheckedDataset | undefined): readonly string[] | undefined {
  const declared = dataset?.columns.find(({ name }) => name === column);
  if (declared?.oneOf !== undefined) return declared.oneOf;
  if (declared?.type === "boolean") return ["false", "true"];
  const { range } = declared ?? {};
  if (declared?.type !== "integer" || range === undefined || range.high - range.low > 1000) return undefined;
  return Array.from({ length: Math.floor(range.high - range.low) + 1 }, (_, index) => String(range.low + index));
}
