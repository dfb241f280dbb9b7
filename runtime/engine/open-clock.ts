import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import type { Clock, Instant } from "../clock/clock.ts";
import { tellParticipants } from "../clock/participants.ts";
import { realClock } from "../clock/real.ts";
import { scaledClock } from "../clock/scaled.ts";
import { workClock } from "../clock/work.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { DuckDbSource } from "../sources/duckdb/open.ts";

/** Real milliseconds for which a rehearsal's clock is held without a sign of life. */
const HOLD = 60_000;

/** A clock under which tasks run: a clock of pace `work` moves only while all of them sleep. */
export interface TaskClock {
  task<Result>(work: () => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** A clock that moves by itself: tasks need not be counted. */
export function asTaskClock(clock: Clock): Clock & TaskClock {
  return { ...clock, task: (work) => work(), close: async () => {} };
}

/** The clock of a rehearsal cannot be had: another process moves it, or its beginning cannot be read. */
export class ClockError extends Error {
  override name = "ClockError";
}

interface Order {
  readonly plan: PipelinePlan;
  readonly ledger: Ledger;
  readonly source: DuckDbSource;
  readonly holder: string;
}

/** The clock that the bindings name, at the position that the ledger keeps. */
export async function openClock(order: Order): Promise<Clock & TaskClock> {
  const { plan, ledger, holder } = order;
  const { clock, environment } = plan.bindings;
  if (clock.pace === "real") return asTaskClock(realClock());
  const name = `clock/${environment}`;
  const lease = await ledger.acquire(name, holder, HOLD);
  if ("held" in lease) {
    throw new ClockError(
      `the rehearsal clock of environment \`${environment}\` is moved by another process (${lease.holder}); wait for it to end, or stop it`,
    );
  }
  const renewal = setInterval(() => void ledger.renew(lease, HOLD).catch(() => {}), HOLD / 3);
  renewal.unref();
  const close = async () => {
    clearInterval(renewal);
    await ledger.release(lease);
  };
  const position = (await ledger.clockPosition(environment)) ?? (await begin(order));
  const moved = (to: Instant) => ledger.moveClock(environment, to);
  if (clock.pace === "scaled") {
    return { ...scaledClock(position, clock.factor ?? 1, moved), task: (work) => work(), close };
  }
  const { participants } = clock;
  const jumping = workClock(position, { before: (from, to) => tellParticipants(participants, from, to), moved });
  return { ...jumping, close };
}

/** First position of a new rehearsal. */
async function begin({ plan, ledger, source }: Order): Promise<Instant> {
  const { clock, environment } = plan.bindings;
  if (clock.pace === "real") throw new Error("a real clock has no beginning");
  let start = clock.start;
  if (start === "data") {
    const [dataset] = plan.datasets;
    if (dataset === undefined) throw new Error("a plan without a dataset");
    const newest = await source.newest(dataset);
    if (newest.kind === "unanswered") {
      throw new ClockError(`the clock cannot start at the data's newest row: ${newest.detail}`);
    }
    start = newest.value;
  }
  await ledger.moveClock(environment, start);
  return start;
}
