import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { delimiter, dirname } from "node:path";

/** Bytes of output that are kept of one attempt; the rest is counted and left out. */
const LOG_LIMIT = 16 * 1024 * 1024;
/** Time between asking a process to end and ending it, real milliseconds. */
const MERCY = 5_000;

/** How a process ended. */
export type Ending =
  | { readonly kind: "exited"; readonly code: number }
  | { readonly kind: "signalled"; readonly signal: string }
  | { readonly kind: "timed_out"; readonly after: number }
  | { readonly kind: "cancelled" }
  | { readonly kind: "not_started"; readonly why: string };

export interface Launch {
  /** Program and arguments; never a shell. */
  readonly command: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Real milliseconds. */
  readonly timeout: number;
  /** File that receives both outputs. */
  readonly log: string;
  /** Told of the process identifier once it runs. */
  readonly started?: (pid: number) => void;
  readonly signal?: AbortSignal;
}

/** The environment of a step: enough to find programs and a home, and what the policy hands over; nothing else of ours leaks in. The project's own Node stands first on the path. */
function environmentOf(given: Readonly<Record<string, string>>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of ["HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "USER", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"]) {
    const value = process.env[name];
    if (value !== undefined) kept[name] = value;
  }
  const path = [dirname(process.execPath), process.env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"].join(delimiter);
  return { ...kept, PATH: path, ...given };
}

/** Ends a whole process group; a group that is gone is fine. */
export function endGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}

/** Runs one attempt of a step to its end. Never rejects for what the process does. The process leads a group of its own, so that its children end with it. */
export function runProcess(launch: Launch): Promise<Ending> {
  return new Promise((resolve) => {
    const [program = "", ...words] = launch.command;
    const child = spawn(program, words, {
      cwd: launch.folder,
      env: environmentOf(launch.environment),
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const log = createWriteStream(launch.log, { flags: "a" });
    let logProblem: Error | undefined;
    log.on("error", (error) => {
      logProblem = error;
    });
    let kept = 0;
    let dropped = 0;
    const keep = (chunk: Buffer) => {
      const room = LOG_LIMIT - kept;
      if (room > 0 && logProblem === undefined) log.write(chunk.subarray(0, room));
      kept += Math.min(room, chunk.length);
      dropped += Math.max(0, chunk.length - room);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);

    let cause: "timed_out" | "cancelled" | undefined;
    let hardEnd: NodeJS.Timeout | undefined;
    const end = (why: "timed_out" | "cancelled") => {
      if (cause !== undefined || child.pid === undefined) return;
      cause = why;
      const group = child.pid;
      endGroup(group, "SIGTERM");
      hardEnd = setTimeout(() => endGroup(group, "SIGKILL"), MERCY);
    };
    const limit = setTimeout(() => end("timed_out"), launch.timeout);
    const onAbort = () => end("cancelled");
    launch.signal?.addEventListener("abort", onAbort, { once: true });

    const finish = (ending: Ending) => {
      clearTimeout(limit);
      clearTimeout(hardEnd);
      launch.signal?.removeEventListener("abort", onAbort);
      if (dropped > 0) log.write(`\n[${dropped} further bytes of output were left out]\n`);
      log.end(() => resolve(ending));
      if (logProblem !== undefined) resolve(ending);
    };
    child.on("error", (error: NodeJS.ErrnoException) => {
      if (child.pid !== undefined) return;
      const why =
        error.code === "ENOENT" ? `program \`${program}\` or folder ${launch.folder} not found` : error.message;
      finish({ kind: "not_started", why });
    });
    child.on("spawn", () => {
      if (child.pid !== undefined) launch.started?.(child.pid);
      if (launch.signal?.aborted) onAbort();
    });
    child.on("exit", () => {
      // What the step left running would hold its output open for ever.
      if (child.pid !== undefined) endGroup(child.pid, "SIGKILL");
    });
    child.on("close", (code, signal) => {
      if (cause === "timed_out") finish({ kind: "timed_out", after: launch.timeout });
      else if (cause === "cancelled") finish({ kind: "cancelled" });
      else if (signal !== null) finish({ kind: "signalled", signal });
      else finish({ kind: "exited", code: code ?? 0 });
    });
  });
}
