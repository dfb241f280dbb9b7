import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { isDead, thisProcess } from "../../../runtime/ledger/identity.ts";

const [host = "", pid = "", start = ""] = thisProcess().split(":");

function startTime(of: number): string {
  const text = readFileSync(`/proc/${of}/stat`, "utf8");
  return text.slice(text.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}

it("names host, process and start time of this process", () => {
  expect(pid).toBe(String(process.pid));
  expect(start).toBe(startTime(process.pid));
  expect(thisProcess()).toBe(thisProcess());
});

it("a living process is not dead, and neither is one that nothing is known of", () => {
  expect(isDead(thisProcess())).toBe(false);
  expect(isDead(`${host}:${process.ppid}:${startTime(process.ppid)}`)).toBe(false);
  expect(isDead(`other-${host}:${pid}:1`)).toBe(false);
  expect(isDead("someone")).toBe(false);
  expect(isDead("")).toBe(false);
});

it("another process under the number of the holder proves the holder dead", () => {
  expect(isDead(`${host}:${pid}:${Number(start) + 1}`)).toBe(true);
});

it("a process that has ended is dead", async () => {
  const child = spawn("sleep", ["60"]);
  const holder = `${host}:${child.pid}:${startTime(child.pid ?? 0)}`;
  expect(isDead(holder)).toBe(false);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(isDead(holder)).toBe(true);
});

it("a process that has ended but was not collected by its parent is dead", async () => {
  const parent = spawn("sh", ["-c", "sleep 0.5 & echo $!; exec sleep 60"], { stdio: ["ignore", "pipe", "inherit"] });
  const [text] = await once(parent.stdout, "data");
  const child = Number(String(text));
  const holder = `${host}:${child}:${startTime(child)}`;
  await expect.poll(() => isDead(holder)).toBe(true);
  expect(readFileSync(`/proc/${child}/stat`, "utf8")).toContain(") Z ");
  parent.kill("SIGKILL");
  await once(parent, "exit");
});
