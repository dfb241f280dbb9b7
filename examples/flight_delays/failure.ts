/** A mistake of the input or of the machine, told in one message without a stack: what is wrong, where, and what to do. */
export class Failure extends Error {}

/** Runs a script's main function. A `Failure` becomes one line on standard error and exit code 1; anything else is a bug and keeps its stack. */
export async function runScript(name: string, main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    const parseArgsError =
      error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
    if (!(error instanceof Failure) && !parseArgsError) {
      throw error;
    }
    console.error(`${name}: ${error.message}`);
    process.exitCode = 1;
  }
}
