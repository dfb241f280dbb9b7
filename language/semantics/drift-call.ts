import { operand as operandText } from "../format/print-values.ts";
import type { Argument, Operand } from "../syntax/tree.ts";
import { badArguments, notHere } from "./call-messages.ts";
import type { DriftFunction, Options } from "./checked/measure.ts";
import type { CheckedDataset } from "./checked/policy.ts";
import { columnArgument, rightType } from "./column-argument.ts";
import { findDataset, type Scope, unknown } from "./scope.ts";
import { type DriftSignature, driftFunctions } from "./signatures/functions.ts";
import { type Resolved, type Site, siteName } from "./site.ts";

/** Whether a name is a distance between two samples. */
export function isDrift(name: string): name is DriftFunction {
  return Object.hasOwn(driftFunctions, name);
}

/** `psi(transactions.amount)`, and `psi(challenger.score, champion.score)` of the answers of two versions. */
export function drift(operand: Operand, name: DriftFunction, site: Site, scope: Scope): Resolved | undefined {
  const [first, ...rest] = operand.arguments ?? [];
  if (first === undefined) return badArguments(operand, "a column", `${name}(COLUMN)`, scope);
  if (first.kind === "Operand" && ["challenger", "champion"].includes(first.path[0].text)) {
    return scoreDrift(operand, name, site, scope);
  }
  const options = driftOptions(operand, name, rest, scope);
  if (options === undefined) return undefined;
  if (site.place !== "drift" && site.place !== "validate") {
    return notHere(operand, siteName(site), "Drift of data is watched in `trigger` and judged in `validate`.", scope);
  }
  const signature = driftFunctions[name];
  const reference = columnArgument(operand, first, site, scope);
  if (reference === undefined || !rightType(operand, reference, signature.types, scope)) return undefined;
  const { dataset } = reference;
  if (!hasWindows(dataset, `drift of \`${reference.name.text}\``, reference.name.span, scope)) return undefined;
  return {
    measure: {
      kind: "drift",
      name,
      dataset: dataset.name,
      column: reference.name.text,
      options,
      unit: "number",
      better: "lower",
    },
    text: operandText(operand),
    span: operand.span,
    name,
    ...endsOf(signature),
  };
}

function endsOf({ low, high }: DriftSignature): { readonly low: number; readonly high?: number } {
  return { low, ...(high === undefined ? {} : { high }) };
}

/** Whether a dataset has both windows that drift compares; reports the one that is missing, once. */
function hasWindows(dataset: CheckedDataset, drift: string, span: Operand["span"], scope: Scope): boolean {
  if (dataset.reference !== undefined && dataset.current !== undefined) return true;
  const what = dataset.reference === undefined ? "reference" : "current";
  if (dataset.incomplete || dataset.stated[what]) return false;
  if (!scope.out.once(`${what} of ${dataset.name}`)) return false;
  scope.out.report(
    "trigger/drift-without-window",
    span,
    { drift, dataset: dataset.name, what },
    { labels: [{ span: dataset.span, text: `no \`${what}\` in here` }] },
  );
  return false;
}

/** `missing: "ignore"` leaves missing values out; `epsilon: 0.0001` floors the shares of empty bins of `psi`. */
function driftOptions(
  operand: Operand,
  name: DriftFunction,
  given: readonly Argument[],
  scope: Scope,
): Options | undefined {
  const read: Record<string, string | number> = {};
  for (const argument of given) {
    const wrong = (): undefined =>
      badArguments(
        operand,
        name === "psi"
          ? '`missing: "ignore"` and `epsilon: 0.0001` after the column'
          : '`missing: "ignore"` after the column',
        `${name}(COLUMN, missing: "ignore")`,
        scope,
      );
    if (argument.kind !== "NamedArgument" || Object.hasOwn(read, argument.name.text)) return wrong();
    const { value } = argument;
    const option = argument.name.text;
    if (option === "missing" && value.kind === "Text" && value.value === "ignore") read[option] = "ignore";
    else if (option === "epsilon" && name === "psi" && value.kind === "Quantity" && value.unit === "number") {
      if (!(value.value > 0 && value.value <= 0.01)) return wrong();
      read[option] = value.value;
    } else return wrong();
  }
  return read;
}

function scoreDrift(operand: Operand, name: DriftFunction, site: Site, scope: Scope): Resolved | undefined {
  if (site.place !== "gate" && site.place !== "shadow" && site.place !== "live") {
    return notHere(
      operand,
      siteName(site),
      "It compares the scores of two versions, so it stands in gates and stages.",
      scope,
    );
  }
  const [left, right, ...rest] = operand.arguments ?? [];
  const ofScore = (argument: Argument | undefined, party: string): boolean =>
    argument?.kind === "Operand" && operandText(argument) === `${party}.score`;
  if (!ofScore(left, "challenger") || !ofScore(right, "champion")) {
    return badArguments(
      operand,
      "the scores of both versions, the challenger's first",
      `${name}(challenger.score, champion.score)`,
      scope,
    );
  }
  const options = driftOptions(operand, name, rest, scope);
  if (options === undefined) return undefined;
  return {
    measure: { kind: "score_drift", name, options, unit: "number", better: "lower" },
    text: operandText(operand),
    span: operand.span,
    name,
    ...endsOf(driftFunctions[name]),
  };
}

/** Types of column whose drift tells something: keys and free texts are new in every row. */
const comparable: readonly string[] = ["number", "integer", "category", "boolean"];

/** `share_drifted(transactions, psi > 0.25)`: the share of columns that have drifted by another function. */
export function shareDrifted(operand: Operand, site: Site, scope: Scope): Resolved | undefined {
  const example = "share_drifted(DATASET, psi > 0.25)";
  const takes = "a dataset and what counts as drifted";
  const [first, second, ...rest] = operand.arguments ?? [];
  if (
    first?.kind !== "Operand" ||
    first.path.length !== 1 ||
    second?.kind !== "ComparisonArgument" ||
    rest.length > 0
  ) {
    return badArguments(operand, takes, example, scope);
  }
  if (site.place !== "drift" && site.place !== "validate") {
    return notHere(operand, siteName(site), "Drift of data is watched in `trigger` and judged in `validate`.", scope);
  }
  const dataset = findDataset(first.path[0], scope);
  if (dataset === undefined) return undefined;
  if (site.dataset !== undefined && site.place === "validate" && dataset !== site.dataset) {
    return notHere(
      operand,
      `\`validate ${site.dataset.name}\``,
      `It is about \`${dataset.name}\`: move it to \`validate ${dataset.name}\`.`,
      scope,
    );
  }
  const by = second.left.path[0];
  if (second.left.path.length > 1 || second.left.arguments !== undefined || !isDrift(by.text)) {
    return unknown(by, Object.keys(driftFunctions), (suggestion, fixes) =>
      scope.out.report("name/unknown-function", by.span, { name: by.text, suggestion }, { fixes }),
    );
  }
  const { right, operator } = second;
  const relation = operator.text;
  if (right.kind !== "Quantity" || right.unit !== "number" || (relation !== ">" && relation !== ">=")) {
    return badArguments(operand, takes, example, scope);
  }
  const { low, high } = driftFunctions[by.text];
  if (right.value <= low || (high !== undefined && right.value >= high)) {
    return scope.out.report("type/limit-out-of-range", right.span, {
      measure: by.text,
      written: right.raw,
      range: high === undefined ? `above ${low}` : `above ${low} and below ${high}`,
    });
  }
  if (!hasWindows(dataset, "drift of its columns", first.span, scope)) return undefined;
  const columns = dataset.columns
    .filter(({ name, type }) => comparable.includes(type) && name !== dataset.label?.column)
    .filter(({ name }) => name !== dataset.time && !dataset.key.includes(name))
    .map(({ name }) => name);
  if (columns.length === 0) {
    if (dataset.incomplete) return undefined;
    return scope.out.report(
      "trigger/nothing-to-drift",
      first.span,
      { dataset: dataset.name },
      { labels: [{ span: dataset.span, text: "its columns" }] },
    );
  }
  return {
    measure: {
      kind: "share_drifted",
      dataset: dataset.name,
      columns,
      by: by.text,
      relation,
      limit: right.value,
      unit: "ratio",
      better: "lower",
    },
    text: operandText(operand),
    span: operand.span,
    name: "share_drifted",
    low: 0,
    high: 1,
  };
}
