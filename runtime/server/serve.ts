import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { FileError } from "../files/error.ts";
import { withLock } from "../files/lock.ts";
import { ServerError, wordsOf } from "./error.ts";
import { handle } from "./handler.ts";
import { openLog, type PredictionLog } from "./log.ts";
import { counter, gauge, histogram, printMetrics } from "./metrics.ts";
import { Mirrors } from "./mirrors.ts";
import { Routes } from "./routes.ts";
import { Tally } from "./tally.ts";

export interface ServeOptions {
  /** Folder of the route file and the prediction log; made where it is missing. */
  readonly folder: string;
  /** Folder of the local registry: a version's artefact is `versions/N/model/predict.mjs` in it. */
  readonly registryFolder: string;
  /** `127.0.0.1` unless the server is meant to be reached from elsewhere: it knows no users. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Requests carry their own time (`retrain-clock`), because the environment's clock is `pace: work`. */
  readonly rehearsal: boolean;
  /** Score at or above which a model without decisions of its own says yes. */
  readonly decidesAt: number;
  /** Longest that scoring one row may take, milliseconds; 1,000 by default. */
  readonly timeout?: number;
  /** Longest that importing an artefact may take, milliseconds; 10,000 by default. */
  readonly loadTimeout?: number;
  /** Heap of each version's worker thread, MiB; 512 by default. */
  readonly memory?: number;
  /** Version of the program, for `/metrics`. */
  readonly program?: string;
}

export interface RunningServer {
  readonly port: number;
  /** Takes no more requests, answers those in flight, finishes mirrored ones and syncs the log. Repeating it is harmless. */
  close(): Promise<void>;
}

/** Longest that closing waits for clients before it cuts their connections, milliseconds. */
const DRAIN = 5_000;

/** Starts the model server. Rejects with ServerError: occupied port, folder in use, unreadable route or log. */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const unlock = await lockFolder(options.folder);
  try {
    return await start(options, unlock);
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function start(options: ServeOptions, unlock: () => Promise<void>): Promise<RunningServer> {
  const tally = await Tally.read(options.folder);
  const mirrors = new Mirrors();
  const modelOptions = {
    registryFolder: options.registryFolder,
    timeout: options.timeout ?? 1_000,
    loadTimeout: options.loadTimeout ?? 10_000,
    memory: options.memory ?? 512,
  };
  const routes = await Routes.open(options.folder, modelOptions, () => mirrors.idle());
  const log = openLog(options.folder);
  const service = assemble(options, routes, log, tally, mirrors);
  let closing: Promise<void> | undefined;
  const server = createServer(
    {
      headersTimeout: 10_000,
      requestTimeout: 15_000,
      keepAliveTimeout: 65_000,
      maxHeaderSize: 16_384,
      connectionsCheckingInterval: 5_000,
    },
    (request, response) => {
      // A client that keeps its connection busy must not hold up a stop.
      if (closing !== undefined) response.setHeader("connection", "close");
      void handle(service, request, response);
    },
  );
  const shutDown = async (): Promise<void> => {
    await closeServer(server);
    await mirrors.idle();
    await routes.close();
    log.close();
    await unlock();
  };
  try {
    await listen(server, options.host, options.port);
  } catch (error) {
    await routes.close();
    throw error;
  }
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      closing ??= shutDown();
      return closing;
    },
  };
}

function assemble(options: ServeOptions, routes: Routes, log: PredictionLog, tally: Tally, mirrors: Mirrors) {
  const requests = counter(
    "retrain_requests_total",
    "Requests scored, by version, mode (live, mirror) and outcome (ok, error).",
  );
  const errors = counter("retrain_errors_total", "Requests that a version gave no score for, by kind of failure.");
  const refusals = counter("retrain_refused_requests_total", "Requests that no version was asked for, by reason.");
  const latency = histogram("retrain_request_latency_seconds", "Time around scoring one row, in seconds.");
  const route = gauge("retrain_route_share", "Share of live requests that a version answers, 0 to 1.", () => {
    const { champion, challenger, share } = routes.current;
    return [
      ...(champion === undefined ? [] : [[{ version: champion, role: "champion" }, 1 - share] as const]),
      ...(challenger === undefined ? [] : [[{ version: challenger, role: "challenger" }, share] as const]),
    ];
  });
  const single = (name: string, help: string, read: () => number) => gauge(name, help, () => [[{}, read()]]);
  const families = [
    requests,
    errors,
    refusals,
    latency,
    route,
    single(
      "retrain_route_mirror_share",
      "Share of live requests that are mirrored to the challenger, 0 to 1.",
      () => routes.current.mirror,
    ),
    single("retrain_route_revision", "Number of changes of the route.", () => routes.current.revision),
    single(
      "retrain_log_unwritten_lines",
      "Lines of the prediction log that could not be written since the start.",
      () => log.failures,
    ),
    gauge("retrain_build_info", "Version of the program and of Node; always 1.", () => [
      [{ version: options.program ?? "unknown", node: process.versions.node }, 1],
    ]),
  ];
  // Requests of two lives of the server never share a name.
  const life = `${Date.now().toString(36)}${randomBytes(3).toString("hex")}`;
  let number = 0;
  const nextRequest = (): string => `${life}-${++number}`;
  const isLocal = options.host === "127.0.0.1" || options.host === "localhost" || options.host === "::1";
  return {
    predictor: {
      routes,
      log,
      tally,
      mirrors,
      decidesAt: options.decidesAt,
      rehearsal: options.rehearsal,
      requests,
      errors,
      latency,
      nextRequest,
    },
    metrics: () => printMetrics(families),
    refusals,
    hosts: isLocal ? new Set(["127.0.0.1", "localhost", "[::1]"]) : undefined,
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "EADDRINUSE"
          ? new ServerError(
              "port_in_use",
              `port ${port} is already in use; stop what listens there, or choose another port`,
              { cause: error },
            )
          : new ServerError("cannot_listen", `cannot listen on ${host} port ${port}: ${wordsOf(error)}`, {
              cause: error,
            }),
      );
    });
    server.listen(port, host, resolve);
  });
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), DRAIN);
  await closed;
  clearTimeout(cut);
}

/** One server a folder: two would write one log. The operating system frees the lock of a process that was killed. */
async function lockFolder(folder: string): Promise<() => Promise<void>> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new ServerError("folder_unwritable", `cannot make the folder ${folder}: ${wordsOf(error)}`, { cause: error });
  }
  const locked = Promise.withResolvers<void>();
  const unlock = Promise.withResolvers<void>();
  const held = withLock(
    join(folder, "server.lock"),
    () => {
      locked.resolve();
      return unlock.promise;
    },
    1_000,
  );
  held.catch(locked.reject);
  try {
    await locked.promise;
  } catch (error) {
    const inUse = error instanceof FileError && error.code === "unavailable";
    throw inUse
      ? new ServerError(
          "folder_in_use",
          `another server runs in ${folder}; stop it, or give this one a folder of its own`,
          { cause: error },
        )
      : new ServerError("folder_unwritable", `cannot use the folder ${folder}: ${wordsOf(error)}`, { cause: error });
  }
  return async () => {
    unlock.resolve();
    await held;
  };
}
