import type { PairCounts } from "../traffic/traffic.ts";
import type { LogLine } from "./line.ts";

const MIRROR = 1;
const FAILED = 2;
const EXPECTS_PAIR = 4;
const PAIR = 8;
const FLIP = 16;

/** Live requests and errors of one version. */
export interface LiveCount {
  requests: number;
  errors: number;
}

export type PairSums = { -readonly [name in keyof PairCounts]: PairCounts[name] };

/** Time, latency and outcome of every answer of an hour, in the order in which they came. */
interface Detail {
  size: number;
  times: Float64Array;
  latencies: Float64Array;
  versions: Uint16Array;
  flags: Uint8Array;
}

/** Answers of one hour of the log: sums that stay, and detail that may be dropped to save memory and read again from the file. */
export class HourTally {
  readonly live = new Map<number, LiveCount>();
  readonly pairs: PairSums = { expected: 0, matched: 0, flips: 0 };
  private detail: Detail | undefined = {
    size: 0,
    times: new Float64Array(256),
    latencies: new Float64Array(256),
    versions: new Uint16Array(256),
    flags: new Uint8Array(256),
  };
  /** Decisions of live answers whose mirrored answer has not come, by request. */
  private waiting = new Map<string, { readonly answered: boolean; readonly decision: boolean | null }>();

  /** Answers whose detail is in memory. */
  get held(): number {
    return this.detail?.size ?? 0;
  }

  get hasDetail(): boolean {
    return this.detail !== undefined;
  }

  dropDetail(): void {
    this.detail = undefined;
  }

  /** `version` is the number that stands for the line's version. */
  add(line: LogLine, version: number): void {
    let flags = line.error === null ? 0 : FAILED;
    if (line.mode === "live") {
      const count = this.live.get(version) ?? { requests: 0, errors: 0 };
      count.requests += 1;
      if (line.error !== null) count.errors += 1;
      this.live.set(version, count);
      if (line.mirrored) {
        flags |= EXPECTS_PAIR;
        this.pairs.expected += 1;
        this.waiting.set(line.request, { answered: line.error === null, decision: line.decision });
      }
    } else {
      flags |= MIRROR;
      const other = this.waiting.get(line.request);
      this.waiting.delete(line.request);
      if (other?.answered === true && line.error === null) {
        flags |= PAIR;
        this.pairs.matched += 1;
        if (other.decision !== null && line.decision !== null && other.decision !== line.decision) {
          flags |= FLIP;
          this.pairs.flips += 1;
        }
      }
    }
    if (this.detail !== undefined) append(this.detail, line.time, line.latency ?? Number.NaN, version, flags);
  }

  /** Adds the live counts with `from` <= time < `until`. Needs the detail. */
  addLive(into: Map<number, LiveCount>, from: number, until: number): void {
    this.scan(from, until, (_detail, _at, flags, version) => {
      if ((flags & MIRROR) !== 0) return;
      const count = into.get(version) ?? { requests: 0, errors: 0 };
      count.requests += 1;
      if ((flags & FAILED) !== 0) count.errors += 1;
      into.set(version, count);
    });
  }

  addPairs(into: PairSums, from: number, until: number): void {
    this.scan(from, until, (_detail, _at, flags) => {
      if ((flags & EXPECTS_PAIR) !== 0) into.expected += 1;
      if ((flags & PAIR) !== 0) into.matched += 1;
      if ((flags & FLIP) !== 0) into.flips += 1;
    });
  }

  /** Latencies of a version, oldest first. Needs the detail. */
  latencies(version: number, from: number, until: number): number[] {
    const found: { readonly time: number; readonly latency: number }[] = [];
    this.scan(from, until, (detail, at, _flags, other) => {
      const latency = detail.latencies[at] ?? Number.NaN;
      if (other === version && !Number.isNaN(latency)) found.push({ time: detail.times[at] ?? 0, latency });
    });
    found.sort((one, other) => one.time - other.time);
    return found.map((answer) => answer.latency);
  }

  private scan(
    from: number,
    until: number,
    visit: (detail: Detail, at: number, flags: number, version: number) => void,
  ): void {
    const detail = this.detail;
    if (detail === undefined) throw new Error("the detail of this hour is not in memory");
    for (let at = 0; at < detail.size; at += 1) {
      const time = detail.times[at] ?? 0;
      if (time >= from && time < until) visit(detail, at, detail.flags[at] ?? 0, detail.versions[at] ?? 0);
    }
  }
}

function append(detail: Detail, time: number, latency: number, version: number, flags: number): void {
  if (detail.size === detail.times.length) {
    detail.times = doubled(detail.times, new Float64Array(detail.size * 2));
    detail.latencies = doubled(detail.latencies, new Float64Array(detail.size * 2));
    detail.versions = doubled(detail.versions, new Uint16Array(detail.size * 2));
    detail.flags = doubled(detail.flags, new Uint8Array(detail.size * 2));
  }
  detail.times[detail.size] = time;
  detail.latencies[detail.size] = latency;
  detail.versions[detail.size] = version;
  detail.flags[detail.size] = flags;
  detail.size += 1;
}

function doubled<T extends Float64Array | Uint16Array | Uint8Array>(from: T, into: T): T {
  into.set(from);
  return into;
}
