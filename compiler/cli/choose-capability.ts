import { suggest } from "../../language/diagnostics/suggest.ts";
import type { Row } from "../../targets/shared/table.ts";
import { Failure } from "../driver/failure.ts";

/** The column that is meant, and of it the rows whose id or name a person wrote a part of; all without a name. Throws Failure (`usage`) where there is no such target or construct. */
export function chooseRows(
  columns: ReadonlyMap<string, readonly Row[]>,
  target: string | undefined,
  construct: string | undefined,
): ReadonlyMap<string, readonly Row[]> {
  if (target === undefined) return columns;
  const rows = columns.get(target);
  if (rows === undefined) {
    const known = `There are: ${[...columns.keys()].join(", ")}.`;
    throw new Failure("usage", "usage/unknown-target", `there is no target \`${target}\``, known);
  }
  if (construct === undefined) return new Map([[target, rows]]);
  const plain = (text: string) => text.replace(/[`'"]/g, "").toLowerCase();
  const exact = rows.filter(({ id, construct: name }) => id === construct || plain(name) === plain(construct));
  const found = exact.length > 0 ? exact : rows.filter((row) => plain(row.construct).includes(plain(construct)));
  if (found.length > 0) return new Map([[target, found]]);
  const near = suggest(
    construct,
    rows.map(({ id }) => id),
  );
  const help = near === undefined ? `\`retrain targets ${target}\` lists them.` : `Did you mean \`${near}\`?`;
  throw new Failure("usage", "usage/unknown-construct", `there is no construct \`${construct}\``, help);
}
