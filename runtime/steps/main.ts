import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Asked, readArguments } from "./arguments.ts";
import { exit, exitOf } from "./error.ts";
import { type HandBack, writeHandBack } from "./hand-back.ts";
import type { Surroundings } from "./open.ts";

/** A signal asked the step to end. */
class Ended extends Error {
  override readonly name = "Ended";
  readonly exit: number;

  constructor(signal: string) {
    super(`ended by ${signal}`);
    this.exit = signal === "SIGINT" ? exit.interrupted : exit.terminated;
  }
}

/** Carries out one step: `retrain-runtime VERB ...`. Gives the exit code; says what it did on standard error and never shows a stack. */
export async function main(words: readonly string[]): Promise<number> {
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const stop = new AbortController();
  const onSignal = (signal: NodeJS.Signals) => stop.abort(new Ended(signal));
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
  try {
    const asked = readArguments(words, process.env["RETRAIN_LEDGER_URL"]);
    // Engines that know no working folder of a container name it in a variable.
    const root = process.env["RETRAIN_FOLDER"] ?? process.cwd();
    const around = { root, program: version(), clock: process.env["RETRAIN_CLOCK"], say };
    const done = await carryOut(asked, around, stop.signal);
    await writeHandBack(done, asked);
    say(`${done.word}: ${done.sentence}`);
    return done.broken === true ? exit.broken : exit.done;
  } catch (error) {
    if (stop.signal.reason instanceof Ended) return stop.signal.reason.exit;
    const sentence = error instanceof Error ? error.message : String(error);
    const code = exitOf(error);
    say(`retrain-runtime: ${sentence}`);
    if (code !== undefined) return code;
    say("this is a mistake in retrain, not in your policy; please report it");
    return exit.internal;
  } finally {
    process.off("SIGTERM", onSignal);
    process.off("SIGINT", onSignal);
  }
}

async function carryOut(asked: Asked, around: Surroundings, signal: AbortSignal): Promise<HandBack> {
  if (asked.verb === "tick") return (await import("./tick.ts")).runTick(asked, around, signal);
  if (asked.verb === "finish") return (await import("./finish.ts")).finish(asked, around, signal);
  return (await import("./node.ts")).runNode(asked, around, signal);
}

function version(): string {
  if (globalThis.RETRAIN_VERSION !== undefined) return globalThis.RETRAIN_VERSION;
  const file = join(import.meta.dirname, "../../package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
