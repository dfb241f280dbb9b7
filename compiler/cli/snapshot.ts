import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString, startupSnapshot } from "node:v8";
import "../driver/read-config.ts";
import "./check-files.ts";
import { bareProgram } from "./bare-program.ts";
import { carryOut, type MakeProgram } from "./command-line.ts";
import { check } from "./commands/check.ts";
import { starterFiles } from "./starter-files.ts";

/** The command line with `check` alone. It serves one command: what commander reads stays in it. */
function programOf(): MakeProgram {
  let tell: (code: number) => void = () => {};
  const program = bareProgram();
  check(program, (code) => tell(code));
  return (setExit) => {
    tell = setExit;
    return program;
  };
}

/** Carries out a command line whose output nobody sees. The streams of a process cannot be frozen: they are first opened by the command. */
async function rehearse(words: readonly string[]): Promise<number> {
  const nowhere = { isTTY: false, columns: 80, write: () => true, on: () => nowhere, listeners: () => [] };
  const streams = ["stdout", "stderr"] as const;
  const kept = streams.map((name) => Object.getOwnPropertyDescriptor(process, name) ?? {});
  for (const name of streams) Object.defineProperty(process, name, { configurable: true, value: nowhere });
  try {
    return await carryOut(["node", "retrain", ...words], programOf());
  } finally {
    for (const [index, name] of streams.entries()) Object.defineProperty(process, name, kept[index] ?? {});
  }
}

/** Checks what the examples and the starter hold, and a policy with mistakes: the paths that most checks take. */
async function warmUp(examples: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "retrain-build-"));
  try {
    for (const [name, text] of Object.entries(starterFiles)) {
      const file = join(folder, name);
      mkdirSync(dirname(file), { recursive: true });
      // Answers about schedules are remembered: this one is nobody's.
      writeFileSync(file, text.replace("0 4 * * MON", "37 5 * * SUN"));
    }
    const code = await rehearse(["-C", folder, "check"]);
    if (code !== 0) throw new Error(`the starter policy does not check: ${code}`);
    const broken = join(folder, "broken.retrain");
    writeFileSync(broken, "language 1\npolicy broken {\n  gaet g { require auc >= 2 }\n}\n");
    for (const format of ["pretty", "json", "compact"]) {
      await rehearse(["-C", folder, "check", broken, "--format", format]);
    }
    for (const example of examples) await rehearse(["-C", example, "check"]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Lets go of the byte code of functions that were needed to make things and are not needed to check: whole collections of the
 * heap, in which code that was not run since the one before is dropped.
 */
async function forgetCode(): Promise<void> {
  for (const flag of ["--gc-global", "--flush-bytecode", "--bytecode-old-age=1"]) setFlagsFromString(flag);
  for (let collections = 0; collections < 3; collections += 1) {
    // Only a collection of the whole heap empties it.
    const witness = new WeakRef({});
    for (let rounds = 0; witness.deref() !== undefined; rounds += 1) {
      if (rounds === 1_000) throw new Error("the heap is never collected");
      Array.from({ length: 10_000 }, (_, number) => [number]);
      await sleep(0);
    }
  }
  for (const flag of ["--no-gc-global", "--no-flush-bytecode"]) setFlagsFromString(flag);
}

async function prepare(): Promise<void> {
  const examples = process.argv.slice(2);
  await warmUp(examples);
  await forgetCode();
  await warmUp(examples);
}

/*
 * The build runs this file and freezes its heap for `retrain check`: lexer, parser, schema of the configuration and command line,
 * made and used, so that the command begins with them and with the byte code of the functions that a check runs. Nothing of the build's
 * surroundings may be kept: environment, folder, terminal and time are read when the command runs.
 */
const program = programOf();
startupSnapshot.setDeserializeMainFunction(async () => {
  // What names the snapshot is no option of ours: a process that is started from here begins in the ordinary way.
  process.execArgv = [];
  const code = await carryOut(process.argv, program);
  process.exitCode = code;
  // What a broken pipe makes happen comes after the write.
  await new Promise((pass) => setImmediate(pass));
  // Taking the heap apart is left to the system, once everything is written.
  if (process.stdout.writableLength === 0 && process.stderr.writableLength === 0) process.exit(code);
});
void prepare();
