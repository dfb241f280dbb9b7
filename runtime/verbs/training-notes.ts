import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Largest `retrain.json` that is kept, bytes. */
const LARGEST = 256 * 1024;

/** Free JSON that the train step may leave beside its model: seed, parameters. Undefined where there is none; an unreadable one is kept as a sentence, since it decides nothing. */
export function readTrainingNotes(folder: string): unknown {
  let text: string;
  try {
    text = readFileSync(join(folder, "retrain.json"), "utf8");
  } catch {
    return undefined;
  }
  if (text.length > LARGEST) return `retrain.json has ${text.length} characters; at most ${LARGEST} are kept`;
  try {
    return JSON.parse(text);
  } catch {
    return "retrain.json is not JSON";
  }
}
