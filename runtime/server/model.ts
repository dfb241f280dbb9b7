import { access } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { ServerError, wordsOf } from "./error.ts";
import type { ScoreRequest, WorkerMessage } from "./worker.ts";

/** Why a version gave no score: it threw, its score is no finite number, it was too slow, its worker thread ended, or it could not be asked. */
type Failure = "exception" | "bad_score" | "timeout" | "crash" | "unavailable";

/** Outcome of scoring one row. `latency` is real time around scoring in milliseconds, three decimals; `null` when the version was never asked. */
export type Scoring =
  | { readonly score: number; readonly decision: boolean | undefined; readonly latency: number }
  | { readonly failure: Failure; readonly error: string; readonly latency: number | null };

export interface ModelOptions {
  readonly registryFolder: string;
  /** Longest that one row may take, milliseconds. */
  readonly timeout: number;
  /** Longest that importing the artefact may take, milliseconds. */
  readonly loadTimeout: number;
  /** Most memory of the worker thread's heap, MiB. */
  readonly memory: number;
}

interface Asked {
  readonly answer: (scoring: Scoring) => void;
  readonly start: number;
  readonly timer: NodeJS.Timeout;
}

/** Rows that may wait for one version at once; more are refused. */
const MOST_WAITING = 2_000;
/** Pause before the second and later restarts in a row, milliseconds: doubled each time up to the longest. */
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 5_000;
/** A worker that lived this long, milliseconds, was healthy: the next restart is at once. */
const HEALTHY_LIFE = 10_000;

/** A version of the model in a worker thread of its own. Whatever the artefact does, `score` resolves. */
export class Model {
  readonly version: string;
  /** Resolves when the artefact is loaded for the first time; rejects with ServerError `version_does_not_load`. */
  readonly loaded: Promise<void>;
  private readonly options: ModelOptions;
  private readonly file: string;
  private readonly waiting = new Map<number, Asked>();
  private worker: Worker | undefined;
  /** The worker has imported the artefact. */
  private ready = false;
  private born = 0;
  private restarts = 0;
  private restartTimer: NodeJS.Timeout | undefined;
  private stopped = false;
  private nextId = 1;
  /** Real time of the newest answer of the worker, to tell a worker that hangs from one that is only slow. */
  private heard = 0;
  private problem = "it is being loaded";
  private drained: (() => void) | undefined;

  constructor(version: string, options: ModelOptions) {
    this.version = version;
    this.options = options;
    this.file = join(options.registryFolder, "versions", version, "model", "predict.mjs");
    this.loaded = this.start();
    this.loaded.catch(() => undefined);
  }

  /** What is wrong with it at present, in words; undefined when it can be asked. */
  get outage(): string | undefined {
    return this.ready ? undefined : this.problem;
  }

  /** Scores a row. Never rejects: every way to go wrong is a failure of this version. */
  score(row: unknown): Promise<Scoring> {
    const worker = this.worker;
    if (worker === undefined)
      return Promise.resolve(unavailable(`version ${this.version} is out of service: ${this.problem}`));
    if (this.waiting.size >= MOST_WAITING) {
      return Promise.resolve(unavailable(`version ${this.version} is overloaded: ${MOST_WAITING} rows wait for it`));
    }
    const id = this.nextId++;
    return new Promise((answer) => {
      const timer = setTimeout(() => this.onTimeout(id), this.options.timeout);
      this.waiting.set(id, { answer, start: performance.now(), timer });
      worker.postMessage({ id, row } satisfies ScoreRequest);
    });
  }

  /** Waits for the rows that were asked, then ends the worker thread. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.restartTimer);
    if (this.waiting.size > 0) await new Promise<void>((resolve) => (this.drained = resolve));
    const worker = this.worker;
    this.worker = undefined;
    this.ready = false;
    this.problem = "it has been taken out of the route";
    await worker?.terminate();
  }

  /** Starts the worker thread, and tries again later where that fails. */
  private async start(): Promise<void> {
    this.born = performance.now();
    try {
      await access(this.file).catch(() => {
        throw new Error(`file not found: ${this.file}`);
      });
      if (!this.stopped) await this.launch();
    } catch (error) {
      this.problem = wordsOf(error);
      this.restart();
      throw new ServerError("version_does_not_load", `version ${this.version} does not load: ${this.problem}`, {
        cause: error,
      });
    }
  }

  /** Resolves when a new worker thread has imported the artefact. Rows may be sent before: they wait in its port. */
  private launch(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const worker = new Worker(workerFile(), {
      workerData: pathToFileURL(this.file).href,
      name: `version ${this.version}`,
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: this.options.memory },
    });
    this.worker = worker;
    let died = "its worker thread ended";
    const end = (why: string): void => {
      died = why;
      void worker.terminate();
    };
    const tooSlow = setTimeout(
      () => end(`importing ${this.file} took longer than ${this.options.loadTimeout} ms`),
      this.options.loadTimeout,
    );
    // What an artefact prints belongs to the server's own messages, not to its output.
    worker.stdout.on("data", (chunk) => process.stderr.write(chunk));
    worker.stderr.on("data", (chunk) => process.stderr.write(chunk));
    worker.on("message", (message: WorkerMessage) => {
      if (message.kind === "loaded") {
        clearTimeout(tooSlow);
        this.ready = this.worker === worker;
        resolve();
      } else if (message.kind === "unloadable") end(`${this.file}: ${message.error}`);
      else this.onAnswer(message);
    });
    worker.on("messageerror", (error) => end(wordsOf(error)));
    worker.on("error", (error) => {
      died = `its worker thread crashed: ${wordsOf(error)}`;
    });
    worker.on("exit", () => {
      clearTimeout(tooSlow);
      reject(new Error(died));
      if (this.worker !== worker) return;
      const wasReady = this.ready;
      this.failWaiting(died);
      if (wasReady) this.restart();
    });
    return promise;
  }

  private onAnswer(message: Exclude<WorkerMessage, { kind: "loaded" | "unloadable" }>): void {
    this.heard = performance.now();
    const asked = this.waiting.get(message.id);
    if (asked === undefined) return;
    const latency = since(asked.start);
    this.settle(
      message.id,
      asked,
      message.kind === "score"
        ? { score: message.score, decision: message.decision, latency }
        : { failure: message.failure, error: message.error, latency },
    );
  }

  private onTimeout(id: number): void {
    const asked = this.waiting.get(id);
    if (asked === undefined) return;
    const error = `no answer within ${this.options.timeout} ms`;
    this.settle(id, asked, { failure: "timeout", error, latency: since(asked.start) });
    const { worker, heard } = this;
    // A worker that has answered others since is slow, not stuck: ending it would fail rows that it is about to answer.
    if (heard < asked.start) this.endStuck(worker);
    else setTimeout(() => this.heard === heard && this.endStuck(worker), this.options.timeout).unref();
  }

  private endStuck(worker: Worker | undefined): void {
    // Loading has a time limit of its own.
    if (worker === undefined || this.worker !== worker || !this.ready) return;
    this.failWaiting("its worker thread was stuck and has been ended");
    void worker.terminate();
    this.restart();
  }

  private failWaiting(problem: string): void {
    this.worker = undefined;
    this.ready = false;
    this.problem = problem;
    for (const [id, asked] of [...this.waiting]) {
      this.settle(id, asked, { failure: "crash", error: problem, latency: since(asked.start) });
    }
  }

  private restart(): void {
    if (this.stopped) return;
    this.restarts = performance.now() - this.born > HEALTHY_LIFE ? 0 : this.restarts + 1;
    const pause = this.restarts <= 1 ? 0 : Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (this.restarts - 2));
    const again = (): void => void this.start().catch(() => undefined);
    if (pause === 0) again();
    else this.restartTimer = setTimeout(again, pause);
  }

  private settle(id: number, asked: Asked, scoring: Scoring): void {
    clearTimeout(asked.timer);
    this.waiting.delete(id);
    asked.answer(scoring);
    if (this.waiting.size === 0) this.drained?.();
  }
}

function unavailable(error: string): Scoring {
  return { failure: "unavailable", error, latency: null };
}

function since(start: number): number {
  return Math.round((performance.now() - start) * 1000) / 1000;
}

/** The worker thread's file stands beside this one, also once both are bundled. */
function workerFile(): string {
  return fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js", import.meta.url));
}
