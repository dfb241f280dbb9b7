import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { missingPostgres, startPostgres } from "../../support/postgres.ts";
import { readStories } from "./story.ts";
import { carryOut, WAYS, type Way } from "./ways.ts";

/** Carries out every story in every way and prints one table: `npm run engines:same [-- STORY... --on WAY,WAY]`. Exit code 1 where a trace is not the expected one. */
const words = process.argv.slice(2);
const on = words.includes("--on") ? words.splice(words.indexOf("--on"), 2)[1]?.split(",") : undefined;
const ways = WAYS.filter((way) => on === undefined || on.includes(way));
const stories = readStories().filter(({ name }) => words.length === 0 || words.includes(name));
const postgres = missingPostgres === undefined ? await startPostgres() : undefined;
const table: string[] = [];
const notes: string[] = [];
try {
  for (const story of stories) {
    const cells: string[] = [];
    for (const way of ways) {
      cells.push(await cell(story, way));
      console.log(`${story.name}, ${way}: ${cells.at(-1)}`);
    }
    table.push(`| ${story.name} | ${cells.join(" | ")} |`);
  }
} finally {
  await postgres?.stop();
}

async function cell(story: (typeof stories)[number], way: Way): Promise<string> {
  const why = story.notOn[way];
  if (why !== undefined) {
    notes.push(`${story.name}, ${way}: ${why}`);
    return "not possible";
  }
  const root = mkdtempSync(join(tmpdir(), "retrain-same-"));
  const began = performance.now();
  try {
    const trace = await carryOut(story, way, root, postgres);
    const seconds = ((performance.now() - began) / 1_000).toFixed(0);
    if (trace === undefined) return "not here";
    if (JSON.stringify(trace) === JSON.stringify(story.expect)) return `same (${seconds} s)`;
    tell(story, way, trace);
  } catch (error) {
    console.log(`${story.name}, ${way}: ${error instanceof Error ? error.stack : String(error)}`);
  } finally {
    if (process.env["KEEP"] === undefined) rmSync(root, { recursive: true, force: true });
    else console.log(root);
  }
  process.exitCode = 1;
  return "DIFFERENT";
}

function tell(story: (typeof stories)[number], way: Way, trace: readonly string[]): void {
  console.log(`\n${story.name}, ${way}:`);
  const at = trace.findIndex((line, index) => line !== story.expect[index]);
  const from = at < 0 ? trace.length : at;
  console.log(`  the same for ${from} lines; then expected\n    ${story.expect.slice(from).join("\n    ")}`);
  console.log(`  and decided\n    ${trace.slice(from).join("\n    ")}\n`);
}

console.log(`\n| story | ${ways.join(" | ")} |\n| --- |${ways.map(() => " --- |").join("")}\n${table.join("\n")}`);
if (notes.length > 0) console.log(`\nNot possible:\n${notes.map((note) => `- ${note}`).join("\n")}`);
