import { mkdirSync, rmdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Longest time that an installation takes, milliseconds; a mark that is older was left by one that was ended. */
const LONGEST = 10 * 60_000;

/** Only one process at a time installs or builds a thing; the others wait for it. */
export async function alone(mark: string, work: () => Promise<void>): Promise<void> {
  mkdirSync(join(mark, ".."), { recursive: true });
  for (;;) {
    try {
      mkdirSync(mark);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      if (Date.now() - (statSync(mark, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > LONGEST) rmdirSync(mark);
      await sleep(200);
    }
  }
  try {
    await work();
  } finally {
    rmdirSync(mark);
  }
}
