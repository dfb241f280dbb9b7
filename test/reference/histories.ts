import fc from "fast-check";
import type { Cause, Monitor, SingleCause, Streak } from "../../compiler/plan/monitor.ts";
import type { Answer, RunFact } from "../../runtime/triggers/input.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** One look of the monitor, in small numbers that `differ.ts` reads; numbers shrink well. */
export interface Step {
  /** How the clock goes on: to the next due instant, by checks, by minutes. */
  readonly advance: number;
  readonly minutes: number;
  /** One digit of base 6 a condition. */
  readonly answers: number;
  /** What becomes of a run that starts here. */
  readonly life: number;
  readonly hours: number;
  /** A run by hand, an event, a person's resume, other rows. */
  readonly act: number;
}

export interface History {
  readonly monitor: Monitor;
  readonly start: number;
  /** What happens at a tick's own instant is seen by it, or only by the next one. */
  readonly sees: "now" | "later";
  readonly freezes: readonly { readonly from: number; readonly hours: number }[];
  readonly steps: readonly Step[];
}

const place = { file: "p.retrain", line: 1, column: 1, endLine: 1, endColumn: 2 };

const streaks = fc.oneof(
  fc.constant(undefined),
  fc.record({ kind: fc.constant("checks" as const), count: fc.integer({ min: 1, max: 5 }) }),
  fc.record({
    kind: fc.constant("duration" as const),
    length: fc.integer({ min: 0, max: 6 }).map((n) => n * 4 * HOUR),
  }),
  fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 3 }))
    .map(([count, more]): Streak => ({ kind: "of", count, window: count + more })),
);

const crons = fc.constantFrom(
  "0 3 * * MON",
  "15 2 * * *",
  "30 */6 * * *",
  "0 * * * *",
  "30 1 * * SUN",
  "0 12 1,15 * *",
  "45 2 1 * SUN",
);
const zones = fc.constantFrom("America/Chicago", "Europe/Berlin", "Asia/Singapore", "Australia/Lord_Howe");

type Shape = SingleCause;

const singles: fc.Arbitrary<Shape> = fc.oneof(
  fc.record({ cron: crons, zone: zones }).map(
    ({ cron, zone }): Shape => ({
      kind: "schedule",
      id: "",
      text: `schedule "${cron}" in "${zone}"`,
      place,
      cron,
      zone,
    }),
  ),
  fc.constant<Shape>({
    kind: "data",
    id: "",
    text: "data d gains 5 rows",
    place,
    dataset: "d",
    gains: 5,
    labelled: false,
  }),
  fc.constantFrom("a", "b").map((event): Shape => ({ kind: "event", id: "", text: `event "${event}"`, place, event })),
  fc
    .record({
      streak: streaks,
      clears: fc.constantFrom(undefined, "near", "same"),
      up: fc.boolean(),
      after: fc.constantFrom(undefined, 1, 2, 3),
    })
    .map(({ streak, clears, up, after }): Shape => drift(streak, clears, up, after)),
  streaks.map((streak): Shape => decay(streak)),
);

function drift(
  streak: Streak | undefined,
  clears: "near" | "same" | undefined,
  up: boolean,
  after: number | undefined,
): Shape {
  const measure = {
    kind: "drift",
    name: "psi",
    dataset: "d",
    column: "x",
    options: {},
    unit: "number",
    better: "lower",
  } as const;
  const beyond = up ? 0.05 : 0.2;
  return {
    kind: "drift",
    id: "",
    text: "drift psi(d.x) > 0.1",
    place,
    test: { kind: "threshold", measure, relation: up ? ">" : "<", limit: 0.1 },
    ...(streak === undefined ? {} : { streak }),
    ...(clears === undefined ? {} : { clears: clears === "near" ? beyond : 0.1 }),
    ...(clears === undefined || after === undefined ? {} : { clearsAfter: after }),
  };
}

function decay(streak: Streak | undefined): Shape {
  const measure = {
    kind: "prediction",
    metric: "auc",
    party: "champion",
    options: {},
    unit: "ratio",
    better: "higher",
  } as const;
  return {
    kind: "decay",
    id: "",
    text: "decay auc drops 3pp below baseline over 7d",
    place,
    dataset: "d",
    test: {
      kind: "change",
      measure,
      direction: "drops",
      margin: { kind: "absolute", value: 0.03 },
      confidence: 0.95,
    },
    over: 7 * DAY,
    ...(streak === undefined ? {} : { streak }),
  };
}

const groups = fc.record({
  members: fc.array(singles, { minLength: 1, maxLength: 3 }),
  atLeast: fc.integer({ min: 1, max: 3 }),
  within: fc.constantFrom(undefined, 3 * HOUR, 13 * HOUR, 2 * DAY),
});

const causes = fc
  .array(fc.oneof({ weight: 3, arbitrary: singles }, { weight: 1, arbitrary: groups }), { minLength: 1, maxLength: 3 })
  .map((list) =>
    list.map((cause, index): Cause => {
      const id = `t.${index + 1}`;
      if (!("members" in cause)) return { ...cause, id };
      const members = cause.members.map((member, at) => ({ ...member, id: `${id}.${at + 1}` }));
      const atLeast = Math.min(cause.atLeast, members.length);
      const within = cause.within === undefined ? {} : { within: cause.within };
      return { kind: "group", id, text: `group ${index}`, place, members, atLeast, ...within };
    }),
  );

const hours = (...list: number[]) => fc.constantFrom(...list).map((count) => count * HOUR);

const monitors: fc.Arbitrary<Monitor> = fc
  .record({
    causes,
    check: hours(1, 4, 24),
    settle: hours(0, 0, 0.25, 7),
    grace: hours(0.5, 3),
    queue: fc.constantFrom("latest" as const, "latest" as const, "skip" as const, "replace" as const),
    cooldown: fc.record({
      promotion: hours(0, 30),
      refusal: hours(0, 24),
      failure: hours(0, 6),
      rollback: hours(0, 24),
    }),
    runs: fc.constantFrom(undefined, undefined, 1, 2),
    gpuHours: fc.constantFrom(undefined, undefined, 5),
    per: hours(24, 120),
    breaker: fc.record({ failures: fc.integer({ min: 1, max: 3 }), opensFor: hours(4, 24, 100) }),
    missing: fc.record({
      action: fc.constantFrom("hold" as const, "hold" as const, "reset" as const),
      notifyAfter: fc.integer({ min: 1, max: 4 }),
    }),
  })
  .map(({ runs, gpuHours, per, ...rest }) => {
    const limits = { ...(runs === undefined ? {} : { runs }), ...(gpuHours === undefined ? {} : { gpuHours }) };
    const budget = runs === undefined && gpuHours === undefined ? {} : { budget: { ...limits, per } };
    return { ...rest, ...budget, every: HOUR, freezes: [] };
  });

const step: fc.Arbitrary<Step> = fc.record({
  advance: fc.integer({ min: 0, max: 7 }),
  minutes: fc.integer({ min: 1, max: 400 }),
  answers: fc.integer({ min: 0, max: 6 ** 9 - 1 }),
  life: fc.integer({ min: 0, max: 14 }),
  hours: fc.integer({ min: 1, max: 40 }),
  act: fc.integer({ min: 0, max: 29 }),
});

/** A monitor and what its world does. Starts lie shortly before clock changes. */
export const histories: fc.Arbitrary<History> = fc.record({
  monitor: monitors,
  start: fc
    .tuple(
      fc.constantFrom("2001-03-23T00:00Z", "2001-03-31T00:00Z", "2001-10-26T00:00Z"),
      fc.integer({ min: 0, max: 2880 }),
    )
    .map(([day, minutes]) => Date.parse(day) + minutes * MINUTE),
  sees: fc.constantFrom("now" as const, "now" as const, "later" as const),
  freezes: fc.oneof(
    { weight: 4, arbitrary: fc.constant([]) },
    {
      weight: 1,
      arbitrary: fc.array(
        fc.record({ from: fc.integer({ min: 0, max: 200 }), hours: fc.integer({ min: 1, max: 60 }) }),
        {
          maxLength: 2,
        },
      ),
    },
  ),
  steps: fc.array(step, { minLength: 1, maxLength: 36, size: "max" }),
});

/** The answer of a condition at a step. Two thirds of the digits are answers, so that streaks are reached. */
export function answerOf(cause: SingleCause, digit: number): Answer {
  const sentence = "measured";
  if (digit === 0) return { truth: "unknown", reason: "no_data", sentence };
  if (cause.kind !== "drift" || cause.test.kind !== "threshold") return { truth: digit > 2, sentence };
  const up = cause.test.relation === ">";
  const value = [0, up ? 0.01 : 0.9, up ? 0.07 : 0.15, up ? 0.2 : 0.02, up ? 0.3 : 0.03, 0.1][digit] ?? 0.1;
  const truth = up ? value > 0.1 : value < 0.1;
  return digit === 5 ? { truth: true, sentence } : { truth, value, sentence };
}

/** A run's whole life, as it will have been; nobody sees more of it than has happened. */
export function lifeOf(
  run: string,
  key: string | undefined,
  startedAt: number,
  { life, hours: length }: Step,
): RunFact {
  const head = { run, startedAt, ...(key === undefined ? {} : { key }) };
  const endedAt = startedAt + length * HOUR;
  const middle = startedAt + Math.floor(length / 2) * HOUR + 20 * MINUTE;
  const trained = { trainedAt: startedAt + 10 * MINUTE, gpuHours: length % 4 };
  switch (life) {
    case 0:
    case 1:
    case 2:
      return { ...head, ...trained, promotedAt: middle, endedAt, outcome: "promoted" };
    case 3:
      return {
        ...head,
        ...trained,
        promotedAt: middle,
        endedAt,
        outcome: "promoted",
        rolledBackAt: endedAt + 5 * HOUR,
      };
    case 4:
      return { ...head, ...trained, endedAt, outcome: "registered" };
    case 5:
    case 6:
      return { ...head, ...trained, endedAt, outcome: "refused" };
    case 7:
    case 8:
      return { ...head, endedAt, outcome: "validation_stopped", ...(length % 5 === 0 ? {} : { rowSet: "r0" }) };
    case 9:
    case 10:
      return { ...head, ...(length % 2 === 0 ? trained : {}), endedAt, outcome: "failed" };
    case 11:
      return {
        ...head,
        ...trained,
        promotedAt: middle,
        rolledBackAt: middle + 10 * MINUTE,
        endedAt,
        outcome: "rolled_back",
      };
    case 12:
      return { ...head, ...trained, rolledBackAt: middle, endedAt, outcome: "rolled_back" };
    case 13:
      return { ...head, ...trained, endedAt, outcome: length % 2 === 0 ? "rollback_failed" : "aborted" };
    default:
      return { ...head, endedAt, outcome: "cancelled" };
  }
}
