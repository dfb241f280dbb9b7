import type { ThresholdTest } from "../../compiler/plan/condition.ts";
import type { ShareDriftedMeasure } from "../../compiler/plan/measure.ts";
import { benjaminiHochberg } from "../stats/multiple.ts";
import { type Evaluation, isNoAnswer, type NoAnswer, unknown } from "./answer.ts";
import type { Context, Qualifiers } from "./context.ts";
import type { Distance } from "./distance.ts";
import { columnDistance, driftAlpha, movedBeyond } from "./drift.ts";
import type { Observation } from "./observation.ts";
import { nameOf, styleOf } from "./quantity.ts";
import { relate, relationWords } from "./verdict.ts";

/**
 * `share_drifted(customers, psi > 0.25) >= 50%`. Columns drift as by the function itself; the p-values of `ks`, `chi_square` and `mmd` are adjusted over all
 * columns that have one (Benjamini-Hochberg, q = 0.05). A column without an answer counts as drifted and as not drifted: true or false
 * only where both say so, else the reason of the first such column.
 */
export function shareDrifted(
  { measure, relation, limit }: Omit<ThresholdTest, "measure"> & { readonly measure: ShareDriftedMeasure },
  observation: Observation,
  context: Context,
  qualifiers: Qualifiers,
): Evaluation {
  const name = nameOf(measure);
  if (observation.kind === "unanswered") return unknown(name, observation);
  if (observation.kind !== "columns") {
    const detail = `an observation of kind "${observation.kind}" does not answer it`;
    return unknown(name, { reason: "schema_mismatch", detail });
  }
  const { columns } = observation;
  if (columns.length === 0) return unknown(name, { reason: "no_data", detail: "there are no columns", n: 0 });
  const distances = columns.map(({ column, observation: one }) => ({
    column,
    distance: columnDistance({ name: measure.by, options: {} }, one, context, qualifiers, column),
  }));
  const adjusted = adjust(distances.map(({ distance }) => distance));
  const answers = distances.map(({ column }, index) => {
    const distance = adjusted[index] as Distance | NoAnswer;
    if (isNoAnswer(distance)) return { column, moved: undefined, why: distance };
    const moved = movedBeyond(distance, measure.relation === ">", measure.limit, driftAlpha);
    const why: NoAnswer = { reason: "unresolvable_at_n", detail: "chance alone reaches the limit" };
    return { column, moved, why: moved === undefined ? why : undefined, value: distance.value };
  });
  const drifted = answers.filter(({ moved }) => moved === true);
  const open = answers.filter(({ moved }) => moved === undefined);
  const low = drifted.length / columns.length;
  const high = (drifted.length + open.length) / columns.length;
  const truth = relate(low, relation, limit, high);
  const style = styleOf(measure);
  const named = drifted.length === 0 ? "" : `: ${some(drifted.map(({ column }) => column))}`;
  const [first] = open;
  const unknowns =
    first === undefined ? "" : `, ${open.length} without an answer (${first.column}: ${first.why?.detail ?? ""})`;
  return {
    truth,
    ...(truth === undefined ? { reason: first?.why?.reason ?? ("undefined_value" as const) } : {}),
    sentence: `${name} is ${low === high ? style.value(low) : `between ${style.value(low)} and ${style.value(high)}`}, ${drifted.length} of ${columns.length} columns${named}${unknowns}: ${relationWords[relation]} ${style.value(limit)} is asked`,
    ...(low === high ? { estimate: low } : {}),
    bound: limit,
    unit: measure.unit,
    n: columns.length,
    method: `${measure.by} of each column`,
    values: Object.fromEntries(
      answers.flatMap(({ column, value }) => (value === undefined ? [] : [[`${measure.by}(${column})`, value]])),
    ),
    flip:
      truth === undefined
        ? "An answer of the columns that have none would decide."
        : `${Math.max(1, Math.ceil(Math.abs(low - limit) * columns.length))} ${low >= limit ? "fewer" : "more"} drifted columns would reach the limit.`,
  };
}

function adjust(distances: readonly (Distance | NoAnswer)[]): (Distance | NoAnswer)[] {
  const withP = distances.flatMap((one, index) =>
    isNoAnswer(one) || one.p === undefined ? [] : [{ index, p: one.p }],
  );
  const adjusted = benjaminiHochberg(withP.map(({ p }) => p));
  const byIndex = new Map(withP.map(({ index }, rank) => [index, adjusted[rank] as number]));
  return distances.map((one, index) => {
    const p = byIndex.get(index);
    return p === undefined || isNoAnswer(one) ? one : { ...one, p };
  });
}

function some(columns: readonly string[]): string {
  return columns.length > 5 ? `${columns.slice(0, 5).join(", ")}, ...` : columns.join(", ");
}
