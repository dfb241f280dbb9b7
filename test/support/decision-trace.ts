import type { RunEnded, RunStarted, StepEnded } from "../../runtime/engine/run-records.ts";
import type { Finding, FindingGroup } from "../../runtime/judge/finding.ts";
import type { LedgerRecord } from "../../runtime/ledger/ledger.ts";
import type { DecisionBody } from "../../runtime/report/decision-body.ts";
import type { LookEvidence } from "../../runtime/report/look-evidence.ts";
import type { RolloutRecord } from "../../runtime/rollout/records.ts";
import type { Effect } from "../../runtime/rollout/state.ts";
import type { TickBody } from "../../runtime/verbs/tick.ts";

/** What happens in a rollout that is a decision; that traffic has converged, or that an attempt failed, is not. */
const DECIDED = new Set([
  "entered",
  "advanced",
  "held",
  "paused",
  "resumed",
  "approved",
  "approval_refused",
  "promoted",
  "watch_ended",
  "route_changed_elsewhere",
  "rolling_back",
  "ended",
]);

/**
 * The decisions of a life, one a line, in the order of the ledger: which cause fired or was suppressed and why, each node's word, each requirement's verdict
 * with its reason, what happened in the rollout, what was done to traffic and registry, how each run ended and which version was champion then. Free of times,
 * of measured numbers and of names that depend on the engine: runs are `run 1`, `run 2` in the order in which they started.
 */
export function decisionTrace(records: readonly LedgerRecord[]): readonly string[] {
  const runs = new Map<string, string>();
  const intents = new Map<string, Effect>();
  let champion = "none";
  return records.flatMap((record): string[] => {
    const run = record.run === undefined ? "" : (runs.get(record.run) ?? record.run);
    const own = (text: string) => `${run}: ${text}`;
    switch (record.kind) {
      case "firing":
      case "suppressed":
        return tickLine(record.body as TickBody, runs);
      case "run_started": {
        const name = `run ${runs.size + 1}`;
        runs.set(record.run ?? "", name);
        const { firing, attempt } = record.body as RunStarted;
        return [`${name}: started ${firing === undefined ? "by hand" : "by a firing"}, attempt ${attempt}`];
      }
      case "step_ended": {
        const { node, word } = record.body as StepEnded;
        // An engine that knows by an exit code that a step has failed leaves no record of it; the end of the run names the node.
        return word === "broken" ? [] : [own(`${node} says ${word}`)];
      }
      case "run_ended": {
        const { outcome, node } = record.body as RunEnded;
        return [own(`ended ${outcome} after ${node}; champion ${champion}`)];
      }
      case "intent": {
        const { intent } = record.body as { intent?: Effect | string };
        if (typeof intent === "object") intents.set(intent.key, intent);
        return [];
      }
      case "effect": {
        const { effect, version } = record.body as { effect?: string; version?: string };
        if (effect === "registered") return [own(`registered version ${version}`)];
        break;
      }
    }
    const body = record.body as Partial<RolloutRecord> & Partial<DecisionBody>;
    if (body.decision !== undefined)
      return [own(`${body.node} decides ${verdicts(body.decision.verdict, body.decision.findings)}`)];
    if (body.rollout === undefined) return [];
    const { event, happened } = body.rollout;
    const done = event.kind === "done" ? intents.get(event.key) : undefined;
    if (done?.kind === "alias" && done.name === "champion") champion = done.to ?? "none";
    return [
      ...effectLine(done),
      ...happened.filter(({ kind }) => DECIDED.has(kind)).flatMap((one) => happenedLines(one, body)),
    ].map(own);
  });
}

function tickLine({ outcome }: TickBody, runs: ReadonlyMap<string, string>): string[] {
  if (outcome.kind === "quiet") return [];
  const causes = outcome.causes.map(({ cause }) => cause).join(", ");
  if (outcome.kind === "fire")
    return [`fired ${causes}${outcome.replaces === undefined ? "" : `, in place of ${runs.get(outcome.replaces)}`}`];
  const reasons = outcome.reasons.map(({ reason, detail }) =>
    detail === undefined || reason === "breaker" ? reason : `${reason} (${detail})`,
  );
  return [`suppressed ${causes}: ${[...new Set(reasons)].sort().join(", ")}`];
}

/** `fail [a.1 pass, a.2 fail, a.3 inconclusive(too_few_samples)]` */
function verdicts(verdict: string, findings: readonly (Finding | FindingGroup)[]): string {
  const each = findings
    .flatMap((finding) => ("group" in finding ? finding.members : [finding]))
    .map(({ requirement, verdict, reason }) => `${requirement} ${verdict}${reason === undefined ? "" : `(${reason})`}`);
  return each.length === 0 ? verdict : `${verdict} [${each.join(", ")}]`;
}

function effectLine(done: Effect | undefined): string[] {
  if (done === undefined || done.kind === "notify") return [];
  if (done.kind === "alias") return [`alias ${done.name} names ${done.to ?? "none"}`];
  if (done.kind === "smoke") return [`smoke requests answered by ${done.version}`];
  const { champion, challenger, share, mirror } = done.wish;
  return [`route champion ${champion ?? "none"}, challenger ${challenger ?? "none"}, share ${share}, mirror ${mirror}`];
}

function happenedLines(
  { kind, stage }: RolloutRecord["rollout"]["happened"][number],
  { evidence, rollout }: Partial<RolloutRecord>,
): string[] {
  const where = stage === "" ? kind : `${kind} ${stage}`;
  // A requirement's verdict counts where the stage ends by it; of rollback conditions, those that hold.
  const { decision } = (evidence ?? {}) as Partial<LookEvidence>;
  const event = rollout?.event;
  if (kind === "rolling_back" && event?.kind === "look") {
    const held = event.conditions.filter(({ truth }) => truth === true).map(({ id }) => id);
    const why =
      held.length > 0 ? held.join(", ") : decision === undefined ? "" : verdicts(decision.verdict, decision.findings);
    return [why === "" ? where : `${where} by ${why}`];
  }
  if (kind === "advanced" && decision !== undefined && decision.findings.length > 0)
    return [`${where} by ${verdicts(decision.verdict, decision.findings)}`];
  return [where];
}
