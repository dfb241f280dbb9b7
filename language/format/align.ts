import type { Line } from "./print-statements.ts";

/** What stands on a line of its own in a block: a statement, a block, or a comment. */
export type Entry = {
  /** A statement in two parts, or all of the text. */
  readonly content: Line | string;
  /** Blocks and broken statements end the alignment of what stands before them. */
  readonly breaks: boolean;
  blankBefore: boolean;
  /** Comments on the same line, each with the space before it. */
  trailing: string;
  /** The width of the key with its gap as the author wrote it; undefined when it stood over several lines. */
  readonly writtenWidth: number | undefined;
};

/** How much wider than its longest key a column may be when the author aligned it so throughout. */
const spare = 4;

/**
 * The text of each entry. Neighbours without a blank line between them share one column, set by the longest key; a wider
 * column that all of them already share is kept.
 */
export function alignEntries(entries: readonly Entry[]): string[] {
  const widths = new Map<Entry, number>();
  let run: Entry[] = [];
  const close = (): void => {
    const width = widthOf(run);
    for (const entry of run) widths.set(entry, width);
    run = [];
  };
  for (const entry of entries) {
    if (entry.blankBefore || entry.breaks) close();
    if (typeof entry.content === "string" || entry.content.alone) continue;
    run.push(entry);
    if (entry.content.rest.includes("\n")) close();
  }
  close();
  return entries.map((entry) => `${entryText(entry, widths.get(entry) ?? 0)}${entry.trailing}`);
}

function widthOf(run: readonly Entry[]): number {
  const longest = Math.max(
    0,
    ...run.map((entry) => (typeof entry.content === "string" ? 0 : entry.content.key.length)),
  );
  const written = run[0]?.writtenWidth;
  const isShared = run.length > 1 && written !== undefined && run.every((entry) => entry.writtenWidth === written);
  return isShared && written > longest + 1 && written <= longest + spare ? written : longest + 1;
}

function entryText(entry: Entry, width: number): string {
  if (typeof entry.content === "string") return entry.content;
  const { key, rest, alone } = entry.content;
  if (rest === "") return key;
  return alone ? `${key} ${rest}` : `${key.padEnd(width)}${rest}`;
}
