import type { NoAnswer } from "./answer.ts";
import type { Qualifiers } from "./context.ts";
import { count } from "./quantity.ts";

/** Rows below which nothing is said unless the requirement names its own minimum. */
export const fewestRows = 100;
export const fewestOfClass = 30;

/** Why columns that stand beside `n` labels cannot be used: another length, or a value that is no finite number. */
export function brokenColumns(
  n: number,
  columns: readonly Float64Array[],
  weight?: Float64Array,
): NoAnswer | undefined {
  for (const column of weight === undefined ? columns : [...columns, weight]) {
    if (column.length !== n) {
      return { reason: "rows_mismatch", detail: `${count(n)} labels stand beside ${count(column.length)} values` };
    }
    const broken = column.reduce((sum, value) => sum + (Number.isFinite(value) ? 0 : 1), 0);
    if (broken > 0) {
      return {
        reason: "undefined_value",
        detail: `${count(broken)} of ${count(n)} rows hold a value that is not a finite number`,
      };
    }
  }
  if (weight?.some((one) => one < 0)) return { reason: "schema_mismatch", detail: "a weight is negative" };
  return undefined;
}

/** What is too few, of counts by noun; the requirement's own minimum replaces the number of the noun it names. */
export function tooFewOf(
  n: number,
  needed: readonly (readonly [noun: string, has: number, needs: number])[],
  { minimum }: Qualifiers,
): NoAnswer | undefined {
  const asked = needed.map(([noun, has, needs]) => [noun, has, minimum?.of === noun ? minimum.count : needs] as const);
  const also =
    minimum !== undefined && (minimum.of === "requests" || minimum.of === "pairs")
      ? [[minimum.of, n, minimum.count] as const]
      : [];
  for (const [noun, has, needs] of [...asked, ...also]) {
    if (has < needs) {
      return {
        reason: "too_few_samples",
        detail: `${count(has)} ${noun} are too few, ${count(needs)} are needed`,
        n,
        flip: `${count(needs - has)} more ${noun} would allow an answer.`,
      };
    }
  }
  return undefined;
}
