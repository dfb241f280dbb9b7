import type { Stage } from "../../compiler/plan/rollout.ts";
import type { Engine } from "../engine/engine.ts";
import { decide } from "../judge/decide.ts";
import type { Finding } from "../judge/finding.ts";
import { type Holding, holds, judge } from "../judge/judge.ts";
import type { Pairs, Rates } from "../judge/observation.ts";
import type { LookEvidence } from "../report/look-evidence.ts";
import type { Judged, LookRequest } from "../rollout/observe.ts";
import { converged, shareMismatch } from "../stats/share.ts";
import { judgeContext } from "./judge-context.ts";
import { observeLive } from "./observe-live.ts";
import { requirementsOf, withEvidence } from "./record-decision.ts";

/** Requests at which live sequences are tightest where the stage names no minimum. */
const PLANNED = 1_000;

/** Counts of one look: asked once, read by every requirement. */
export interface Seen {
  readonly rates: Rates;
  readonly pairs: Pairs;
}

/** Asks traffic and prediction log for what a stage is judged on, and judges it. Rejects with TrafficError when the server does not answer. */
export async function judgeStage(engine: Engine, request: LookRequest): Promise<Judged> {
  const { stage, now, since } = request;
  const share = await lookAtShare(engine, request);
  const judged = await judgeConditions(engine, request, since ?? request.routedAt);
  const conditions = judged.map(({ truth, finding }) => ({
    id: finding.requirement,
    truth,
    sentence: finding.sentence,
  }));
  const conditionFindings = judged.map(({ finding }) => finding);
  if (since === null) {
    return {
      ...share,
      verdict: "inconclusive",
      sentence:
        share.traffic === "converging"
          ? "the observed traffic has not reached its share yet"
          : "the stage begins to count",
      minimumMet: false,
      conditions,
      ...(conditionFindings.length === 0
        ? {}
        : {
            evidence: {
              conditions: conditionFindings,
              ...(request.routedAt === null ? {} : { from: new Date(request.routedAt).toISOString() }),
              to: new Date(now).toISOString(),
              runtime: engine.program,
            } satisfies LookEvidence,
          }),
    };
  }
  const seen = await look(engine, request, since);
  const context = judgeContext(engine, {
    champion: request.champion !== null,
    live: {
      planned: stage.minimum?.of === "requests" ? Math.max(stage.minimum.count, 1) : PLANNED,
      ...(stage.kind === "live" ? { share: request.share } : {}),
    },
  });
  const findings = [];
  for (const requirement of requirementsOf(stage)) {
    const observation = await observeLive(engine, request, requirement, { from: since }, () => Promise.resolve(seen));
    findings.push(judge(requirement, observation, context));
  }
  const decision = decide({ id: `stage.${stage.name}`, requirements: stage.requirements }, findings);
  return {
    ...share,
    verdict: decision.verdict,
    sentence: stage.requirements.length === 0 ? counted(seen) : withEvidence(decision),
    minimumMet: minimumMet(stage, seen),
    ...(stage.minimum === undefined ? {} : { counted: countedTowards(stage.minimum, seen) }),
    conditions,
    evidence: {
      decision,
      conditions: conditionFindings,
      from: new Date(since).toISOString(),
      to: new Date(now).toISOString(),
      rates: seen.rates,
      pairs: seen.pairs,
      runtime: engine.program,
    } satisfies LookEvidence,
  };
}

/** Requests that must be seen before all of them say that a share of 1 is reached. */
const ENOUGH = 200;

/** Whether the traffic since the newest change of the route is split as asked. Mirroring has arrived with the first pair. */
async function lookAtShare(engine: Engine, request: LookRequest): Promise<Pick<Judged, "traffic" | "observedShare">> {
  const { routedAt, now, challenger, champion, share } = request;
  if (routedAt === null) return { traffic: "converging", observedShare: null };
  // At full traffic one answer that was under way when the route changed must not count for ever: only the newest two thirds of the time are looked at.
  const from = share >= 1 ? routedAt + Math.ceil((now - routedAt) / 3) : routedAt;
  const { requests } = await engine.traffic.counts(from, now);
  const ours = requests[challenger] ?? 0;
  const theirs = champion === null ? 0 : (requests[champion] ?? 0);
  const observedShare = ours + theirs === 0 ? null : ours / (ours + theirs);
  if (request.stage.kind === "shadow") {
    const { matched } = await engine.traffic.pairs(routedAt, now);
    return { traffic: matched > 0 ? "converged" : "converging", observedShare };
  }
  if (share >= 1) return { traffic: theirs === 0 && ours >= ENOUGH ? "converged" : "converging", observedShare };
  if (shareMismatch(ours, theirs, share)) return { traffic: "mismatch", observedShare };
  return { traffic: converged(ours, theirs, share) ? "converged" : "converging", observedShare };
}

async function look(engine: Engine, request: LookRequest, from: number): Promise<Seen> {
  const { now } = request;
  const [counts, pairs] = await Promise.all([engine.traffic.counts(from, now), engine.traffic.pairs(from, now)]);
  const side = (version: string | null) =>
    version === null
      ? { events: 0, trials: 0 }
      : { events: counts.errors[version] ?? 0, trials: counts.requests[version] ?? 0 };
  return {
    rates: { kind: "rates", challenger: side(request.challenger), champion: side(request.champion) },
    pairs: { kind: "pairs", ...pairs },
  };
}

function counted({ rates }: Seen): string {
  const { events, trials } = rates.challenger;
  return `the challenger has answered ${trials.toLocaleString("en")} requests, ${events.toLocaleString("en")} of them with an error`;
}

function minimumMet({ minimum }: Stage, seen: Seen): boolean {
  return minimum === undefined || countedTowards(minimum, seen) >= minimum.count;
}

function countedTowards(minimum: NonNullable<Stage["minimum"]>, { rates, pairs }: Seen): number {
  return minimum.of === "pairs" ? pairs.matched : rates.challenger.trials;
}

/** Rollback conditions on the requests since the stage began, or over their own window. */
async function judgeConditions(
  engine: Engine,
  request: LookRequest,
  since: number | null,
): Promise<readonly { readonly truth: Holding["truth"]; readonly finding: Finding }[]> {
  const { rollout } = engine.plan.programs;
  if (!request.judgeConditions || rollout === undefined || since === null) return [];
  const context = judgeContext(engine, { champion: request.champion !== null, live: { planned: PLANNED } });
  const answers = [];
  for (const condition of rollout.rollbackWhen) {
    const from = condition.over === undefined ? since : Math.max(request.now - condition.over, since);
    const over = condition.over === undefined ? {} : { over: condition.over };
    const observation = await observeLive(engine, request, condition, { from, ...over }, () =>
      look(engine, request, from),
    );
    const { truth, ...evidence } = holds(condition.test, observation, context, condition.id);
    // A condition that holds takes the version back: it fails the version.
    const verdict = truth === true ? "fail" : truth === false ? "pass" : "inconclusive";
    const text = `rollback when ${condition.text}`;
    answers.push({
      truth,
      finding: { ...evidence, requirement: condition.id, role: "require", text, verdict } as const,
    });
  }
  return answers;
}
