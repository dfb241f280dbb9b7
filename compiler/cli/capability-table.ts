import type { Cell, Row } from "../../targets/shared/table.ts";
import type { Session } from "./session.ts";
import { wrap, wrapAfter } from "./wrap.ts";

const COLORS = { native: "green", emulated: "yellow", pending: "yellow", refused: "red" } as const;
/** Room of a construct's name, and of the word of an engine. */
const NAME = 42;
const WORD = 9;

const LEGEND =
  "native: the engine's own means. emulated: by other means, with the same decisions. pending: it compiles with a warning, and the runtime of this release cannot carry it out. refused: an error, and nothing is written.";

const word = (session: Session, { support }: Cell) => session.paint(COLORS[support], support.padEnd(WORD));

/** Constructs by engines; fits 80 columns. */
export function printMatrix(session: Session, columns: ReadonlyMap<string, readonly Row[]>): void {
  const [first = []] = columns.values();
  session.print(
    session
      .paint("bold", `${"".padEnd(NAME)}${[...columns.keys()].map((name) => name.padEnd(WORD)).join(" ")}`)
      .trimEnd(),
  );
  let chapter = "";
  for (const [index, row] of first.entries()) {
    if (row.chapter !== chapter) {
      chapter = row.chapter;
      session.print(session.paint("bold", chapter));
    }
    const cells = [...columns.values()].map((rows) => rows[index]).filter((one) => one !== undefined);
    const words = cells.map((one) => session.paint(COLORS[one.support], one.support.padEnd(WORD)));
    session.print(`  ${row.construct.padEnd(NAME - 2)}${words.join(" ").trimEnd()}`);
  }
  session.print("");
  session.print(wrap(LEGEND, 0, session.columns));
  session.print(wrap("How, and where an option changes it: `retrain targets NAME`.", 0, session.columns));
}

/** One engine: how it holds each construct. */
export function printColumn(session: Session, name: string, rows: readonly Row[]): void {
  session.print(session.paint("bold", name));
  for (const row of rows) {
    const head = `  ${word(session, row)}`;
    session.print(wrapAfter(head, 4 + WORD, `${row.construct}: ${row.how}`, session.columns));
    for (const one of row.differs) {
      const text = `${one.support} with \`${one.option}\`: ${one.how}`;
      session.print(wrap(text, 4 + WORD, session.columns));
    }
  }
}

/** One construct on one engine. */
export function printCell(session: Session, name: string, row: Row): void {
  session.print(session.paint("bold", `${row.construct} on ${name}`));
  for (const one of [{ ...row, option: undefined }, ...row.differs]) {
    const where = one.option === undefined ? "" : ` with \`${one.option}\``;
    session.print(wrap(`${one.support}${where}: ${one.how}`, 2, session.columns));
    if (one.code !== undefined) session.print(`  said as: ${one.code} (retrain explain ${one.code})`);
  }
}
