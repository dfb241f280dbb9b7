import type { Rollout } from "../../compiler/plan/rollout.ts";
import type { Instant } from "../clock/clock.ts";
import { SILENCE, verifyWithin } from "./ending.ts";
import { convergeWithin } from "./look.ts";
import { stageOf } from "./stages.ts";
import type { RolloutState } from "./state.ts";

/** How often traffic is looked at while it should be changing, where checks are not closer: every minute, for a quarter of an hour after the change was asked for. */
const MINUTE = 60_000;
const SOON = 15 * MINUTE;

/** The next instant strictly after `now` at which a look can change something: a check, a repeated attempt, the stage's shortest or longest time, the end of a hold, freeze, watch or keep. Undefined when everything is over. */
export function nextDue(rollout: Rollout, state: RolloutState, now: Instant): Instant | undefined {
  const attempts = state.effects.map((effect) => effect.notBefore);
  if (state.phase === "ended") return attempts.length === 0 ? undefined : Math.max(now + 1, Math.min(...attempts));
  const stage = stageOf(rollout, state);
  const asked = state.rollback?.since ?? (state.convergedAt === null ? state.enteredAt : null);
  const isChanging = asked !== null && now - asked < SOON;
  const check = isChanging ? Math.min(stage.check, MINUTE) : stage.check;
  const due = [...attempts, (Math.floor(now / check) + 1) * check, state.frozenUntil, state.hold?.until];
  const { convergedAt, enteredAt, promotedAt } = state;
  if (promotedAt !== null) due.push(promotedAt + (stage.watch ?? 0), promotedAt + (stage.keepChampion ?? 0));
  else if (convergedAt !== null) due.push(convergedAt + stage.atLeast, convergedAt + stage.atMost + state.pausedFor);
  else if (enteredAt !== null) due.push(enteredAt + convergeWithin(stage));
  if (state.rollback !== null)
    due.push(state.rollback.since + verifyWithin(stage.check), state.rollback.since + SILENCE);
  return Math.min(...due.filter((instant): instant is number => typeof instant === "number" && instant > now));
}
