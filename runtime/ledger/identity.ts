import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { systemCode } from "../files/error.ts";

/**
 * Which host a process number means something on: name, boot and process-number space. Two containers may share a name
 * without seeing each other's processes, and a number from before a reboot says nothing.
 */
function thisHost(): string {
  const parts = [hostname(), read("/proc/sys/kernel/random/boot_id")?.slice(0, 8), processNumberSpace()];
  return parts
    .filter((part) => part !== undefined)
    .join("~")
    .replaceAll(":", "_");
}

function processNumberSpace(): string | undefined {
  try {
    return /\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0];
  } catch {
    return undefined;
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** State letter and start time (clock ticks since boot) from /proc/PID/stat; see proc_pid_stat(5). The name before them may hold anything, so they count from its last bracket. */
function processState(pid: number): { readonly state: string; readonly start: string } | undefined {
  const text = read(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const state = fields[0];
  const start = fields[19];
  return state === undefined || start === undefined ? undefined : { state, start };
}

/** A process of this host as a holder of leases: `HOST:PID:START`. START is `-` on systems without /proc and for a process that is gone already. */
export function identityOf(pid: number): string {
  return `${thisHost()}:${pid}:${processState(pid)?.start ?? "-"}`;
}

/** This process as a holder of leases. */
export function thisProcess(): string {
  return identityOf(process.pid);
}

/** True only when it is proven that the holder's process is gone: same host, and no such process or another one under its number. */
export function isDead(holder: string): boolean {
  const match = /^([^:]*):(\d+):(\d+|-)$/.exec(holder);
  if (match === null || match[1] !== thisHost()) return false;
  const pid = Number(match[2]);
  const found = processState(pid);
  if (found !== undefined) {
    // A zombie (Z) or dead (X) process can do nothing any more; it only waits for its parent.
    return found.state === "Z" || found.state === "X" || (match[3] !== "-" && found.start !== match[3]);
  }
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return systemCode(error) === "ESRCH";
  }
}
