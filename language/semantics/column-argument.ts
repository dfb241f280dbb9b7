import type { Argument, Name, Operand } from "../syntax/tree.ts";
import { badArguments } from "./call-messages.ts";
import type { CheckedDataset } from "./checked/policy.ts";
import { columnNames, findColumn, findDataset, type Scope } from "./scope.ts";
import type { Site } from "./site.ts";

export interface ColumnReference {
  readonly dataset: CheckedDataset;
  readonly name: Name;
}

/** The column that an argument names: `flights.distance`, or `distance` where one dataset is in scope. Reports; undefined when there is none. */
export function columnArgument(
  operand: Operand,
  argument: Argument,
  site: Site,
  scope: Scope,
): ColumnReference | undefined {
  if (argument.kind !== "Operand" || argument.arguments !== undefined || argument.path.length > 2) {
    return badArguments(operand, "a column", `${operand.path[0].text}(COLUMN)`, scope);
  }
  const [first, second] = argument.path;
  if (second !== undefined) {
    const dataset = findDataset(first, scope);
    return dataset !== undefined && findColumn(second, dataset, scope) ? { dataset, name: second } : undefined;
  }
  if (site.dataset !== undefined)
    return findColumn(first, site.dataset, scope) ? { dataset: site.dataset, name: first } : undefined;
  const owner = [...scope.datasets.values()].find((dataset) => columnNames(dataset).includes(first.text));
  const written = owner === undefined ? undefined : `${owner.name}.${first.text}`;
  return scope.out.report(
    "name/unknown",
    first.span,
    { name: first.text, suggestion: written, scope: "datasets, so a column is written `DATASET.COLUMN`" },
    written === undefined
      ? {}
      : { fixes: [{ label: `write \`${written}\``, edits: [{ span: first.span, text: written }] }] },
  );
}

function typeOf(reference: ColumnReference): string | undefined {
  return reference.dataset.columns.find((column) => column.name === reference.name.text)?.type;
}

/** Whether a column is of a type that a function can take; reports one that is not. */
export function rightType(
  operand: Operand,
  reference: ColumnReference,
  types: readonly string[] | undefined,
  scope: Scope,
): boolean {
  const type = typeOf(reference);
  if (types === undefined || type === undefined || types.includes(type)) return true;
  scope.out.report("type/column-type", reference.name.span, {
    name: operand.path[0].text,
    column: reference.name.text,
    type,
    wanted: `a ${types.join(" or ")}`,
  });
  return false;
}
