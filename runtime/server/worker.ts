import { parentPort, workerData } from "node:worker_threads";
import { wordsOf } from "./error.ts";

/** What a version's worker thread is told: score this row. */
export interface ScoreRequest {
  readonly id: number;
  readonly row: unknown;
}

/** What a version's worker thread says. `loaded` or `unloadable` comes first and once. */
export type WorkerMessage =
  | { readonly kind: "loaded" }
  | { readonly kind: "unloadable"; readonly error: string }
  | { readonly kind: "score"; readonly id: number; readonly score: number; readonly decision: boolean | undefined }
  | {
      readonly kind: "failure";
      readonly id: number;
      readonly failure: "exception" | "bad_score";
      readonly error: string;
    };

type Predict = (row: unknown) => unknown;

/** Runs in the worker thread: imports the artefact named by `workerData` (a file address) and scores what it is sent. */
async function main(): Promise<void> {
  const port = parentPort;
  if (port === null) return;
  const say = (message: WorkerMessage): void => port.postMessage(message);
  let predict: Predict;
  try {
    predict = predictOf(await import(String(workerData)));
  } catch (error) {
    say({ kind: "unloadable", error: wordsOf(error) });
    return;
  }
  // What was sent while the artefact loaded waits in the port until a listener is there.
  port.on("message", async ({ id, row }: ScoreRequest) => {
    try {
      const answer = predict(row);
      say(messageOf(id, answer instanceof Promise ? await answer : answer));
    } catch (error) {
      say({ kind: "failure", id, failure: "exception", error: wordsOf(error) });
    }
  });
  say({ kind: "loaded" });
}

function predictOf(module: unknown): Predict {
  const predict = (module as { predict?: unknown }).predict;
  if (typeof predict !== "function") throw new Error("it exports no function `predict`");
  return (row) => Reflect.apply(predict, undefined, [row]);
}

function messageOf(id: number, answer: unknown): WorkerMessage {
  const { score, decision } = (typeof answer === "object" && answer !== null ? answer : {}) as Record<string, unknown>;
  if (typeof score !== "number" || !Number.isFinite(score)) {
    const given = typeof score === "number" ? String(score) : score === undefined ? "no score" : `a ${typeof score}`;
    return {
      kind: "failure",
      id,
      failure: "bad_score",
      error: `predict returned ${given}; \`score\` must be a finite number`,
    };
  }
  if (decision !== undefined && typeof decision !== "boolean") {
    const error = `predict returned a ${typeof decision} as decision; \`decision\` must be true, false or absent`;
    return { kind: "failure", id, failure: "bad_score", error };
  }
  return { kind: "score", id, score, decision };
}

await main();
