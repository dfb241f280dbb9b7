import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { writeWhole } from "../files/whole.ts";
import type { Asked } from "./arguments.ts";
import { exit, StepError } from "./error.ts";

/** Bytes that Kubernetes keeps of a container's last words: https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/ */
const LAST_WORDS = 4096;

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
  if (asked.answers !== undefined) writeTogether(asked.answers, { word, ...values });
}

/** Writes word and values as one JSON object into a file that Kubernetes has mounted, so that it cannot be replaced. Throws StepError where they are more than is kept. */
function writeTogether(path: string, answers: Readonly<Record<string, string>>): void {
  const text = JSON.stringify(answers);
  const bytes = Buffer.byteLength(text);
  if (bytes > LAST_WORDS) {
    throw new StepError(
      exit.broken,
      `word and values are ${bytes} bytes, and a container's last words are ${LAST_WORDS}: name fewer datasets with \`holdout\`, or run these steps on another engine`,
    );
  }
  writeFileSync(path, text);
}
