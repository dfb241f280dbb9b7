import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { PairCounts, TrafficCounts } from "../traffic/traffic.ts";
import { ServerError, wordsOf } from "./error.ts";
import { HourTally, type LiveCount, type PairSums } from "./hour.ts";
import { HOUR, hourFile, hourOf, hourOfFile } from "./hours.ts";
import type { LogLine } from "./line.ts";
import { readHour } from "./log.ts";

/** Hours of the policy's clock that are counted, back from the newest: 31 days. */
const KEPT_HOURS = 31 * 24;

/** Asked for a window that begins before what is kept. */
export class WindowDropped extends Error {
  constructor(from: number, kept: number) {
    super(
      `the window begins at ${new Date(from).toISOString()}, but answers are counted from ${new Date(kept).toISOString()} on (31 days); ask for a later window`,
    );
    this.name = "WindowDropped";
  }
}

/**
 * Counts over the prediction log: built from its files, then kept up with each line, so that a look costs about a
 * millisecond. Sums of an hour stay for 31 days; the detail of the oldest hours leaves memory beyond `heldAnswers`
 * (19 bytes each) and is read again from the hour's file when a window cuts that hour.
 */
export class Tally {
  private readonly hours = new Map<number, HourTally>();
  private readonly numbers = new Map<string, number>();
  private readonly folder: string;
  private readonly heldAnswers: number;
  private held = 0;
  private newestHour = Number.NEGATIVE_INFINITY;
  private droppedBefore = Number.NEGATIVE_INFINITY;
  /** Newest event time that was seen, epoch milliseconds. */
  newest: number | undefined;
  /** Lines of the log that could not be read. */
  unreadable = 0;

  private constructor(folder: string, heldAnswers: number) {
    this.folder = folder;
    this.heldAnswers = heldAnswers;
  }

  /** Reads the newest 31 days of the log and cuts lines torn by a kill. Rejects with ServerError `log_unreadable`. */
  static async read(folder: string, heldAnswers = 4_000_000): Promise<Tally> {
    const tally = new Tally(folder, heldAnswers);
    try {
      const names = await readdir(join(folder, "log")).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return [];
        throw error;
      });
      const hours = names.flatMap((name) => hourOfFile(name) ?? []).sort((one, other) => one - other);
      const first = (hours.at(-1) ?? 0) - KEPT_HOURS + 1;
      for (const hour of hours) {
        if (hour < first) tally.droppedBefore = (hour + 1) * HOUR;
        else tally.unreadable += await readHour(hourFile(folder, hour), (line) => tally.add(line), true);
      }
    } catch (error) {
      throw new ServerError(
        "log_unreadable",
        `the prediction log in ${join(folder, "log")} cannot be read: ${wordsOf(error)}; correct its permissions or move the folder away`,
        { cause: error },
      );
    }
    return tally;
  }

  add(line: LogLine): void {
    const hour = hourOf(line.time);
    if (line.time < this.droppedBefore) return;
    if (this.newest === undefined || line.time > this.newest) this.newest = line.time;
    let tally = this.hours.get(hour);
    if (tally === undefined) {
      tally = new HourTally();
      this.hours.set(hour, tally);
      if (hour > this.newestHour) this.moveTo(hour);
    }
    tally.add(line, this.numberOf(line.version));
    this.held += tally.hasDetail ? 1 : 0;
    if (this.held > this.heldAnswers) this.dropOldestDetail();
  }

  /** Live counts with `from` <= time < `until`. Rejects with WindowDropped. */
  async counts(from: number, until: number): Promise<TrafficCounts> {
    const sums = new Map<number, LiveCount>();
    for (const [hour, tally] of this.hoursOf(from, until)) {
      if (isInside(hour, from, until)) {
        for (const [version, count] of tally.live) {
          const sum = sums.get(version) ?? { requests: 0, errors: 0 };
          sums.set(version, { requests: sum.requests + count.requests, errors: sum.errors + count.errors });
        }
      } else (await this.detailed(hour, tally)).addLive(sums, from, until);
    }
    const requests: Record<string, number> = {};
    const errors: Record<string, number> = {};
    for (const [version, number] of this.numbers) {
      const sum = sums.get(number);
      if (sum === undefined) continue;
      requests[version] = sum.requests;
      errors[version] = sum.errors;
    }
    return { requests, errors };
  }

  async pairs(from: number, until: number): Promise<PairCounts> {
    const sums: PairSums = { expected: 0, matched: 0, flips: 0 };
    for (const [hour, tally] of this.hoursOf(from, until)) {
      if (isInside(hour, from, until)) {
        sums.expected += tally.pairs.expected;
        sums.matched += tally.pairs.matched;
        sums.flips += tally.pairs.flips;
      } else (await this.detailed(hour, tally)).addPairs(sums, from, until);
    }
    return sums;
  }

  /** Milliseconds of every answer of a version, live and mirrored, oldest first. */
  async latencies(version: string, from: number, until: number): Promise<Float64Array> {
    const parts: number[][] = [];
    const number = this.numbers.get(version);
    for (const [hour, tally] of this.hoursOf(from, until)) {
      if (number !== undefined) parts.push((await this.detailed(hour, tally)).latencies(number, from, until));
    }
    const values = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      values.set(part, at);
      at += part.length;
    }
    return values;
  }

  private hoursOf(from: number, until: number): [number, HourTally][] {
    if (from < this.droppedBefore && until > from) throw new WindowDropped(from, this.droppedBefore);
    return [...this.hours]
      .filter(([hour]) => (hour + 1) * HOUR > from && hour * HOUR < until)
      .sort(([one], [other]) => one - other);
  }

  private async detailed(hour: number, tally: HourTally): Promise<HourTally> {
    if (tally.hasDetail) return tally;
    const again = new HourTally();
    await readHour(hourFile(this.folder, hour), (line) => again.add(line, this.numberOf(line.version)), false);
    return again;
  }

  private numberOf(version: string): number {
    const known = this.numbers.get(version);
    if (known !== undefined) return known;
    this.numbers.set(version, this.numbers.size);
    return this.numbers.size - 1;
  }

  private moveTo(hour: number): void {
    this.newestHour = hour;
    const first = hour - KEPT_HOURS + 1;
    for (const [old, tally] of this.hours) {
      if (old >= first) continue;
      this.held -= tally.held;
      this.hours.delete(old);
      this.droppedBefore = Math.max(this.droppedBefore, (old + 1) * HOUR);
    }
  }

  private dropOldestDetail(): void {
    const oldest = Math.min(...[...this.hours].flatMap(([hour, tally]) => (tally.hasDetail ? [hour] : [])));
    const tally = this.hours.get(oldest);
    // The newest hour keeps its detail: a window nearly always ends in it.
    if (tally === undefined || oldest === this.newestHour) return;
    this.held -= tally.held;
    tally.dropDetail();
  }
}

function isInside(hour: number, from: number, until: number): boolean {
  return hour * HOUR >= from && (hour + 1) * HOUR <= until;
}
