import type { Monitor, SingleCause } from "../../compiler/plan/monitor.ts";
import type { TickInput } from "../../runtime/triggers/input.ts";

/** Three-valued truth: T, F, U of the semantics. */
export type Truth = "T" | "F" | "U";

/** One check of one condition. Where nobody looked it has no answer. */
interface Check {
  readonly at: number;
  /** Number of the tick that took it in. */
  readonly tick: number;
  readonly looked: boolean;
  readonly truth: Truth;
  readonly value: number | undefined;
}

/** What a measured condition says after a tick. */
export interface Measured {
  readonly truth: Truth;
  /** Neither held nor kept open by its hysteresis. */
  readonly over: boolean;
  readonly heldAt: number | undefined;
  /** Its missing answers reached the number after which somebody is told, at this tick. */
  readonly tells: boolean;
}

/** `at least K of N`, counted in the best and in the worst case (Kleene). */
export function kleene(members: readonly Truth[], atLeast: number): Truth {
  const count = (assumed: Truth) => members.map((one) => (one === "U" ? assumed : one)).filter((one) => one === "T");
  if (count("F").length >= atLeast) return "T";
  return count("T").length >= atLeast ? "U" : "F";
}

/** Every check that a tick took in, and those between two ticks at which nobody looked. */
function checksOf(monitor: Monitor, cause: SingleCause, inputs: readonly TickInput[]): readonly Check[] {
  const checks: Check[] = [];
  inputs.forEach((input, tick) => {
    const at = input.now - (input.now % monitor.check);
    const last = checks.at(-1)?.at;
    if (last !== undefined && at <= last) return;
    for (let between = (last ?? at) + monitor.check; between < at; between += monitor.check) {
      checks.push({ at: between, tick, looked: false, truth: "U", value: undefined });
    }
    const answer = input.answers[cause.id];
    const truth = answer === undefined || answer.truth === "unknown" ? "U" : answer.truth ? "T" : "F";
    checks.push({ at, tick, looked: true, truth, value: answer?.value });
  });
  return checks;
}

/** The condition after the last of `inputs`. `since` is the tick that learned of the newest promotion: what was answered before no longer counts. */
export function measured(monitor: Monitor, cause: SingleCause, inputs: readonly TickInput[], since: number): Measured {
  const all = checksOf(monitor, cause, inputs);
  const checks = all.filter((check) => check.tick >= since);
  const streak = cause.kind === "drift" || cause.kind === "decay" ? cause.streak : undefined;
  const needed =
    streak === undefined
      ? 0
      : streak.kind === "checks"
        ? streak.count
        : streak.kind === "of"
          ? streak.window
          : Math.ceil(streak.length / monitor.check);
  const resets = monitor.missing.action === "reset";
  const allowed = resets ? 0 : Math.max(3, needed);

  const held = (index: number): boolean => {
    const seen = checks.slice(0, index + 1);
    if (streak?.kind === "of") {
      return seen.slice(-streak.window).filter((check) => check.truth === "T").length >= streak.count;
    }
    // From the newest answer back to the one that broke the streak.
    const trues: number[] = [];
    let missing = 0;
    for (const { truth, at } of seen.toReversed()) {
      missing = truth === "U" ? missing + 1 : 0;
      if (truth === "F" || missing > allowed) break;
      if (truth === "T") trues.unshift(at);
    }
    if (trues.length === 0) return false;
    if (streak === undefined) return true;
    if (streak.kind === "checks") return trues.length >= streak.count;
    const steps = trues.slice(1).map((at, step) => at - (trues[step] ?? at));
    return steps.filter((step) => step <= 2 * monitor.check).reduce((sum, step) => sum + step, 0) >= streak.length;
  };
  const holding = checks.map((check, index) => check.looked && held(index));
  const clear = checks.map((check, index) => check.truth === "F" && !holding[index] && clears(cause, check.value));
  const wanted = cause.kind === "drift" ? (cause.clearsAfter ?? 1) : 1;
  // From each clear answer back over clear and missing ones, until an answer that is not clear or too many missing ones.
  const cleared = checks.map((_, index) => {
    if (clear[index] !== true) return false;
    let found = 0;
    let gap = 0;
    for (let back = index; back >= 0 && gap <= Math.max(3, wanted); back -= 1) {
      if (clear[back] === true) {
        found += 1;
        gap = 0;
      } else if (checks[back]?.truth === "U" && holding[back] !== true) gap += 1;
      else break;
    }
    return found >= wanted;
  });
  const active = holding.lastIndexOf(true) > cleared.lastIndexOf(true);

  const missingBefore = (list: readonly Check[], index: number): number =>
    index - list.slice(0, index + 1).findLastIndex((check) => check.truth !== "U");
  const known = checks.findLastIndex((check, index) => holding[index] || check.truth === "F");
  const lost = checks.some((_, index) => index > known && missingBefore(checks, index) > allowed);

  const last = all.at(-1);
  const lookedBefore = all.findLastIndex((check, index) => check.looked && index < all.length - 1);
  const missingNow = missingBefore(all, all.length - 1);
  const before = lookedBefore < 0 ? 0 : missingBefore(all, lookedBefore);
  const { notifyAfter } = monitor.missing;
  const heldAt = checks[holding.lastIndexOf(true)]?.at;
  return {
    truth: active ? (lost ? "U" : "T") : last?.truth === "U" ? "U" : "F",
    over: !active,
    heldAt,
    tells: last?.tick === inputs.length - 1 && last.truth === "U" && before < notifyAfter && missingNow >= notifyAfter,
  };
}

/** Whether a false answer ends a stretch; between the two limits of a hysteresis it does not. */
function clears(cause: SingleCause, value: number | undefined): boolean {
  if (cause.kind !== "drift" || cause.clears === undefined || value === undefined) return true;
  if (cause.test.kind !== "threshold" || cause.clears === cause.test.limit) return true;
  return cause.test.relation.startsWith(">") ? value < cause.clears : value > cause.clears;
}
