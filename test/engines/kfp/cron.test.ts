import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { sixFieldCron } from "../../../targets/shared/cron.ts";

const folder = join(import.meta.dirname, "cron");

/** What the library that Kubeflow reads crons with makes of them: seconds of activations, or a refusal. Undefined without Go, which is an error on CI. */
function activations(crons: readonly string[]): (number[] | string)[] | undefined {
  try {
    const out = execFileSync("go", ["run", "."], {
      cwd: folder,
      input: crons.join("\n"),
      encoding: "utf8",
      maxBuffer: 1e8,
    });
    return out
      .trimEnd()
      .split("\n")
      .map((line) => (line.startsWith("error") ? line : line.trimEnd().split(" ").map(Number)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    const missing = "Go is not installed here; on Debian: apt-get install golang-go, or https://go.dev/dl";
    if (process.env["CI"] === "true") throw new Error(missing);
    process.stderr.write(`NOT RUN: ${missing}\n`);
    return undefined;
  }
}

const SECOND = 1000;
const every = [
  ...Array.from({ length: 119 }, (_, index) => (index + 1) * SECOND),
  ...Array.from({ length: 300 }, (_, index) => (index + 1) * 60 * SECOND),
  ...Array.from({ length: 48 }, (_, index) => (index + 1) * 3600 * SECOND),
  7 * 86_400 * SECOND,
];

it("the tick comes at equal distances that are never longer than asked, as Kubeflow's own reader has it", () => {
  const found = activations(every.map(sixFieldCron));
  if (found === undefined) return;
  expect(found).toHaveLength(every.length);
  for (const [index, times] of found.entries()) {
    if (typeof times === "string") throw new Error(`${sixFieldCron(every[index] ?? 0)}: ${times}`);
    const distances = new Set(times.slice(1).map((time, place) => time - (times[place] ?? 0)));
    expect(distances.size, `every ${every[index]} ms`).toBe(1);
    const [distance = 0] = distances;
    expect(distance).toBeGreaterThan(0);
    expect(distance * SECOND, sixFieldCron(every[index] ?? 0)).toBeLessThanOrEqual(every[index] ?? 0);
  }
});

it("the same reader takes five fields for six, and refuses a zone", () => {
  const found = activations(["0 3 * * *", "TZ=UTC 0 0 0 * * *"]);
  if (found === undefined) return;
  const [five, zone] = found;
  // Meant is three in the morning; read is three minutes past every hour.
  expect(five?.slice(0, 2)).toEqual([180, 3780]);
  expect(zone).toMatch(/^error/);
});
