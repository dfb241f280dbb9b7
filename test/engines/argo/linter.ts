import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { alone } from "../setup/alone.ts";

const run = promisify(execFile);
const module = join(import.meta.dirname, "lint");
const built = join(import.meta.dirname, "../../../.engines/argo");

/** What Argo's linter said of some files. */
export interface Verdict {
  readonly accepted: boolean;
  readonly said: string;
}

export type Linter = (files: readonly string[]) => Promise<Verdict>;

/**
 * Argo's own linter (the module `lint`, pinned by its go.sum), built into the ignored folder `.engines` when it is first asked for: 3 minutes from nothing, then
 * kept. Where Go is not there it is told how to get it and undefined comes back; on CI (`CI=true`) that is an error.
 */
export async function argoLinter(): Promise<Linter | undefined> {
  try {
    const program = await build();
    return (files) => lint(program, files);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const told = `Argo's linter cannot be built. It needs Go 1.26 (https://go.dev/dl) and a module proxy that it reaches. ${why}`;
    if (process.env["CI"] === "true") throw new Error(told);
    process.stderr.write(`NOT RUN: ${told}\n`);
    return undefined;
  }
}

async function build(): Promise<string> {
  const digest = createHash("sha256");
  for (const name of readdirSync(module).sort()) digest.update(readFileSync(join(module, name)));
  const program = join(built, `lint-${digest.digest("hex").slice(0, 12)}`);
  await alone(`${built}.building`, async () => {
    if (existsSync(program)) return;
    const env = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-mod=readonly -buildvcs=false" };
    await run("go", ["build", "-trimpath", "-o", program, "."], { cwd: module, env, maxBuffer: 64 * 1024 * 1024 });
  });
  return program;
}

/** The linter ends with 1 where it refuses a file and with 2 where it cannot read one. */
async function lint(program: string, files: readonly string[]): Promise<Verdict> {
  try {
    const { stdout } = await run(program, [...files], { maxBuffer: 64 * 1024 * 1024 });
    return { accepted: true, said: stdout };
  } catch (error) {
    const { code, stdout = "", stderr = "" } = error as { code?: unknown; stdout?: string; stderr?: string };
    if (code !== 1 && code !== 2) throw error;
    return { accepted: false, said: `${stdout}${stderr}` };
  }
}
