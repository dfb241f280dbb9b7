import type { Cause, Monitor } from "../../../compiler/plan/monitor.ts";
import { dueConditions } from "../../../runtime/triggers/due.ts";
import type { Answer, TickInput } from "../../../runtime/triggers/input.ts";
import type { Outcome } from "../../../runtime/triggers/outcome.ts";
import type { MonitorState } from "../../../runtime/triggers/state.ts";
import { NEW_MONITOR } from "../../../runtime/triggers/state.ts";
import { type Ticked, tick } from "../../../runtime/triggers/tick.ts";

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

const place = { file: "p.retrain", line: 1, column: 1, endLine: 1, endColumn: 2 };

type Drift = Extract<Cause, { kind: "drift" }>;

export function drift(
  id: string,
  more: Partial<Pick<Drift, "streak" | "clears" | "clearsAfter">> = {},
  column = "distance",
): Drift {
  const text = `psi(flights.${column}) > 0.1`;
  const measure = {
    kind: "drift",
    name: "psi",
    dataset: "flights",
    column,
    options: {},
    unit: "number",
    better: "lower",
  } as const;
  return { id, text, place, kind: "drift", test: { kind: "threshold", measure, relation: ">", limit: 0.1 }, ...more };
}

export function schedule(
  id: string,
  cron = "0 4 * * MON",
  zone = "America/Chicago",
): Extract<Cause, { kind: "schedule" }> {
  return { id, text: `schedule "${cron}" in "${zone}"`, place, kind: "schedule", cron, zone };
}

export function data(id: string, gains = 400_000): Extract<Cause, { kind: "data" }> {
  return {
    id,
    text: `data flights gains ${gains} labelled rows`,
    place,
    kind: "data",
    dataset: "flights",
    gains,
    labelled: true,
  };
}

export function event(id: string, name: string): Extract<Cause, { kind: "event" }> {
  return { id, text: `event "${name}"`, place, kind: "event", event: name };
}

export function group(
  id: string,
  members: Extract<Cause, { kind: "group" }>["members"],
  more: { readonly atLeast?: number; readonly within?: number } = {},
): Cause {
  const atLeast = more.atLeast ?? members.length;
  const within = more.within === undefined ? {} : { within: more.within };
  return { id, text: `group ${id}`, place, kind: "group", members, atLeast, ...within };
}

export function monitor(causes: readonly Cause[], more: Partial<Monitor> = {}): Monitor {
  return {
    every: HOUR,
    check: DAY,
    causes: [...causes],
    settle: 0,
    grace: HOUR / 2,
    queue: "latest",
    cooldown: { promotion: 0, refusal: DAY, failure: 6 * HOUR, rollback: DAY },
    breaker: { failures: 3, opensFor: DAY },
    missing: { action: "hold", notifyAfter: 3 },
    freezes: [],
    ...more,
  };
}

export const at = (text: string): number => Date.parse(text);

/** `true`, `false` or a value compared with 0.1; `undefined` is unknown. */
export function answer(value: number | boolean | undefined): Answer {
  if (value === undefined) return { truth: "unknown", reason: "no_data", sentence: "no rows in the current window" };
  if (typeof value === "boolean")
    return { truth: value, sentence: value ? "412,345 labelled rows gained" : "too few rows" };
  return { truth: value > 0.1, value, sentence: `psi is ${value}` };
}

/** A monitor with its state, ticked by hand. */
export class Ticking {
  state: MonitorState = NEW_MONITOR;
  readonly plan: Monitor;
  constructor(plan: Monitor) {
    this.plan = plan;
  }

  tick(
    now: number | string,
    answers: Readonly<Record<string, number | boolean | undefined>> = {},
    more: Partial<Omit<TickInput, "now" | "answers">> = {},
  ): Ticked {
    const instant = typeof now === "number" ? now : at(now);
    const due = dueConditions(this.plan, this.state, instant);
    const given = Object.fromEntries(due.map((id) => [id, answer(answers[id])]));
    const ticked = tick(this.plan, this.state, { now: instant, runs: [], ...more, answers: given });
    this.state = JSON.parse(JSON.stringify(ticked.state));
    return ticked;
  }
}

/** `fire`, `quiet`, or the reasons of a suppression. */
export function told(outcome: Outcome): string {
  if (outcome.kind !== "suppressed") return outcome.kind;
  return outcome.reasons
    .map((reason) => (reason.detail === undefined ? reason.reason : `${reason.reason} ${reason.detail}`))
    .join(", ");
}
