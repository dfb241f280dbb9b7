import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { appendFileSync, chownSync, existsSync, globSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

/** Folder of the server's programs: those of the newest Debian package, or of the PATH. */
function programs(): string | undefined {
  const [newest] = globSync("/usr/lib/postgresql/*/bin/postgres").sort().reverse();
  if (newest !== undefined) return join(newest, "..");
  const found = (process.env["PATH"] ?? "").split(":").find((folder) => existsSync(join(folder, "initdb")));
  return found === "" ? undefined : found;
}

/** Why there is no server to test with, and how to get one; undefined where there is one. */
export const missingPostgres =
  programs() === undefined ? "PostgreSQL is not installed here; on Debian: apt-get install postgresql" : undefined;

/** A real server in a folder of its own, on a free port of this machine. */
export interface PostgresServer {
  /** Address of a new, empty database. */
  database(): Promise<string>;
  /** Ends it at once, as a crash would (SIGQUIT). */
  crash(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** The server refuses to run as root: there it runs as the user that Debian's package made, elsewhere as whoever runs the tests. */
function owner(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** @param host an address of this machine to be reached at; anybody who reaches it is let in */
export async function startPostgres(host = "127.0.0.1"): Promise<PostgresServer> {
  const bin = programs();
  if (bin === undefined) throw new Error(missingPostgres);
  const as = owner();
  const folder = mkdtempSync(join(tmpdir(), "retrain-postgres-"));
  if (as !== undefined) chownSync(folder, as.uid, as.gid);
  const data = join(folder, "data");
  const words = ["-D", data, "-U", "retrain", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"];
  execFileSync(join(bin, "initdb"), words, { stdio: "pipe", cwd: folder, ...as });
  if (host !== "127.0.0.1") appendFileSync(join(data, "pg_hba.conf"), "host all all 0.0.0.0/0 trust\n");
  const port = await freePort();
  let server: ChildProcess | undefined;
  const url = (database: string) => `postgresql://retrain@${host}:${port}/${database}`;

  async function ask(sql: string): Promise<void> {
    const client = new pg.Client({ connectionString: url("postgres") });
    client.on("error", () => {});
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  }

  /** Starts it, again where the processes of a crashed one still hold its memory. */
  async function start(): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      try {
        return await startOnce();
      } catch (error) {
        if (tries >= 20) throw error;
        await sleep(250);
      }
    }
  }

  async function startOnce(): Promise<void> {
    const options = ["-D", data, "-p", String(port), "-k", folder, "-c", `listen_addresses=${host}`];
    server = spawn(join(bin ?? "", "postgres"), [...options, "-c", "max_connections=200"], {
      stdio: "ignore",
      cwd: folder,
      ...as,
    });
    for (let tries = 0; ; tries += 1) {
      try {
        return await ask("SELECT 1");
      } catch (error) {
        if (tries > 200 || server.exitCode !== null || server.signalCode !== null) throw error;
        await sleep(50);
      }
    }
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const running = server;
    server = undefined;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const ended = new Promise((resolve) => running.once("exit", resolve));
    running.kill(signal);
    await ended;
  }

  await start();
  let databases = 0;
  return {
    async database() {
      databases += 1;
      await ask(`CREATE DATABASE ledger${databases}`);
      return url(`ledger${databases}`);
    },
    crash: () => end("SIGQUIT"),
    start,
    async stop() {
      // SIGINT is the server's fast shutdown.
      await end("SIGINT");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
