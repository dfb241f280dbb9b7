import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exemptions } from "./exemptions.ts";
import { type Mutant, mutantsOf } from "./mutate.ts";

/**
 * Makes every number and every result of runtime/stats larger by a hundredth, one at a time, and expects a red test: first of the reference values,
 * which take a second, then of the tests of statistics and judge. Prints the survivors and ends with 1 where there are some.
 *
 *     npm run mutants                      all of them: half an hour on two cores
 *     npm run mutants -- drift.ts gap.ts   of these files
 */
const root = join(import.meta.dirname, "../..");
const names = process.argv.slice(2);
const files = readdirSync(join(root, "runtime/stats")).filter((name) => names.length === 0 || names.includes(name));
const mutants = files.flatMap((name) => mutantsOf(name, readFileSync(join(root, "runtime/stats", name), "utf8")));
const asked = mutants.filter((mutant) => !isExempt(mutant));
console.log(`${mutants.length} mutants of ${files.length} files, ${mutants.length - asked.length} of them exempt`);

function isExempt({ file, what, code }: Mutant): boolean {
  return exemptions.some((one) => one.file === file && code.includes(one.code) && (one.what ?? what) === what);
}

const workers = Math.max(1, Number(process.env["RETRAIN_WORKERS"] ?? 2));
const survivors: Mutant[] = [];
let killedByValues = 0;
let next = 0;
await Promise.all(Array.from({ length: workers }, work));
console.log(
  `${killedByValues} killed by reference values, ${asked.length - killedByValues - survivors.length} by tests`,
);
for (const { file, line, what, code } of survivors) console.log(`survived: ${file}:${line} ${what} | ${code}`);
process.exitCode = survivors.length === 0 ? 0 : 1;

/** One worker has a copy of the tree that it changes as it likes. */
async function work(): Promise<void> {
  const copy = mkdtempSync(join(tmpdir(), "retrain-mutants-"));
  try {
    for (const part of ["runtime", "compiler/plan", "test/conformance", "test/mutants", "test/support"]) {
      cpSync(join(root, part), join(copy, part), { recursive: true });
    }
    for (const part of ["stats", "judge"]) {
      cpSync(join(root, "test/runtime", part), join(copy, "test/runtime", part), { recursive: true });
    }
    for (const file of ["package.json", "tsconfig.json", "vitest.config.ts"])
      cpSync(join(root, file), join(copy, file));
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
    for (let mutant = asked[next++]; mutant !== undefined; mutant = asked[next++]) {
      const path = join(copy, "runtime/stats", mutant.file);
      const original = readFileSync(path, "utf8");
      writeFileSync(path, mutant.source);
      if (await isRed(copy, ["test/mutants/agreement.run.ts"])) killedByValues += 1;
      else if (!(await isRed(copy, tests()))) survivors.push(mutant);
      writeFileSync(path, original);
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function tests(): string[] {
  const folders = ["test/runtime/stats", "test/runtime/judge", "test/conformance/judge"];
  return ["node_modules/vitest/vitest.mjs", "run", "--bail", "1", "--testTimeout", "60000", ...folders];
}

/** Whether a program ends with anything but 0; one that hangs is red too. */
function isRed(cwd: string, words: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, words, { cwd, stdio: "ignore", timeout: 180_000 });
    child.on("exit", (code) => resolve(code !== 0));
  });
}
