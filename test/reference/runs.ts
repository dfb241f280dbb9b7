import type { Monitor } from "../../compiler/plan/monitor.ts";
import type { RunFact } from "../../runtime/triggers/input.ts";

const WEEK = 7 * 24 * 3_600_000;

type Kind = "promotion" | "refusal" | "failure" | "rollback" | "well" | "resume";

interface Happening {
  readonly kind: Kind;
  readonly at: number;
}

/** Everything that ever happened to the runs, oldest first; a person's resume comes after what happened at the same instant. */
export function happenings(runs: readonly RunFact[], resumes: readonly number[]): readonly Happening[] {
  const all: Happening[] = runs.flatMap(of);
  for (const at of resumes) all.push({ kind: "resume", at });
  const rank = ({ kind }: Happening) => (kind === "resume" ? 2 : kind === "well" ? 1 : 0);
  return all.toSorted((a, b) => a.at - b.at || rank(a) - rank(b));
}

function of(run: RunFact): readonly Happening[] {
  const { outcome, endedAt } = run;
  if (outcome === "duplicate") return [];
  const promotion = promotedAt(run);
  const rolledBack = outcome === "rolled_back" || outcome === "rollback_failed";
  const rollback = run.rolledBackAt ?? (rolledBack ? endedAt : undefined);
  const refused = outcome === "refused" || outcome === "validation_stopped";
  const found: [Kind, number | undefined][] = [
    ["promotion", promotion],
    ["rollback", rollback],
    ["refusal", refused ? endedAt : undefined],
    ["failure", outcome === "failed" ? endedAt : undefined],
    ["well", outcome === "promoted" || outcome === "registered" ? endedAt : undefined],
  ];
  return found.flatMap(([kind, at]) => (at === undefined ? [] : [{ kind, at }]));
}

/** When a run's version took over; a policy without rollout promotes by registering. */
export function promotedAt(run: RunFact): number | undefined {
  if (run.promotedAt !== undefined) return run.promotedAt;
  return run.outcome === "promoted" || run.outcome === "registered" ? run.endedAt : undefined;
}

/** The breaker and the refusals in a row after everything that happened. */
export function standing(monitor: Monitor, all: readonly Happening[]) {
  let failures = 0;
  let open: { at: number; until: number; length: number } | undefined;
  let refusals = 0;
  let openings = 0;
  let fifths = 0;
  for (const { kind, at } of all) {
    if (kind === "refusal") {
      refusals += 1;
      if (refusals % 5 === 0) fifths += 1;
    } else if (kind !== "resume") refusals = 0;
    if (kind === "well" || (kind === "resume" && open !== undefined)) {
      failures = 0;
      open = undefined;
    }
    if (kind !== "failure" && kind !== "rollback") continue;
    failures += 1;
    if (open === undefined && kind === "failure" && failures < monitor.breaker.failures) continue;
    const { opensFor } = monitor.breaker;
    const length: number = open === undefined ? opensFor : Math.max(opensFor, Math.min(WEEK, 2 * open.length));
    open = { at, until: at + length, length };
    openings += 1;
  }
  return { open, openings, fifths };
}
