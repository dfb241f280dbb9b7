import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { closeNetwork } from "./network.ts";
import { root } from "./places.ts";
import { run } from "./process.ts";

const owner = join(root, "owner");

function read(pid: string | number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}

/** When a process started, in ticks of the machine: with its number it names the process for good. */
const startOf = (pid: number): string => read(pid, "stat").split(") ")[1]?.split(" ")[19] ?? "";

/** Writes down whose cluster this is. */
export function claimRoot(): void {
  writeFileSync(owner, JSON.stringify({ pid: process.pid, start: startOf(process.pid) }));
}

/** Number of the process whose cluster runs; undefined where none does. */
export function runningOwner(): number | undefined {
  if (!existsSync(owner)) return undefined;
  const { pid, start } = JSON.parse(readFileSync(owner, "utf8")) as { pid: number; start: string };
  return start !== "" && startOf(pid) === start ? pid : undefined;
}

/** Processes of a cluster: servers and shims name its folder on their command line; what runs in containers has its root file system from there. */
export function processes(names = (_words: string) => true): number[] {
  const own = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return own
    .filter((pid) => {
      const words = read(pid, "cmdline").replaceAll("\0", " ");
      if (words.includes(`${root}/`)) return names(words);
      const rootMount =
        read(pid, "mountinfo")
          .split("\n")
          .find((line) => line.split(" ")[4] === "/") ?? "";
      return rootMount.includes(`${root}/containerd/`) && names(words);
    })
    .map(Number);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}

/** Ends all processes of a cluster, unmounts, takes its network away and removes its folder. What a crash left goes the same way. */
export async function removeCluster(): Promise<void> {
  for (let tries = 0; tries < 50; tries += 1) {
    const left = processes();
    if (left.length === 0) break;
    for (const pid of left) kill(pid);
    await new Promise((wake) => setTimeout(wake, 100));
  }
  const mounted = readFileSync("/proc/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[1] ?? "")
    .filter((path) => path.startsWith(`${root}/`));
  for (const path of mounted.sort().reverse()) run("umount", ["-l", path], true);
  closeNetwork();
  rmSync(root, { recursive: true, force: true });
}
