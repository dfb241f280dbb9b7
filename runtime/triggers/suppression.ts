import type { Monitor } from "../../compiler/plan/monitor.ts";
import type { Instant } from "../clock/clock.ts";
import type { RunFact, TickInput } from "./input.ts";
import type { Suppression } from "./outcome.ts";
import { written, writtenNumber } from "./sentence.ts";
import type { Episode, MonitorState } from "./state.ts";

/** Everything that keeps any run from starting now, in a fixed order; empty when a run may start. */
export function suppressions(
  monitor: Monitor,
  state: MonitorState,
  input: TickInput,
  offered: readonly Episode[],
): readonly Suppression[] {
  return [
    running(monitor, input),
    review(input),
    frozen(monitor, input),
    breaker(state, input.now),
    cooldown(monitor, state, input.now),
    ...budget(monitor, input),
    settling(monitor, input.now, offered),
  ].filter((suppression) => suppression !== undefined);
}

/** What also keeps a run by hand from starting: a person overrules cooldown, budget and settling, and what is running is continued. */
export function blocksByHand(monitor: Monitor, state: MonitorState, input: TickInput): readonly Suppression[] {
  return [review(input), frozen(monitor, input), breaker(state, input.now)].filter((block) => block !== undefined);
}

function running(monitor: Monitor, input: TickInput): Suppression | undefined {
  const run = input.running;
  if (run === undefined || (monitor.queue === "replace" && !run.rolloutBegan)) return undefined;
  return { reason: "running", sentence: `run ${run.run} is running` };
}

function review({ now, reviewOverdueAt }: TickInput): Suppression | undefined {
  if (reviewOverdueAt === undefined || now < reviewOverdueAt) return undefined;
  const sentence = `review overdue since ${written(reviewOverdueAt)}: a policy of risk high starts no run after its \`review_by\``;
  return { reason: "review", sentence };
}

function frozen(monitor: Monitor, input: TickInput): Suppression | undefined {
  const { now } = input;
  const holding = [...monitor.freezes, ...(input.freezes ?? [])].filter(
    (freeze) => freeze.scope === "all" && freeze.from <= now && now < freeze.until,
  );
  const last = latestBy(holding, (freeze) => freeze.until);
  if (last === undefined) return undefined;
  const sentence = `freeze until ${written(last.until)} (${last.because})`;
  return { reason: "freeze", detail: last.because, until: last.until, sentence };
}

function breaker(state: MonitorState, now: Instant): Suppression | undefined {
  const until = state.breaker.openUntil;
  if (until === null || now >= until) return undefined;
  return {
    reason: "breaker",
    detail: String(state.breaker.openedAt),
    until,
    sentence: `breaker open until ${written(until)}`,
  };
}

function cooldown(monitor: Monitor, state: MonitorState, now: Instant): Suppression | undefined {
  const ends = (["promotion", "refusal", "failure", "rollback"] as const).flatMap((after) => {
    const since = state.latest[after];
    return since === null ? [] : [{ after, until: since + monitor.cooldown[after] }];
  });
  const last = latestBy(ends, (end) => end.until);
  if (last === undefined || now >= last.until) return undefined;
  const sentence = `cooldown after ${last.after} until ${written(last.until)}`;
  return { reason: "cooldown", detail: last.after, until: last.until, sentence };
}

/** Runs that reached train, by hand or not, and the hours they used, within the window that ends now. */
function budget(monitor: Monitor, input: TickInput): readonly Suppression[] {
  const limits = monitor.budget;
  if (limits === undefined) return [];
  const { now } = input;
  const leaves = (run: RunFact): Instant => (run.trainedAt ?? 0) + limits.per;
  const counted = input.runs
    .filter((run) => run.trainedAt !== undefined && run.outcome !== "duplicate" && leaves(run) > now)
    .sort((a, b) => leaves(a) - leaves(b));
  const found: Suppression[] = [];
  if (limits.runs !== undefined && counted.length >= limits.runs) {
    const frees = counted[counted.length - limits.runs];
    const until = frees === undefined ? now : leaves(frees);
    const sentence = `budget of ${limits.runs} runs is used up until ${written(until)}`;
    found.push({ reason: "budget", detail: "runs", until, sentence });
  }
  if (limits.gpuHours !== undefined) {
    const worst = input.gpuHoursOfNextRun ?? 0;
    let used = counted.reduce((sum, run) => sum + (run.gpuHours ?? 0), 0);
    if (used + worst > limits.gpuHours) {
      const text = `budget of ${writtenNumber(limits.gpuHours)} GPU hours: ${writtenNumber(used)} used, the next run may need ${writtenNumber(worst)}`;
      let until: Instant | undefined;
      for (const run of counted) {
        used -= run.gpuHours ?? 0;
        until = leaves(run);
        if (used + worst <= limits.gpuHours) break;
      }
      const known = until !== undefined && used + worst <= limits.gpuHours ? { until } : {};
      const sentence = known.until === undefined ? text : `${text}, until ${written(known.until)}`;
      found.push({ reason: "budget", detail: "gpu_hours", ...known, sentence });
    }
  }
  return found;
}

function settling(monitor: Monitor, now: Instant, offered: readonly Episode[]): Suppression | undefined {
  if (monitor.settle === 0 || offered.length === 0) return undefined;
  const until = Math.min(...offered.map((episode) => episode.openedAt)) + monitor.settle;
  return now < until ? { reason: "settle", until, sentence: `settling until ${written(until)}` } : undefined;
}

function latestBy<Item>(items: readonly Item[], until: (item: Item) => number): Item | undefined {
  return items.reduce<Item | undefined>(
    (last, item) => (last === undefined || until(item) > until(last) ? item : last),
    undefined,
  );
}
