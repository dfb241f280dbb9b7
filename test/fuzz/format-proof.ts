import { format } from "../../language/format/format.ts";
import { walk } from "../../language/syntax/child-keys.ts";
import { dumpTree } from "../../language/syntax/dump.ts";
import { type Parsed, parse } from "../../language/syntax/parse.ts";
import { createSource, type Source, spanText, withOneLineBreak } from "../../language/text/source.ts";

/**
 * What is wrong with a formatted text, in words; undefined when it means the same, keeps every comment, leaves what does not
 * parse as it is, and is left alone by the formatter. The formatter proves its results as well; this does not rely on it.
 */
export function formatProblem(source: Source, read: Parsed, formatted: string): string | undefined {
  // The same text means the same.
  if (formatted === source.text) return undefined;
  const again = createSource(source.path, formatted);
  const readAgain = parse(again);
  if (dumpTree(source, read.file) !== dumpTree(again, readAgain.file)) return "the formatted text means something else";
  if (comments(read) !== comments(readAgain)) return "the formatted text lacks a comment";
  if (brokenTexts(source, read) !== brokenTexts(again, readAgain)) return "what does not parse was changed";
  if (read.diagnostics.length === 0 && readAgain.diagnostics.length > 0) return "the formatted text does not parse";
  if (format(again, readAgain).text !== formatted) return "the formatted text changes when it is formatted again";
  return undefined;
}

/** Line breaks are written as one character everywhere; otherwise comments are kept letter by letter. */
function comments({ comments: all }: Parsed): string {
  return JSON.stringify(all.map(({ text }) => withOneLineBreak(text).trimEnd()).sort());
}

function brokenTexts(source: Source, { file }: Parsed): string {
  const texts: string[] = [];
  walk(file, (node) => {
    if (node.kind === "Broken") texts.push(withOneLineBreak(spanText(source, node.span)));
    return undefined;
  });
  return JSON.stringify(texts);
}
