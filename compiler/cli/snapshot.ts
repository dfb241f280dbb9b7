import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { startupSnapshot } from "node:v8";
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

async function warmUp(): Promise<void> {
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
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/*
 * The build runs this file and freezes its heap for `retrain check`: lexer, parser, schema of the configuration and command line,
 * made and used once, so that the command begins with them and with the byte code of its functions. Nothing of the build's
 * surroundings may be kept: environment, folder, terminal and time are read when the command runs.
 */
const program = programOf();
startupSnapshot.setDeserializeMainFunction(async () => {
  // What names the snapshot is no option of ours: a process that is started from here begins in the ordinary way.
  process.execArgv = [];
  process.exitCode = await carryOut(process.argv, program);
});
void warmUp();
