import { expect, it } from "vitest";
import type { Rollout } from "../../../compiler/plan/rollout.ts";
import { nextDue } from "../../../runtime/rollout/due.ts";
import { SILENCE } from "../../../runtime/rollout/ending.ts";
import type { Look, RolloutEvent } from "../../../runtime/rollout/event.ts";
import { begin, step } from "../../../runtime/rollout/machine.ts";
import { stagesOf } from "../../../runtime/rollout/stages.ts";
import type { RolloutState } from "../../../runtime/rollout/state.ts";
import { flights, MINUTE, stage, start } from "./world.ts";

const TICK = 10 * MINUTE;
/** One stage of each kind, each length one or two ticks, so that every limit is passed within few steps. */
const rollout: Rollout = flights({
  stages: [
    stage("shadow", "shadow", 1, { atLeast: TICK, atMost: 2 * TICK, check: TICK }),
    stage("canary", "live", 0.1, { atLeast: TICK, atMost: 2 * TICK, check: TICK }),
    stage("approval", "approval", 0.1, { atMost: TICK, check: TICK, approvers: "leads" }),
    stage("full", "live", 1, { atMost: TICK, watch: TICK, keepChampion: 2 * TICK, check: TICK }),
  ],
  // biome-ignore lint/suspicious/noThenProperty: a word of the plan
  onInconclusive: { action: "hold", for: TICK, then: "rollback" },
});

const frozen = { until: 1e12, because: "peak" };

function looks(at: number): readonly Look[] {
  const good: Look = {
    kind: "look",
    at,
    traffic: "converged",
    observedShare: 1,
    verdict: "pass",
    sentence: "seen",
    minimumMet: true,
    conditions: [{ id: "rollback.1", truth: false, sentence: "condition" }],
    foreignRevision: null,
    frozen: null,
    restored: true,
  };
  const unknown = [{ id: "rollback.1", truth: "unknown", sentence: "condition" }] as const;
  return [
    good,
    { ...good, verdict: "fail" },
    { ...good, verdict: "inconclusive", restored: "unknown" },
    { ...good, traffic: "converging", observedShare: 0.4, restored: false },
    { ...good, traffic: "mismatch" },
    { ...good, minimumMet: false },
    { ...good, observedShare: 0.99 },
    { ...good, conditions: [{ id: "rollback.1", truth: true, sentence: "condition" }] },
    { ...good, conditions: unknown },
    { ...good, conditions: [] },
    { ...good, frozen },
    { ...good, verdict: "inconclusive", conditions: unknown, frozen, restored: "unknown" },
  ];
}

function events(state: RolloutState, at: number): readonly RolloutEvent[] {
  const commands = (["approve", "deny", "hold", "resume", "rollback"] as const).map(
    (command): RolloutEvent => ({ kind: "command", at, record: 1, command, by: "ana", proof: "oidc", because: "" }),
  );
  const [head] = state.effects;
  const meddled = looks(at)
    .slice(0, 1)
    .map((look): RolloutEvent => ({ ...look, foreignRevision: state.revision + 1 }));
  const effects: readonly RolloutEvent[] =
    head === undefined
      ? []
      : [
          { kind: "done", at, key: head.key, revision: state.revision + 1 },
          { kind: "failed", at, key: head.key, detail: "away", permanent: false },
          { kind: "failed", at, key: head.key, detail: "broken", permanent: true },
        ];
  const others: readonly RolloutEvent[] = [
    { kind: "elsewhere", at, revision: state.revision + 1 },
    { kind: "abort", at, because: "the earlier run goes back" },
    { kind: "superseded", at, by: "r3" },
  ];
  return [...looks(at), ...commands, ...meddled, ...effects, ...others];
}

/** What must hold for every single step; a sentence for the first thing that does not. */
function broken(before: RolloutState, event: RolloutEvent, after: RolloutState): string | undefined {
  const look = event.kind === "look" ? event : undefined;
  const conditionKnown = look?.conditions.some((condition) => condition.truth === false) === true;
  const isLive = before.route.share > 0;
  const fresh = after.effects.filter((effect) => !before.effects.some((known) => known.key === effect.key));
  const stages = stagesOf(rollout, before.start);
  if (before.start.smoke !== undefined && after.smoked !== true && after.route.challenger !== null) {
    return "traffic before the smoke requests were answered";
  }
  if (before.smoked !== true && after.smoked === true && event.kind !== "done") return "smoked without an answer";

  for (const effect of after.effects) {
    if (effect.kind !== "route" || effect.direction !== "forward") continue;
    const { champion, challenger } = effect.wish;
    if (champion !== "1" || challenger !== "2") return "a share is asked for beside another target than the pinned one";
    if (effect.wish.share < after.route.share) return "a share falls other than by a rollback";
    if (after.phase === "ended" || after.phase === "rolling_back") return "traffic is to move forward after the end";
  }
  if (after.route.share < before.route.share && before.rollback === null && before.outcome !== "promoted") {
    return "a share fell other than by a rollback or the end of the keep";
  }
  if (after.stage > before.stage || (before.phase === "waiting" && after.phase === "entering")) {
    if (after.stage > before.stage + 1) return "a stage was left out";
    if (look === undefined) return "advanced without a look";
    if (look.frozen !== null || before.heldBy !== null) return "advanced during a freeze or a person's hold";
  }
  if (after.stage > before.stage) {
    const left = stages[before.stage];
    if (isLive && !conditionKnown) return "advanced although a rollback condition had no answer";
    if (left?.kind === "approval" ? before.approvedBy === null : look?.verdict !== "pass")
      return "advanced without a pass";
    if (left?.kind !== "approval" && (look?.traffic !== "converged" || look.minimumMet !== true)) {
      return "advanced before the traffic or the minimum was there";
    }
    if (event.at - (before.convergedAt ?? event.at) < (left?.atLeast ?? 0)) return "advanced before its shortest time";
  }
  const promotes = fresh.some((effect) => effect.kind === "alias" && effect.direction === "forward");
  if (promotes && !(look?.traffic === "converged" && look.observedShare === 1 && before.route.share === 1)) {
    return "the alias is to move before 100 % was observed";
  }
  if (before.promotedAt === null && after.promotedAt !== null) {
    const moved = before.effects.find((effect) => event.kind === "done" && effect.key === event.key);
    if (moved?.kind !== "alias") return "promoted before the alias was moved";
  }
  if (after.outcome === "promoted" && after.promotedAt === null) return "ended as promoted without a promotion";
  if (before.outcome === null && after.outcome === "rolled_back" && look?.restored !== true) {
    return "said rolled back before the traffic was seen to be back";
  }
  const judged = before.phase !== "rolling_back" && before.phase !== "ended" && before.phase !== "waiting";
  if (
    judged &&
    isLive &&
    look?.conditions.some((condition) => condition.truth === true) === true &&
    after.rollback === null
  ) {
    return "a rollback condition held and nothing went back";
  }
  const counts = before.convergedAt !== null && stages[before.stage]?.kind !== "approval" && before.promotedAt === null;
  if (
    judged &&
    counts &&
    before.phase === "observing" &&
    look?.verdict === "fail" &&
    look.traffic === "converged" &&
    look.foreignRevision === null &&
    after.rollback === null
  ) {
    return "a requirement failed and nothing went back";
  }
  if (after.phase === "rolling_back" && after.rollback === null) return "goes back without a reason";
  if ((after.phase === "ended") !== (after.outcome !== null)) return "an end without an outcome";
  const due = nextDue(rollout, after, event.at);
  if (due !== undefined && due <= event.at) return "due in the past";
  if (due === undefined && (after.phase !== "ended" || after.effects.length > 0))
    return "would never be looked at again";
  return undefined;
}

/** Ages beyond this many ticks are all the same to every rule. */
const OLD = 6;

/** The state as seen from `now`, without keys, counters and words, and without the ages that no rule reads any more. Two states with the same essence go on alike. */
function essence(state: RolloutState, now: number): string {
  const age = (at: number | null, taken = 0, old = OLD): number | null =>
    at === null ? null : Math.max(-old, Math.min(old, Math.round((now - at - taken) / TICK)));
  const { phase, stage: index, route, heldBy, approvedBy, outcome, hold, rollback, promotedAt, convergedAt } = state;
  const effects = state.effects.map((effect) => {
    const { key: _, notBefore: __, ...rest } = effect;
    return rest;
  });
  const common = [phase, route, effects, promotedAt === null, state.smoked];
  if (phase === "ended") return JSON.stringify([common, outcome, rollback?.to, rollback?.verify]);
  if (rollback !== null) {
    return JSON.stringify([
      common,
      age(rollback.since, 0, SILENCE / TICK + 2),
      rollback.restoredAt === null,
      rollback.outcome,
      rollback.to,
      rollback.verify,
    ]);
  }
  const ages =
    promotedAt !== null
      ? [age(promotedAt)]
      : convergedAt !== null
        ? [age(convergedAt), age(convergedAt, state.pausedFor)]
        : [age(state.enteredAt)];
  const pauses = [heldBy, state.frozenUntil === null, age(state.pausedSince), approvedBy, Math.min(2, state.elsewhere)];
  return JSON.stringify([common, index, ages, pauses, hold === null ? null : [age(hold.until), hold.reason]]);
}

/** Goes on from a state with looks of one kind, every effect done at once and nobody holding it; the state where it is still not over after eighty ticks. */
function lead(from: RolloutState, now: number, kind: number): RolloutState | undefined {
  let state = from;
  if (state.heldBy !== null) {
    state = step(rollout, state, {
      kind: "command",
      at: now,
      record: 1,
      command: "resume",
      by: "ana",
      proof: "oidc",
      because: "",
    }).state;
  }
  for (let tick = 0; tick < 80; tick += 1) {
    for (let [head] = state.effects; head !== undefined; [head] = state.effects) {
      state = step(rollout, state, {
        kind: "done",
        at: now + tick * TICK,
        key: head.key,
        revision: state.revision + 1,
      }).state;
    }
    if (state.phase === "ended") return undefined;
    const look = looks(now + tick * TICK)[kind];
    if (look !== undefined) state = step(rollout, state, look).state;
  }
  return state;
}

it.each([
  ["", {}],
  [" after smoke requests", { smoke: 2 }],
])("keeps every promise in every reachable state%s, whatever is seen, done, refused or commanded", (_what, more) => {
  const queue: { readonly state: RolloutState; readonly now: number }[] = [
    { state: begin(rollout, { ...start("r2", "2", "1", 0), ...more }), now: 0 },
  ];
  const seen = new Set<string>();
  const ends = new Set<string>();
  let steps = 0;
  // The queue grows while it is walked.
  for (const { state, now } of queue) {
    for (const event of events(state, now)) {
      const { state: after } = step(rollout, state, event);
      steps += 1;
      const wrong = broken(state, event, after);
      if (wrong !== undefined) expect.fail(`${wrong}\n${JSON.stringify({ state, event, after }, undefined, 1)}`);
      if (after.outcome !== null) ends.add(after.outcome);
      // Messages are delivered at once here: they never change a decision. A failed attempt only waits: it is as good as none.
      const rest = { ...after, effects: after.effects.filter((effect) => effect.kind !== "notify") };
      if (rest.effects.some((effect) => effect.attempts > 0)) continue;
      for (const later of event.kind === "look" ? [now + TICK] : [now, now + TICK]) {
        const key = essence(rest, later);
        if (seen.has(key)) continue;
        seen.add(key);
        queue.push({ state: rest, now: later });
      }
    }
  }
  expect([...ends].sort()).toEqual(["aborted", "promoted", "refused", "rollback_failed", "rolled_back"]);
  expect(seen.size).toBeGreaterThan(10_000);
  expect(steps).toBeGreaterThan(200_000);
  for (const { state, now } of queue) {
    for (const kind of [0, 2, 3]) {
      const stuck = lead(state, now, kind);
      if (stuck !== undefined)
        expect.fail(`does not come to an end\n${JSON.stringify({ state, stuck }, undefined, 1)}`);
    }
  }
});
