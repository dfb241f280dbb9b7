import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../files/whole.ts";
import { identityOf, isDead } from "../ledger/identity.ts";
import { endGroup } from "./process.ts";

/** Names of the files in an attempt's folder by which a process left over by a killed life is found and ended: its mark, written before it is started, and its number, written once it runs. */
const MARK_FILE = "mark.json";
const PROCESS_FILE = "process.json";

/** Variable that marks the processes of one attempt: a process that was started is found by it even when nobody lived to write down its number. */
export const ATTEMPT_VARIABLE = "RETRAIN_ATTEMPT";

/** Says that a process with this mark is about to be started in this folder. */
export async function intendProcess(folder: string, mark: string): Promise<void> {
  await writeWhole(join(folder, MARK_FILE), JSON.stringify({ mark }));
}

/** Says which process was started. */
export function noteProcess(folder: string, pid: number): void {
  writeFileSync(join(folder, PROCESS_FILE), JSON.stringify({ pid, identity: identityOf(pid) }));
}

/** Says that no process works in this folder any more. */
export function forgetProcess(folder: string): void {
  for (const file of [PROCESS_FILE, MARK_FILE]) rmSync(join(folder, file), { force: true });
}

/** Ends what an earlier life left running of a step, whichever attempt it was at. `folder` holds one folder an attempt. */
export function endLeftovers(folder: string): void {
  if (!existsSync(folder)) return;
  for (const attempt of readdirSync(folder)) endLeftover(join(folder, attempt));
}

function endLeftover(folder: string): void {
  const { pid, identity } = read(join(folder, PROCESS_FILE));
  if (typeof pid === "number" && typeof identity === "string" && !isDead(identity)) endGroup(pid, "SIGKILL");
  const { mark } = read(join(folder, MARK_FILE));
  if (typeof mark === "string") for (const marked of processesOf(mark)) endProcess(marked);
}

/** What a file says; nothing where it is not there, or was cut off by the end of the life that wrote it. */
function read(file: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(readFileSync(file, "utf8"));
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** Processes of this machine that carry an attempt's mark. Only systems with /proc tell; elsewhere the list is empty. */
function processesOf(mark: string): readonly number[] {
  const variable = `${ATTEMPT_VARIABLE}=${mark}`;
  return processNumbers().filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(variable);
    } catch {
      return false; // It has ended meanwhile, or belongs to somebody else.
    }
  });
}

function processNumbers(): readonly number[] {
  try {
    return readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  } catch {
    return [];
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
