import type { OnInconclusive } from "../../compiler/plan/condition.ts";
import type { RollbackCondition, Rollout, Stage } from "../../compiler/plan/rollout.ts";
import type { Truth } from "../../runtime/triggers/streak.ts";

const MINUTE = 60_000;

/** What is seen at one instant, and what people said shortly before. */
export interface Seen {
  readonly at: number;
  readonly says: readonly ("approve" | "deny" | "hold" | "resume" | "rollback")[];
  readonly traffic: "converged" | "converging" | "mismatch";
  /** Every request is answered by the challenger. */
  readonly all: boolean;
  readonly verdict: "pass" | "fail" | "inconclusive";
  readonly minimum: boolean;
  readonly conditions: readonly Truth[];
  readonly frozen: boolean;
  readonly restored: Truth;
}

/** Decisions of a rollout as the pages about rollouts say them, worked out again at every instant from everything seen since the stage began. Changes of route and alias are done at once. */
export function rolloutDecisions(rollout: Rollout, hasChampion: boolean, seen: readonly Seen[]): readonly string[] {
  const stages = hasChampion
    ? rollout.stages
    : rollout.stages.filter((one, index) => one.kind === "approval" || index === rollout.stages.length - 1);
  const told: string[] = [];
  let held = false;
  let pauses: { from: number; to?: number }[] = [];
  let stage = -1;
  let entered = 0;
  let converged: number | undefined;
  let approved = false;
  let hold: { from: number; length: number } | undefined;
  let promoted: number | undefined;
  let watching = false;
  /** The stretch whose answers to the rollback conditions count. */
  let since = 0;
  let back: { at: number; outcome: string; verify: boolean } | undefined;
  const now = (): Stage | undefined => stages[stage];
  const isLast = () => stage === stages.length - 1;
  /** Whether live requests are answered by the challenger: an approval leaves traffic as it is. */
  const isLive = (): boolean => stages.slice(0, stage + 1).findLast((one) => one.kind !== "approval")?.kind === "live";
  const isMirrored = () => stages.slice(0, stage + 1).some((one) => one.kind !== "approval");
  const end = (outcome: string) => told.push(["ended", now()?.name ?? [], outcome].flat().join(" "));

  const goBack = (at: number, outcome: "rolled_back" | "refused" | "aborted"): boolean => {
    const verify = isLive() || promoted !== undefined;
    const named = outcome === "rolled_back" && !verify ? "refused" : outcome;
    if (!verify && !isMirrored()) {
      end(named);
      return true;
    }
    told.push(`rolling_back ${now()?.name}`);
    back = { at, outcome: named, verify };
    // Where no live request was answered by the challenger, nothing has to be seen: it is over as soon as the route is set.
    if (verify) return false;
    end(named);
    return true;
  };
  const enter = (index: number, at: number, look: number) => {
    stage = index;
    entered = at;
    converged = stages[index]?.kind === "approval" ? at : undefined;
    approved = false;
    hold = undefined;
    pauses = [];
    since = look + 1;
    told.push(`entered ${stages[index]?.name}`);
  };
  /** Time that pauses which are over took since an instant. */
  const pausedSince = (from: number) =>
    pauses.reduce(
      (sum, pause) => (pause.to === undefined ? sum : sum + Math.max(0, pause.to - Math.max(pause.from, from))),
      0,
    );

  for (const [index, look] of seen.entries()) {
    const { at } = look;
    for (const word of look.says) {
      const waits = now()?.kind === "approval" && back === undefined;
      if (word === "hold") held = true;
      else if (word === "resume") held = false;
      else if (word === "approve" && waits) {
        approved = true;
        told.push(`approved ${now()?.name}`);
      } else if (word === "deny" && waits) {
        if (goBack(at, "refused")) return told;
      } else if (word === "rollback" && back === undefined) {
        if (goBack(at, isLive() || promoted !== undefined ? "rolled_back" : "aborted")) return told;
      }
    }
    const open = pauses.find((pause) => pause.to === undefined);
    const isPaused = look.frozen || held;
    if (isPaused && open === undefined) {
      pauses.push({ from: at });
      told.push(`paused ${now()?.name ?? ""}`.trim());
    } else if (!isPaused && open !== undefined) {
      open.to = at;
      told.push(`resumed ${now()?.name ?? ""}`.trim());
    }
    if (back !== undefined) {
      const { check } = now() ?? { check: 0 };
      const within = Math.max(15 * MINUTE, 3 * check);
      if (look.restored === true) {
        end(back.outcome);
        return told;
      }
      const patience = look.restored === "unknown" ? Math.max(6 * 60 * MINUTE, within) : within;
      if (at - back.at >= patience) {
        end("rollback_failed");
        return told;
      }
      continue;
    }
    const own = now();
    if (own === undefined) {
      if (!isPaused) enter(0, at, index);
      continue;
    }
    if (
      (isLive() || promoted !== undefined) &&
      rollout.rollbackWhen.some((when, number) => holdsAt(when, number, seen.slice(since, index + 1), own.check, index))
    ) {
      if (goBack(at, "rolled_back")) return told;
      continue;
    }
    if (promoted !== undefined) {
      if (!watching) {
        if (at >= promoted + (own.keepChampion ?? 0)) {
          end("promoted");
          return told;
        }
        continue;
      }
      if (look.traffic !== "mismatch" && look.verdict === "fail") {
        if (goBack(at, "rolled_back")) return told;
        continue;
      }
      if (at < promoted + (own.watch ?? 0)) continue;
      const undecided = look.traffic === "mismatch" || look.verdict === "inconclusive";
      const on = own.onInconclusive;
      if (undecided && on?.action === "block") {
        if (goBack(at, "rolled_back")) return told;
        continue;
      }
      if (undecided && on?.action === "hold") {
        if (hold === undefined) {
          hold = { from: at, length: on.for };
          told.push(`held ${own.name}`);
        } else if (at >= hold.from + hold.length + pausedSince(hold.from) && !isPaused) {
          if (goBack(at, "rolled_back")) return told;
        }
        continue;
      }
      told.push(`watch_ended ${own.name}`);
      watching = false;
      if (!hasChampion || at >= promoted + (own.keepChampion ?? 0)) {
        end("promoted");
        return told;
      }
      continue;
    }
    const isApproval = own.kind === "approval";
    const written: OnInconclusive = own.onInconclusive ?? rollout.onInconclusive;
    // The page of rollout: without an approval in time a version goes back, also where undecided stages go on.
    const on: OnInconclusive = isApproval && written.action === "proceed" ? { action: "block" } : written;
    const expired = () => hold !== undefined && !isPaused && at >= hold.from + hold.length + pausedSince(hold.from);
    const undecided = (isJudged: boolean): boolean => {
      if (on.action === "block" || (on.action === "proceed" && isJudged)) return goBack(at, "refused");
      hold = { from: at, length: on.action === "hold" ? on.for : 0 };
      told.push(`held ${own.name}`);
      return false;
    };
    /** What comes when a hold is over: what the policy says, and the way back where traffic never came. */
    const giveUp = () =>
      goBack(at, (on.action === "hold" ? on.then : "rollback") === "block" ? "refused" : "rolled_back");
    if (converged === undefined) {
      if (look.traffic === "converged" && (own.kind !== "live" || own.share < 1 || look.all)) {
        converged = at;
        hold = undefined;
        if (isLast()) {
          promoted = at;
          watching = true;
          told.push(`promoted ${own.name}`);
        }
      } else if (hold !== undefined) {
        if (expired() && giveUp()) return told;
      } else if (!isPaused && at - entered - pausedSince(entered) >= Math.max(own.atMost, 15 * MINUTE, 3 * own.check)) {
        if (undecided(false)) return told;
      }
      continue;
    }
    const verdict = isApproval
      ? approved
        ? "pass"
        : "inconclusive"
      : look.traffic === "mismatch" && own.kind === "live"
        ? "inconclusive"
        : look.verdict;
    if (verdict === "fail") {
      if (goBack(at, "rolled_back")) return told;
      continue;
    }
    const elapsed = at - converged;
    const known = !isLive() || look.conditions.every((truth) => truth !== "unknown");
    const mayMove = !isPaused && elapsed >= own.atLeast && known && (isApproval || look.traffic === "converged");
    if (verdict === "pass" && mayMove && (isApproval || look.minimum)) {
      told.push(`advanced ${own.name}`);
      enter(stage + 1, at, index);
      continue;
    }
    if (hold !== undefined) {
      if (expired() && giveUp()) return told;
      continue;
    }
    if (isPaused || elapsed - pausedSince(converged) < own.atMost) continue;
    if (on.action === "proceed") {
      if (!mayMove) continue;
      told.push(`advanced ${own.name}`);
      enter(stage + 1, at, index);
      continue;
    }
    if (undecided(true)) return told;
  }
  return told;
}

/** Whether a rollback condition has held long enough at the last of the answers. Answers of one check count once. */
function holdsAt(
  when: RollbackCondition,
  number: number,
  seen: readonly Seen[],
  check: number,
  _index: number,
): boolean {
  const checks: { at: number; truth: Truth }[] = [];
  for (const look of seen) {
    const at = Math.floor(look.at / check) * check;
    if (checks.at(-1)?.at !== at || checks.at(-1)?.truth === false)
      checks.push({ at, truth: look.conditions[number] ?? "unknown" });
  }
  if (seen.at(-1)?.conditions[number] !== true) return false;
  const { streak } = when;
  if (streak === undefined) return true;
  if (streak.kind === "of")
    return checks.slice(-streak.window).filter(({ truth }) => truth === true).length >= streak.count;
  const allowed = Math.max(3, streak.kind === "checks" ? streak.count : Math.ceil(streak.length / check));
  const trues: number[] = [];
  let missing = 0;
  for (const { at, truth } of checks.toReversed()) {
    missing = truth === "unknown" ? missing + 1 : 0;
    if (truth === false || missing > allowed) break;
    if (truth === true) trues.unshift(at);
  }
  if (streak.kind === "checks") return trues.length >= streak.count;
  const steps = trues.slice(1).map((at, step) => at - (trues[step] ?? at));
  return steps.filter((step) => step <= 2 * check).reduce((sum, step) => sum + step, 0) >= streak.length;
}
