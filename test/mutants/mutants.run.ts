import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { exemptions } from "./exemptions.ts";
import { type Mutant, mutantsOf } from "./mutate.ts";

/**
 * Makes every number and every result of runtime/stats larger by a hundredth, one at a time, and expects a red test: first of the reference values,
 * in this process, then of the tests of statistics and judge. Prints the survivors and ends with 1 where there are some.
 *
 *     npm run mutants                      all of them
 *     npm run mutants -- drift.ts gap.ts   of these files
 *     npm run mutants -- --values          only against the reference values
 */
const root = join(import.meta.dirname, "../..");
const words = process.argv.slice(2);
const onlyValues = words.includes("--values");
const names = words.filter((word) => word.endsWith(".ts"));
const files = readdirSync(join(root, "runtime/stats")).filter((name) => names.length === 0 || names.includes(name));
const mutants = files.flatMap((name) => mutantsOf(name, readFileSync(join(root, "runtime/stats", name), "utf8")));
const asked = mutants.filter((mutant) => !isExempt(mutant));
console.log(`${mutants.length} mutants of ${files.length} files, ${mutants.length - asked.length} of them exempt`);

function isExempt({ file, what, code }: Mutant): boolean {
  return exemptions.some((one) => one.file === file && code.includes(one.code) && (one.what ?? what) === what);
}

const left = await againstValues();
console.log(`${asked.length - left.length} killed by reference values`);
const survivors = onlyValues ? left : await againstTests(left);
if (!onlyValues) console.log(`${left.length - survivors.length} killed by tests`);
for (const mutant of survivors) console.log(`survived: ${told(mutant)}`);
process.exitCode = survivors.length === 0 ? 0 : 1;

function told({ file, line, what, code }: Mutant): string {
  return `${file}:${line} ${what} | ${code}`;
}

/** Mutants that no reference value notices. One that does not come back in time is noticed. */
async function againstValues(): Promise<Mutant[]> {
  const unnoticed: Mutant[] = [];
  let worker = new Worker(new URL("agreement.worker.ts", import.meta.url));
  for (const [number, mutant] of asked.entries()) {
    const red = await new Promise<boolean>((resolve) => {
      const late = setTimeout(() => {
        void worker.terminate();
        worker = new Worker(new URL("agreement.worker.ts", import.meta.url));
        resolve(true);
      }, 30_000);
      worker.once("message", (answer: { readonly red?: string }) => {
        clearTimeout(late);
        resolve(answer.red !== undefined);
      });
      worker.postMessage({ number, mutant });
    });
    if (!red) unnoticed.push(mutant);
  }
  await worker.terminate();
  return unnoticed;
}

/** Mutants that no test of statistics or judge notices, in a copy of the tree. */
async function againstTests(left: readonly Mutant[]): Promise<Mutant[]> {
  const copy = mkdtempSync(join(tmpdir(), "retrain-mutants-"));
  const unnoticed: Mutant[] = [];
  try {
    for (const part of ["runtime", "compiler/plan", "test/conformance", "test/support", "test/runtime"]) {
      cpSync(join(root, part), join(copy, part), { recursive: true });
    }
    for (const file of ["package.json", "tsconfig.json", "vitest.config.ts"])
      cpSync(join(root, file), join(copy, file));
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
    for (const mutant of left) {
      const path = join(copy, "runtime/stats", mutant.file);
      const original = readFileSync(path, "utf8");
      writeFileSync(path, mutant.source);
      if (!(await isRed(copy))) {
        unnoticed.push(mutant);
        console.log(`unnoticed: ${told(mutant)}`);
      }
      writeFileSync(path, original);
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
  return unnoticed;
}

function isRed(cwd: string): Promise<boolean> {
  const folders = ["test/runtime/stats", "test/runtime/judge", "test/conformance/judge/verdicts.test.ts"];
  const program = ["node_modules/vitest/vitest.mjs", "run", "--bail", "1", ...folders];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, program, { cwd, stdio: "ignore", timeout: 300_000 });
    child.on("exit", (code) => resolve(code !== 0));
  });
}
