import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs everything that `npm test` promises, one part after the other, and closes with the plain line `N passed, N failed`. */
const root = join(import.meta.dirname, "..");
const reports = mkdtempSync(join(tmpdir(), "retrain-test-"));

interface Part {
  readonly name: string;
  readonly command: readonly string[];
  /** A part of vitest tests counts each of them; another part counts as one. */
  readonly report?: string;
}

const vitest = (project: string): Part => {
  const report = join(reports, `${project}.json`);
  return {
    name: `${project} tests`,
    command: [
      "vitest",
      "run",
      "--project",
      project,
      "--passWithNoTests",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
    ],
    report,
  };
};

const parts: readonly Part[] = [
  { name: "types", command: ["tsc"] },
  { name: "format and lint", command: ["biome", "check", "."] },
  { name: "unused code", command: ["knip"] },
  { name: "bundle", command: ["node", "compiler/cli/build.ts"] },
  vitest("unit"),
  vitest("conformance"),
  vitest("property"),
  vitest("faults"),
  vitest("engines"),
  vitest("airflow"),
];

function run(command: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const [program = "", ...words] = command;
    const child = spawn(join(root, "node_modules/.bin", program), words, { cwd: root, stdio: "inherit" });
    child.on("error", () => resolve(false));
    child.on("close", (code) => resolve(code === 0));
  });
}

function counts(report: string): { passed: number; failed: number } | undefined {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, "utf8")) as Record<string, number>;
    return { passed: numPassedTests ?? 0, failed: numFailedTests ?? 0 };
  } catch {
    return undefined;
  }
}

let passed = 0;
let failed = 0;
const broken: string[] = [];
for (const part of parts) {
  const began = performance.now();
  console.log(`\n== ${part.name}`);
  const well = await run(part.command);
  const found = part.report === undefined ? undefined : counts(part.report);
  passed += found?.passed ?? (well ? 1 : 0);
  // A run that broke outside of its tests is a failure even when no test failed.
  failed += Math.max(found?.failed ?? 0, well ? 0 : 1);
  if (!well) broken.push(part.name);
  console.log(`== ${part.name}: ${well ? "well" : "FAILED"} in ${((performance.now() - began) / 1000).toFixed(1)} s`);
}
rmSync(reports, { recursive: true, force: true });
console.log(
  "\nleft out: Argo's real controller on a real Kubernetes (npm run engines:kubernetes, test/engines/kubernetes)",
);
if (broken.length > 0) console.log(`\nfailed parts: ${broken.join(", ")}`);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
