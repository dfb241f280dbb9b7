import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { alone } from "./alone.ts";

const run = promisify(execFile);
const engines = join(import.meta.dirname, "..");
const repository = join(engines, "../..");

/** Version of Python that the lock files were made for. */
const PYTHON = "3.11";

/** The environments of Python that engine tests run in: their committed lock files, below test/engines. */
const LOCKS = {
  kfp: "kfp/kfp.lock.txt",
  airflow3: "airflow/airflow3.lock.txt",
  airflow2: "airflow/airflow2.lock.txt",
  ruff: "airflow/ruff.lock.txt",
  psycopg2: "airflow/psycopg2.lock.txt",
} as const;

/** An environment with exactly the packages of its lock file. */
export interface PythonEnvironment {
  readonly python: string;
  /** Folder of the packages' programs. */
  readonly bin: string;
}

function answers(program: string, ...words: string[]): boolean {
  try {
    execFileSync(program, words, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/**
 * An environment of Python, installed into the ignored folder `.engines` when it is first asked for and whenever its lock file has changed: by `uv` in some
 * seconds, else by `venv` and `pip`. Where that cannot be done it is told how to get it and undefined comes back; on CI (`CI=true`) that is an error.
 */
export async function environmentOf(name: keyof typeof LOCKS): Promise<PythonEnvironment | undefined> {
  try {
    return await installed(name);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const told = `the Python environment \`${name}\` cannot be installed. It needs Python ${PYTHON} with venv, or uv (\`pip install uv\`), and a package index that pip reaches. ${why}`;
    if (process.env["CI"] === "true") throw new Error(told);
    process.stderr.write(`NOT RUN: ${told}\n`);
    return undefined;
  }
}

async function installed(name: keyof typeof LOCKS): Promise<PythonEnvironment> {
  const lock = join(engines, LOCKS[name]);
  const folder = join(repository, ".engines", name);
  const stamp = join(folder, "lock.sha256");
  const digest = createHash("sha256").update(readFileSync(lock)).digest("hex");
  const found: PythonEnvironment = { python: join(folder, "bin/python"), bin: join(folder, "bin") };
  const isThere = () => existsSync(stamp) && readFileSync(stamp, "utf8") === digest;
  if (isThere()) return found;
  await alone(`${folder}.installing`, async () => {
    if (isThere()) return;
    rmSync(folder, { recursive: true, force: true });
    const options = { maxBuffer: 64 * 1024 * 1024 };
    if (answers("uv", "--version")) {
      await run("uv", ["venv", "--quiet", "--python", PYTHON, folder], options);
      await run("uv", ["pip", "sync", "--quiet", "--python", found.python, lock], options);
    } else {
      await run(`python${PYTHON}`, ["-m", "venv", folder], options);
      await run(found.python, ["-m", "pip", "install", "--quiet", "--no-deps", "--requirement", lock], options);
    }
    writeFileSync(stamp, digest);
  });
  return found;
}
