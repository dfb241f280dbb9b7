import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PythonEnvironment } from "../setup/python.ts";

/** How the local orchestrator ended a run, and the processes that it started, in order. */
export interface LocalRun {
  readonly state: string;
  readonly started: readonly { readonly words: readonly string[]; readonly code: number }[];
  readonly log: string;
}

export interface Order {
  readonly file: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Where the pods would see the shared disk, and what stands for it. */
  readonly mount: string;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Carries out a generated pipeline with the orchestrator of `kfp.local`; see run.py for what stands for a cluster. */
export function runLocally({ python }: PythonEnvironment, order: Order): Promise<LocalRun> {
  const scratch = mkdtempSync(join(order.folder, "kfp-"));
  const settings = join(scratch, "settings.json");
  const report = join(scratch, "report.json");
  const { file, parameters, mount, folder } = order;
  writeFileSync(settings, JSON.stringify({ file, parameters, mount, folder, root: join(scratch, "root"), report }));
  const child = spawn(python, [join(import.meta.dirname, "run.py"), settings], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, PYTHONWARNINGS: "ignore", ...order.environment },
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      log += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      if (code !== 0) reject(new Error(`run.py ended with ${code}: ${log.slice(-4_000)}`));
      else resolve({ ...(JSON.parse(readFileSync(report, "utf8")) as Omit<LocalRun, "log">), log });
    });
  });
}
