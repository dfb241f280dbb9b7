import type { Instant } from "../../clock/clock.ts";
import type { Unanswered } from "../../judge/observation.ts";
import { type Ask, unanswered } from "./client.ts";
import { counted, oneNumber, stale } from "./numbers.ts";

/** Events among trials of one version, and what a reader must know about them. */
export interface Events {
  readonly events: number;
  readonly trials: number;
  readonly notes: readonly string[];
}

/**
 * `A over B`, both counted over one window. No series of B, or 0: no data. Series of B and none of A: no event, and a note. More of A than of B: the two
 * queries do not count the same things.
 */
export async function eventsOf(
  ask: Ask,
  queries: { readonly events: string; readonly trials: string },
  freshWithin: number,
  at: Instant,
): Promise<Events | Unanswered> {
  const all = await oneNumber(ask, queries.trials, at);
  if (typeof all === "object") return all;
  if (all === undefined) return unanswered("no_data", "no series answers the query after `over`");
  const old = await stale(ask, queries.trials, { within: freshWithin, at });
  if (old !== undefined) return old;
  const trials = counted(all);
  if ("kind" in trials) return trials;
  if (trials.count === 0) return unanswered("no_data", "the query after `over` counts nothing yet");
  const some = await oneNumber(ask, queries.events, at);
  if (typeof some === "object") return some;
  if (some !== undefined) {
    const older = await stale(ask, queries.events, { within: freshWithin, at, mayHaveEnded: true });
    if (older !== undefined) return older;
  }
  const events = counted(some ?? 0);
  if ("kind" in events) return events;
  if (events.count > trials.count) {
    const detail = `${events.exact} events are counted among ${trials.exact}: the two queries do not count the same requests`;
    return unanswered("schema_mismatch", detail);
  }
  const notes = some === undefined ? ["no series counts an event, which is read as none"] : [];
  const isRounded = [events, trials].some(({ count, exact }) => count !== exact);
  if (isRounded) notes.push("counts that Prometheus extrapolated are rounded to whole ones");
  return { events: events.count, trials: trials.count, notes };
}
