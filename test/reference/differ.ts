import type { SingleCause } from "../../compiler/plan/monitor.ts";
import { awaitsRowSet, dueConditions, nextDue } from "../../runtime/triggers/due.ts";
import type { RunFact, TickInput } from "../../runtime/triggers/input.ts";
import { type MonitorState, NEW_MONITOR } from "../../runtime/triggers/state.ts";
import { type Ticked, tick } from "../../runtime/triggers/tick.ts";
import { answerOf, type History, lifeOf, type Step } from "./histories.ts";
import { ReferenceMonitor, type Told } from "./monitor.ts";
import { nominals } from "./schedule.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Decisions compared, by what was decided. */
export interface Tally {
  ticks: number;
  fire: number;
  suppressed: number;
  quiet: number;
  notes: number;
}

export const NO_TALLY: Tally = { ticks: 0, fire: 0, suppressed: 0, quiet: 0, notes: 0 };

/** Lives through a history with the runtime's monitor and with the reference. Returns the first tick at which they differ, in words. */
export function differ(history: History, tally: Tally): string | undefined {
  const { monitor, start, sees } = history;
  const reference = new ReferenceMonitor(monitor, (cron, zone) => {
    const day = Math.floor(start / (30 * DAY)) * 30 * DAY;
    return nominals(cron, zone, day - 10 * DAY, day + 100 * DAY);
  });
  const singles = monitor.causes.flatMap((cause) => (cause.kind === "group" ? cause.members : [cause]));
  const freezes = history.freezes.map(({ from, hours }) => {
    const at = start + from * HOUR;
    return { scope: "all", from: at, until: at + hours * HOUR, because: `freeze ${from}` } as const;
  });
  const runs: RunFact[] = [];
  const events: { readonly event: string; readonly id: string; readonly at: number }[] = [];
  let state: MonitorState = NEW_MONITOR;
  let resumedAt: number | undefined;
  let rows = 0;
  let now = start;
  for (const step of history.steps) {
    const { act } = step;
    if (act >= 3 && act <= 6) {
      events.push({ event: act % 2 === 0 ? "a" : "b", id: `e${events.length}`, at: now - step.minutes * MINUTE });
    }
    if (act === 7) resumedAt = Math.max(reference.inputs.at(-1)?.now ?? 0, now - (step.minutes % 60) * MINUTE);
    if (act === 8 || act === 9) rows += 1;
    const visible = runs.flatMap((run) => seen(run, now, sees));
    const running = visible.find((run) => run.outcome === undefined);
    const awaited = awaitsRowSet(monitor, state, now);
    const input: TickInput = {
      now,
      answers: answersOf(singles, dueConditions(monitor, state, now), step),
      runs: visible,
      ...(running === undefined ? {} : { running: { run: running.run, rolloutBegan: hasBegun(running, now) } }),
      events: events.filter((event) => event.at <= now),
      freezes,
      ...(resumedAt === undefined ? {} : { resumedAt }),
      ...(awaited || act % 2 === 0 ? { rowSet: `r${rows}` } : {}),
      gpuHoursOfNextRun: 2,
    };
    const ticked = tick(monitor, state, input);
    const { outcome } = ticked;
    const told = reference.tick(input, outcome.kind === "fire" ? outcome.key : undefined);
    const due = nextDue(monitor, ticked.state, now);
    const [ours, theirs] = [ofReference(told), ofRuntime(ticked, due)];
    if (ours !== theirs)
      return `tick ${reference.inputs.length} at ${text(now)}\n  reference: ${ours}\n  runtime:   ${theirs}`;
    tally.ticks += 1;
    tally[told.kind] += 1;
    tally.notes += told.notes.length;
    state = JSON.parse(JSON.stringify(ticked.state));

    const nothing = { ...input, answers: {}, now: now + Math.floor((due - now) / 2 / MINUTE) * MINUTE };
    if (told.kind !== "fire" && nothing.now > now && reference.peek(nothing).kind === "fire") {
      return `at ${text(now)} the next due instant is ${text(due)}, but a run is due at ${text(nothing.now)}`;
    }
    if (outcome.kind === "fire") {
      if (runs.some((run) => run.key === outcome.key)) return `key ${outcome.key} was used twice`;
      if (outcome.replaces !== undefined) cancel(runs, outcome.replaces, now);
      if (act !== 10) runs.push(lifeOf(`run${runs.length}`, outcome.key, now, step));
      if (act === 11)
        runs.push({ run: `run${runs.length}`, key: outcome.key, startedAt: now, endedAt: now, outcome: "duplicate" });
    } else if (act <= 1 && !runs.some((run) => (run.endedAt ?? now) >= now)) {
      runs.push(lifeOf(`run${runs.length}`, undefined, now, step));
    }
    now = advanced(step, now, monitor.check, due, runs);
    if (now > start + 80 * DAY) return undefined;
  }
  return undefined;
}

/** A run is not replaced once its rollout has begun, and so not after its promotion or rollback. */
function hasBegun({ startedAt, promotedAt, rolledBackAt }: RunFact, now: number): boolean {
  return now - startedAt > 6 * HOUR || promotedAt !== undefined || rolledBackAt !== undefined;
}

function cancel(runs: RunFact[], name: string, at: number): void {
  const index = runs.findIndex((run) => run.run === name);
  const run = runs[index];
  if (run === undefined) return;
  const { run: id, key, startedAt, trainedAt, gpuHours } = run;
  const trained = trainedAt !== undefined && trainedAt <= at ? { trainedAt, gpuHours: gpuHours ?? 0 } : {};
  const head = { run: id, startedAt, ...(key === undefined ? {} : { key }) };
  runs[index] = { ...head, ...trained, endedAt: at, outcome: "cancelled" };
}

function answersOf(singles: readonly SingleCause[], due: readonly string[], step: Step): TickInput["answers"] {
  const given = singles.flatMap((cause, index) => {
    const digit = Math.floor(step.answers / 6 ** index) % 6;
    return due.includes(cause.id) ? [[cause.id, answerOf(cause, digit)] as const] : [];
  });
  return Object.fromEntries(given);
}

/** What of a run has happened by `now`. */
function seen(run: RunFact, now: number, sees: History["sees"]): readonly RunFact[] {
  const past = (at: number | undefined): at is number => at !== undefined && (sees === "now" ? at <= now : at < now);
  const { run: name, key, startedAt, trainedAt, gpuHours, promotedAt, rolledBackAt, endedAt, outcome, rowSet } = run;
  if (startedAt > now) return [];
  return [
    {
      run: name,
      startedAt,
      ...(key === undefined ? {} : { key }),
      ...(past(trainedAt) ? { trainedAt } : {}),
      ...(past(trainedAt) && gpuHours !== undefined ? { gpuHours } : {}),
      ...(past(promotedAt) ? { promotedAt } : {}),
      ...(past(rolledBackAt) ? { rolledBackAt } : {}),
      ...(past(endedAt) ? { endedAt } : {}),
      ...(past(endedAt) && outcome !== undefined ? { outcome } : {}),
      ...(past(endedAt) && rowSet !== undefined ? { rowSet } : {}),
    },
  ];
}

function advanced(step: Step, now: number, check: number, due: number, runs: readonly RunFact[]): number {
  if (step.advance <= 3) {
    const ends = runs.flatMap((run) => run.endedAt ?? []).filter((end) => end > now);
    return Math.min(due, ...ends);
  }
  const aligned = now - (now % check) + check;
  if (step.advance === 4) return aligned;
  if (step.advance === 5) return aligned + (step.hours % 7) * check + (step.minutes % 2) * step.minutes * MINUTE;
  if (step.advance === 6) return now + step.minutes * MINUTE;
  return aligned + Math.min(step.minutes * MINUTE, check - MINUTE);
}

function text(at: number): string {
  return new Date(at).toISOString().slice(0, 16);
}

function ofReference({ kind, causes, reasons, changed, replaces, notes, next }: Told): string {
  return JSON.stringify({
    kind,
    causes: causes.map(({ cause, openedAt, attempt }) => [cause, text(openedAt), attempt]),
    reasons: reasons.map(({ name, detail, until }) => [name, detail, until ?? null]).sort(),
    changed,
    replaces: replaces ?? null,
    notes,
    next: text(next),
  });
}

const compared = ["breaker_opened", "refusals_in_a_row", "missed_schedule", "unanswered"];

function ofRuntime({ outcome, notes }: Ticked, due: number): string {
  const causes = outcome.kind === "quiet" ? [] : outcome.causes;
  const reasons = outcome.kind === "suppressed" ? outcome.reasons : [];
  return JSON.stringify({
    kind: outcome.kind,
    causes: causes.map(({ cause, openedAt, attempt }) => [cause, text(openedAt), attempt]),
    reasons: reasons.map(({ reason, detail, until }) => [reason, detail ?? "", until ?? null]).sort(),
    changed: outcome.kind === "suppressed" && outcome.changed,
    replaces: outcome.kind === "fire" ? (outcome.replaces ?? null) : null,
    notes: notes
      .filter((note) => compared.includes(note.kind))
      .map((note) => (note.cause === undefined ? note.kind : `${note.kind} ${note.cause}`))
      .sort(),
    next: text(due),
  });
}
