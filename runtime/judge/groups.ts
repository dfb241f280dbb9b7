import type { Requirement } from "../../compiler/plan/condition.ts";
import type { NoAnswer } from "./answer.ts";
import type { ScoredRows } from "./observation.ts";
import { subset } from "./subset.ts";

/** Groups above which nothing is judged: a column with so many values is no group column. */
export const mostGroups = 50;

/** Name of the group that small ones are pooled in. */
export const pooledName = "other";

/** What a requirement says about its groups. */
export type Grouping = Pick<Requirement, "pool" | "exclude">;

/** Rows that count with the group of each, in alphabetical order of the groups. A row without a value is in the group "". */
export interface Grouped {
  readonly names: readonly string[];
  readonly of: readonly string[];
  readonly rows: ScoredRows;
}

/**
 * The group of each row: the value of a column, or the values of several joined by ", ". Excluded groups are left out with their rows; groups under the
 * pool's number of rows, positives or negatives (rows with label 1 and 0) are one group, `other`, with those that are called so.
 */
export function groupRows(
  rows: ScoredRows,
  columns: readonly string[],
  { pool, exclude }: Grouping,
): Grouped | NoAnswer {
  const values: (readonly string[])[] = [];
  for (const column of columns) {
    const found = rows.groups[column];
    if (found === undefined) return { reason: "schema_mismatch", detail: `the rows have no column ${column}` };
    if (found.length !== rows.label.length) {
      const detail = `${column} has ${found.length} values for ${rows.label.length} rows`;
      return { reason: "rows_mismatch", detail };
    }
    values.push(found);
  }
  let of = Array.from(rows.label, (_, row) => values.map((column) => column[row] ?? "").join(", "));
  let kept = rows;
  const excluded = new Set((exclude ?? []).map(({ group }) => group));
  if (of.some((group) => excluded.has(group))) {
    const all = of;
    kept = subset(rows, (row) => !excluded.has(all[row] ?? ""));
    of = all.filter((group) => !excluded.has(group));
  }
  if (pool !== undefined) {
    const counts = new Map<string, number>();
    of.forEach((group, row) => {
      const label = kept.label[row];
      const counted = pool.of === "positives" ? label === 1 : pool.of === "negatives" ? label === 0 : true;
      counts.set(group, (counts.get(group) ?? 0) + (counted ? 1 : 0));
    });
    of = of.map((group) => ((counts.get(group) ?? 0) < pool.count ? pooledName : group));
  }
  const names = [...new Set(of)].sort();
  if (names.length === 0) return { reason: "no_data", detail: "there are no rows", n: 0 };
  if (names.length > mostGroups) {
    return { reason: "schema_mismatch", detail: `${names.length} groups are more than ${mostGroups}` };
  }
  return { names, of, rows: kept };
}

/** The rows of another version in the groups of the first: what is none of them is pooled where the requirement pools. */
export function groupLike(
  rows: ScoredRows,
  columns: readonly string[],
  { exclude, pool }: Grouping,
  first: Grouped,
): Grouped | NoAnswer {
  const own = groupRows(rows, columns, exclude === undefined ? {} : { exclude });
  if ("reason" in own || pool === undefined) return own;
  const known = new Set(first.names);
  const of = own.of.map((group) => (known.has(group) ? group : pooledName));
  return { ...own, of, names: [...new Set(of)].sort() };
}

/** A group's name for a reader. */
export function groupLabel(group: string): string {
  return group === "" ? "(missing)" : group;
}
