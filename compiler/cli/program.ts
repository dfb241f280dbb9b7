import { Command } from "commander";
import { bareProgram } from "./bare-program.ts";
import { check } from "./commands/check.ts";
import { compile } from "./commands/compile.ts";
import { doctor } from "./commands/doctor.ts";
import { explain } from "./commands/explain.ts";
import { fmt } from "./commands/fmt.ts";
import { freeze, unfreeze } from "./commands/freeze.ts";
import { init } from "./commands/init.ts";
import { ledger } from "./commands/ledger.ts";
import { rollback } from "./commands/rollback.ts";
import { run } from "./commands/run.ts";
import { schema } from "./commands/schema.ts";
import { serve } from "./commands/serve.ts";
import { show } from "./commands/show.ts";
import { status } from "./commands/status.ts";
import { approve, deny, hold, resume } from "./commands/steer.ts";
import { targets } from "./commands/targets.ts";
import { watch } from "./commands/watch.ts";
import { why } from "./commands/why.ts";

/** Adds one command to the program. Its action imports what it needs when it runs, so that `--help` stays fast. */
export type Register = (program: Command, setExit: (code: number) => void) => void;

const LOOK = "See what happened, and why:";

/** Commands in the order in which a person meets them. */
const groups: readonly (readonly [title: string, commands: readonly Register[]])[] = [
  ["Write policies:", [init, check, show, fmt, compile, targets]],
  ["Carry them out on this machine:", [run, watch, serve]],
  [LOOK, [status, why, ledger, explain, schema, doctor]],
  ["Decide by hand:", [approve, deny, hold, resume, rollback, freeze, unfreeze]],
];

/** The whole command line: global flags, and one file a command. */
export function makeProgram(setExit: (code: number) => void): Command {
  const program = bareProgram();
  program.addHelpCommand(
    new Command("help").argument("[command]").description("show the help of a command").helpGroup(LOOK),
  );
  for (const [title, commands] of groups) {
    program.commandsGroup(title);
    for (const register of commands) register(program, setExit);
  }
  return program;
}
