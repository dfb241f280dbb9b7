import fc from "fast-check";
import type { OnInconclusive, Requirement, RequirementGroup } from "../../compiler/plan/condition.ts";
import type { Streak } from "../../compiler/plan/monitor.ts";
import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import type { Rollout } from "../../compiler/plan/rollout.ts";
import { decide } from "../../runtime/judge/decide.ts";
import type { Finding } from "../../runtime/judge/finding.ts";
import type { Look } from "../../runtime/rollout/event.ts";
import { begin, step } from "../../runtime/rollout/machine.ts";
import { stageOf } from "../../runtime/rollout/stages.ts";
import type { RolloutState } from "../../runtime/rollout/state.ts";
import { differ, type Tally } from "./differ.ts";
import { type History, histories } from "./histories.ts";
import { rolloutDecisions, type Seen } from "./rollout.ts";
import { combined } from "./verdict.ts";

const T0 = Date.parse("2001-04-09T09:00:00Z");

/** What happens to a policy: to its triggers, to its gates, to its rollouts. */
export interface PolicyHistory {
  readonly history: History;
  readonly hasChampion: boolean;
  /** What the rollout, its last stage and its rollback conditions say in place of what the policy says, so that every form comes up. */
  readonly variant: { readonly on: number; readonly onLast: number; readonly streak: number };
  /** One small number a look; see `lookOf`. */
  readonly looks: readonly {
    readonly wait: number;
    readonly mood: number;
    readonly word: number;
    readonly odd: number;
  }[];
  readonly verdicts: readonly Finding["verdict"][];
}

const looks = fc.record({
  wait: fc.integer({ min: 0, max: 9 }),
  mood: fc.integer({ min: 0, max: 19 }),
  word: fc.integer({ min: 0, max: 39 }),
  odd: fc.integer({ min: 0, max: 29 }),
});

export const policyHistories: fc.Arbitrary<PolicyHistory> = fc.record({
  history: histories,
  hasChampion: fc.constantFrom(true, true, true, false),
  variant: fc.record({ on: fc.nat(5), onLast: fc.nat(5), streak: fc.nat(4) }),
  looks: fc.array(looks, { minLength: 5, maxLength: 60 }),
  verdicts: fc.array(fc.constantFrom<Finding["verdict"][]>("pass", "pass", "pass", "fail", "inconclusive", "skipped"), {
    minLength: 32,
    maxLength: 32,
  }),
});

export interface PolicyTally {
  readonly ticks: Tally;
  programs: number;
  readonly rollouts: Record<string, number>;
}

/** Carries a compiled policy through a history with the runtime's triggers, judge and rollout machine, and with the references. The first difference, in words. */
export function differInPolicy(plan: PipelinePlan, given: PolicyHistory, tally: PolicyTally): string | undefined {
  const ticked = differ({ ...given.history, monitor: plan.monitor }, tally.ticks);
  if (ticked !== undefined) return `triggers: ${ticked}`;
  const { gates, validate, rollout } = plan.programs;
  const stages = rollout?.stages ?? [];
  for (const program of [
    ...gates,
    ...validate,
    ...stages.map(({ name, requirements }) => ({ id: name, requirements })),
  ]) {
    const difference = differInProgram(program, given.verdicts);
    if (difference !== undefined) return `${program.id}: ${difference}`;
    tally.programs += 1;
  }
  return rollout === undefined ? undefined : differInRollout(varied(rollout, given.variant), given, tally.rollouts);
}

const HOUR = 3_600_000;
// biome-ignore-start lint/suspicious/noThenProperty: a word of the plan
const ACTIONS: readonly (OnInconclusive | undefined)[] = [
  undefined,
  { action: "block" },
  { action: "proceed", because: "the season is short" },
  { action: "hold", for: HOUR, then: "block" },
  { action: "hold", for: 8 * HOUR, then: "rollback" },
  undefined,
];
// biome-ignore-end lint/suspicious/noThenProperty: a word of the plan
const STREAKS: readonly (Streak | undefined)[] = [
  undefined,
  undefined,
  { kind: "checks", count: 2 },
  { kind: "of", count: 2, window: 4 },
  { kind: "duration", length: HOUR },
];

function varied(rollout: Rollout, { on, onLast, streak }: PolicyHistory["variant"]): Rollout {
  const [action, last, more] = [ACTIONS[on], ACTIONS[onLast], STREAKS[streak]];
  return {
    ...rollout,
    stages: rollout.stages.map((stage, index) =>
      last === undefined || index < rollout.stages.length - 1 ? stage : { ...stage, onInconclusive: last },
    ),
    onInconclusive: action ?? rollout.onInconclusive,
    rollbackWhen: rollout.rollbackWhen.map((when) => (more === undefined ? when : { ...when, streak: more })),
  };
}

function differInProgram(
  program: { readonly id: string; readonly requirements: readonly (Requirement | RequirementGroup)[] },
  verdicts: PolicyHistory["verdicts"],
): string | undefined {
  const all = program.requirements.flatMap((entry) => (entry.kind === "group" ? entry.members : [entry]));
  const findings = all.map(({ id, role }, index): Finding => {
    const verdict = verdicts[index % verdicts.length] ?? "pass";
    return { requirement: id, role, text: "", verdict, sentence: "found" };
  });
  const found = decide(program, findings).verdict;
  const expected = combined(
    program.requirements,
    new Map(findings.map(({ requirement, verdict }) => [requirement, verdict])),
  );
  return found === expected ? undefined : `reference: ${expected}, runtime: ${found}`;
}

function differInRollout(
  rollout: Rollout,
  { looks, hasChampion }: PolicyHistory,
  tally: Record<string, number>,
): string | undefined {
  const start = {
    run: "r2",
    at: T0,
    challenger: "2",
    champion: hasChampion ? "1" : null,
    revision: 0,
    firstModel: { kind: "absolute_gates_only" },
  } as const;
  let state: RolloutState = begin(rollout, start);
  const seen: Seen[] = [];
  const decided: string[] = [];
  let at = T0;
  for (const one of looks) {
    if (state.phase === "ended") break;
    const stage = state.phase === "waiting" ? undefined : stageOf(rollout, state);
    at += waitOf(one.wait, stage);
    const look = lookOf(one, at, rollout);
    seen.push(look);
    for (const word of look.says) {
      state = taken(
        rollout,
        state,
        { kind: "command", at, record: seen.length, command: word, by: "ana", proof: "oidc", because: "" },
        decided,
      );
      if (state.phase === "ended") break;
    }
    if (state.phase !== "ended") state = taken(rollout, state, eventOf(look, rollout), decided);
  }
  const expected = rolloutDecisions(rollout, hasChampion, seen);
  for (const line of decided) {
    const name = line.split(" ")[0] === "ended" ? line.split(" ").slice(-1).join() : (line.split(" ")[0] ?? "");
    tally[name] = (tally[name] ?? 0) + 1;
  }
  if (JSON.stringify(decided) === JSON.stringify(expected)) return undefined;
  const lines = seen.map((look, index) => `${index} ${JSON.stringify({ ...look, at: (look.at - T0) / 60_000 })}`);
  return `rollout\n  reference: ${expected.join("; ")}\n  runtime:   ${decided.join("; ")}\n${lines.join("\n")}\n${JSON.stringify(rollout.stages.map(({ name, kind, share, atLeast, atMost, check, watch, keepChampion, onInconclusive }) => ({ name, kind, share, atLeast: atLeast / 60_000, atMost: atMost / 60_000, check: check / 60_000, watch, keepChampion, onInconclusive })))}\n${JSON.stringify(rollout.onInconclusive)}`;
}

/** Takes an event in, and does at once what it asks for. */
function taken(
  rollout: Rollout,
  before: RolloutState,
  event: Parameters<typeof step>[2],
  decided: string[],
): RolloutState {
  let { state, happened } = step(rollout, before, event);
  const tell = () => {
    for (const { kind, stage } of happened) {
      if (kind === "converged" || kind === "cannot_conclude") continue;
      const line = `${kind} ${stage}`.trim();
      decided.push(kind === "ended" ? `${line} ${state.outcome}` : line);
    }
  };
  tell();
  for (let [effect] = state.effects; effect !== undefined; [effect] = state.effects) {
    ({ state, happened } = step(rollout, state, {
      kind: "done",
      at: event.at,
      key: effect.key,
      revision: state.revision + 1,
    }));
    tell();
  }
  return state;
}

/** Looks come at checks, now and then late, or where a length of the stage is just over. */
function waitOf(wait: number, stage: ReturnType<typeof stageOf> | undefined): number {
  const { check = 60_000, atLeast = 0, atMost = 0, watch = 0, keepChampion = 0 } = stage ?? {};
  if (wait <= 3) return check;
  if (wait === 4) return 7 * check + 1_000;
  if (wait === 5) return Math.max(atLeast, check);
  if (wait === 6) return Math.max(atMost, check);
  if (wait === 7) return Math.max(watch, check);
  if (wait === 8) return Math.max(keepChampion, check);
  return Math.max(Math.floor(atMost / 3), check);
}

function lookOf({ mood, word, odd }: PolicyHistory["looks"][number], at: number, rollout: Rollout): Seen {
  const words = (["approve", "approve", "deny", "hold", "resume", "resume", "rollback"] as const)[word];
  const truths = rollout.rollbackWhen.map((_, index) =>
    (odd + index) % 15 === 0 ? true : (odd + index) % 10 === 1 ? ("unknown" as const) : false,
  );
  return {
    at,
    says: words === undefined ? [] : [words],
    traffic: mood === 0 || mood === 1 ? "converging" : mood === 2 ? "mismatch" : "converged",
    all: mood !== 3,
    verdict: mood === 4 ? "fail" : mood >= 5 && mood <= 9 ? "inconclusive" : "pass",
    minimum: mood !== 10,
    conditions: truths,
    frozen: odd === 7 || odd === 8,
    restored: odd % 3 === 0 ? "unknown" : odd % 3 === 1,
  };
}

function eventOf(seen: Seen, rollout: Rollout): Look {
  return {
    kind: "look",
    at: seen.at,
    traffic: seen.traffic,
    observedShare: seen.all ? 1 : 0.9,
    verdict: seen.verdict,
    sentence: "seen",
    minimumMet: seen.minimum,
    conditions: rollout.rollbackWhen.map(({ id }, index) => ({
      id,
      truth: seen.conditions[index] ?? "unknown",
      sentence: "condition",
    })),
    foreignRevision: null,
    frozen: seen.frozen ? { until: seen.at + 60_000, because: "peak" } : null,
    restored: seen.restored,
  };
}
