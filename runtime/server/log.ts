import {
  closeSync,
  createReadStream,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  truncateSync,
  writeSync,
} from "node:fs";
import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { wordsOf } from "./error.ts";
import { hourFile, hourOf } from "./hours.ts";
import { type LogLine, readLine, writeLine } from "./line.ts";

/** Hours that stay open for writing at once: late events of the hours before the newest find their file open. */
const OPEN_HOURS = 4;

/** Appends to the prediction log. A line is with the operating system before `append` returns, so a killed process loses none. */
export interface PredictionLog {
  /** False when the line could not be written (a full disk): the failure is counted and the file holds no part of it. */
  append(line: LogLine): boolean;
  readonly failures: number;
  /** Why the newest line could not be written; undefined when it was. */
  readonly newestFailure: string | undefined;
  /** Syncs and closes every file. */
  close(): void;
}

export function openLog(folder: string): PredictionLog {
  const open = new Map<number, number>();
  let failures = 0;
  let newestFailure: string | undefined;

  function handleOf(hour: number): number {
    const found = open.get(hour);
    if (found !== undefined) return found;
    const path = hourFile(folder, hour);
    mkdirSync(dirname(path), { recursive: true });
    const handle = openSync(path, "a+");
    cutTornLine(handle);
    open.set(hour, handle);
    if (open.size > OPEN_HOURS) {
      closeFile(Math.min(...[...open.keys()].filter((other) => other !== hour)));
    }
    return handle;
  }

  function closeFile(hour: number): void {
    const handle = open.get(hour);
    open.delete(hour);
    if (handle === undefined) return;
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  }

  /** After a failed write: no part of a line may stay. What cannot be cut now is cut when the file is opened again. */
  function giveUp(hour: number): void {
    const handle = open.get(hour);
    open.delete(hour);
    if (handle === undefined) return;
    for (const tidy of [cutTornLine, closeSync]) {
      try {
        tidy(handle);
      } catch {
        // The error of the write is the one to tell.
      }
    }
  }

  return {
    append(line) {
      const hour = hourOf(line.time);
      try {
        const bytes = Buffer.from(writeLine(line));
        if (writeSync(handleOf(hour), bytes) < bytes.length) throw new Error("the disk took only a part of a line");
        newestFailure = undefined;
        return true;
      } catch (error) {
        giveUp(hour);
        failures += 1;
        newestFailure = wordsOf(error);
        return false;
      }
    },
    get failures() {
      return failures;
    },
    get newestFailure() {
      return newestFailure;
    },
    close() {
      for (const hour of [...open.keys()]) closeFile(hour);
    },
  };
}

/** Cuts what stands after the last end of line. */
function cutTornLine(handle: number): void {
  const size = fstatSync(handle).size;
  const block = Buffer.alloc(64 * 1024);
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - block.length);
    const read = readSync(handle, block, 0, end - start, start);
    const newline = block.subarray(0, read).lastIndexOf(10);
    if (newline >= 0) {
      const whole = start + newline + 1;
      if (whole < size) ftruncateSync(handle, whole);
      return;
    }
    end = start;
  }
  if (size > 0) ftruncateSync(handle, 0);
}

/**
 * Gives every line of an hour's file to `each`. Returns how many lines could not be read. A missing file is an empty one.
 * What stands after the last end of line is a line torn by a kill: it is not given out, and cut off where `cutTorn` is set.
 */
export async function readHour(path: string, each: (line: LogLine) => void, cutTorn: boolean): Promise<number> {
  const size = await stat(path).then((found) => found.size, missing);
  if (size === undefined || size === 0) return 0;
  let rest: Buffer = Buffer.alloc(0);
  let whole = 0;
  let unreadable = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, end: size - 1 })) {
    const block: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const newline = block.lastIndexOf(10);
    if (newline >= 0) {
      for (const text of block.toString("utf8", 0, newline).split("\n")) {
        const line = readLine(text);
        if (line === undefined) unreadable += 1;
        else each(line);
      }
      whole += newline + 1;
    }
    rest = block.subarray(newline + 1);
  }
  if (rest.length > 0 && cutTorn) truncateSync(path, whole);
  return unreadable;
}

function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT") return undefined;
  throw error;
}
