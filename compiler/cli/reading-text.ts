import type { Reading, Sentence } from "../reading/sentence.ts";
import type { Paint } from "./terminal.ts";
import { wrap, wrapAfter } from "./wrap.ts";

/** Columns of the line number before a sentence. */
const GUTTER = 5;

/** A reading for a terminal: line numbers before the sentences, chapters apart. Ends without a line break. */
export function readingText(reading: Reading, paint: Paint, columns: number): string {
  const width = Math.min(columns, 100);
  const blocks = reading.chapters.map(({ title, sentences }) =>
    [paint("bold", title), ...sentences.map((sentence) => sentenceText(sentence, paint, width))].join("\n"),
  );
  if (reading.words.length > 0) {
    const words = reading.words.map(({ word, meaning }) => {
      const text = wrap(`${word}: ${meaning}`, 4, width).trimStart();
      return `  ${paint("bold", word)}${text.slice(word.length)}`;
    });
    blocks.push([paint("bold", "Words"), ...words].join("\n"));
  }
  return blocks.join("\n\n");
}

function sentenceText({ line, text, part }: Sentence, paint: Paint, width: number): string {
  const member = text.startsWith("- ");
  const indent = GUTTER + 1 + (part ? 2 : 0) + (member ? 2 : 0);
  const head = `${paint("dim", String(line).padStart(GUTTER - 1))}  ${part ? "  " : ""}${member ? "- " : ""}`;
  return wrapAfter(head, indent, member ? text.slice(2) : text, width);
}
