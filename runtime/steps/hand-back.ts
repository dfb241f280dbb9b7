import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { writeWhole } from "../files/whole.ts";
import type { Asked } from "./arguments.ts";

/** What a step says to the engine. */
export interface HandBack {
  /** The word on its edge. */
  readonly word: string;
  /** One sentence for the engine's log. */
  readonly sentence: string;
  readonly values?: Readonly<Record<string, string>>;
  /** The run is broken: the step fails, though its word is written. */
  readonly broken?: boolean;
}

/** Writes word and values, each whole; a value that the step does not have is empty. Rejects with FileError. */
export async function writeHandBack({ word, values = {} }: HandBack, asked: Asked): Promise<void> {
  const files = [...asked.values].map(([name, path]) => [path, values[name] ?? ""] as const);
  if (asked.word !== undefined) files.push([asked.word, word]);
  for (const [path, text] of files) {
    mkdirSync(dirname(path), { recursive: true });
    await writeWhole(path, text);
  }
}
