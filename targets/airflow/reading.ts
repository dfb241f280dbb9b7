import type { Reading } from "../../compiler/reading/sentence.ts";

const WIDTH = 100;

/** A policy in plain English as lines of plain text: the number of the policy's line before each sentence, an empty line between chapters. */
export function readingLines(reading: Reading): string[] {
  return reading.chapters.flatMap(({ title, sentences }, index) => [
    ...(index === 0 ? [] : [""]),
    oneLine(title),
    ...sentences.flatMap(({ line, text, part }) => wrapped(`${String(line).padStart(4)}  ${part ? "  " : ""}`, text)),
  ]);
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();

function wrapped(head: string, text: string): string[] {
  const found: string[] = [];
  let line = head.trimEnd();
  let room = WIDTH;
  for (const word of oneLine(text).split(" ")) {
    const begun = line.length < head.length ? line.padEnd(head.length) : `${line} `;
    if (begun.length + word.length > room && line.length > head.length) {
      found.push(line);
      line = `${" ".repeat(head.length)}${word}`;
      room = WIDTH;
    } else line = begun + word;
  }
  return [...found, line];
}
