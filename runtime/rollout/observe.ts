import type { Rollout, Stage } from "../../compiler/plan/rollout.ts";
import type { Instant } from "../clock/clock.ts";
import { TrafficError } from "../traffic/error.ts";
import type { Route, Traffic } from "../traffic/traffic.ts";
import type { Truth } from "../triggers/streak.ts";
import type { Look } from "./event.ts";
import { stageOf } from "./stages.ts";
import type { RolloutState } from "./state.ts";

/** What the judge is asked at a look. */
export interface LookRequest {
  readonly now: Instant;
  readonly stage: Stage;
  readonly phase: RolloutState["phase"];
  readonly challenger: string;
  readonly champion: string | null;
  /** Share and mirror as asked for and set. */
  readonly share: number;
  readonly mirror: number;
  /** The newest change of the route: convergence is judged on requests after it. */
  readonly routedAt: Instant | null;
  /** The stage's evidence counts from here; null while the traffic has not converged. */
  readonly since: Instant | null;
  readonly promotedAt: Instant | null;
  /** When the rollout began: baselines of live metrics end here. */
  readonly startedAt: Instant;
  /** Rollback conditions are judged: the challenger answers live requests. */
  readonly judgeConditions: boolean;
}

/** What the judge says; `evidence` goes into the record as it is. */
export interface Judged
  extends Pick<Look, "traffic" | "observedShare" | "verdict" | "sentence" | "minimumMet" | "counted" | "conditions"> {
  readonly evidence?: unknown;
}

export interface Observing {
  readonly rollout: Rollout;
  readonly traffic: Traffic;
  judge(request: LookRequest): Promise<Judged>;
  frozen(now: Instant): Promise<Look["frozen"]>;
}

const NOTHING: Judged = {
  traffic: "converging",
  observedShare: null,
  verdict: "inconclusive",
  sentence: "nothing is judged yet",
  minimumMet: false,
  conditions: [],
};

/** Looks at route, traffic and evidence. A server that cannot be asked gives a look that concludes nothing. */
export async function observe(
  ports: Observing,
  state: RolloutState,
  now: Instant,
): Promise<{ readonly look: Look; readonly evidence?: unknown }> {
  const base = {
    kind: "look",
    at: now,
    frozen: await ports.frozen(now),
    restored: "unknown",
    foreignRevision: null,
  } as const;
  if (state.phase === "waiting") return { look: { ...base, ...words(NOTHING) } };
  try {
    if (state.phase === "rolling_back") {
      return { look: { ...base, ...words(NOTHING), restored: await isRestored(ports.traffic, state, now) } };
    }
    const route = await ports.traffic.route();
    const foreignRevision = isOurs(route, state) ? null : route.revision;
    const judged = await ports.judge(request(ports.rollout, state, now));
    const look = { ...base, ...words(judged), foreignRevision };
    return judged.evidence === undefined ? { look } : { look, evidence: judged.evidence };
  } catch (error) {
    if (!(error instanceof TrafficError)) throw error;
    return { look: { ...base, ...words({ ...NOTHING, sentence: error.message }) } };
  }
}

function request(rollout: Rollout, state: RolloutState, now: Instant): LookRequest {
  const { challenger, champion } = state.start;
  const { share, mirror } = state.route;
  return {
    now,
    stage: stageOf(rollout, state),
    phase: state.phase,
    challenger,
    champion,
    share,
    mirror,
    routedAt: state.routedAt,
    since: state.convergedAt,
    promotedAt: state.promotedAt,
    startedAt: state.start.at,
    judgeConditions: share > 0,
  };
}

function words(judged: Judged): Omit<Judged, "evidence"> {
  const { evidence: _, ...rest } = judged;
  return rest;
}

/** A change under one of our own keys, not yet recorded, is ours too. */
function isOurs(route: Route, state: RolloutState): boolean {
  return route.revision === state.revision || route.key.startsWith(`${state.start.run}/rollout/`);
}

/** Whether the challenger has answered no request since the route was set back while others did; unknown while there was no request. */
async function isRestored(traffic: Traffic, state: RolloutState, now: Instant): Promise<Truth> {
  const rollback = state.rollback;
  if (rollback === null || rollback.restoredAt === null) return "unknown";
  const route = await traffic.route();
  if ((route.champion ?? null) !== rollback.to || route.share > 0) return false;
  const { challenger } = state.start;
  const counts = await traffic.counts(rollback.restoredAt, now);
  if ((counts.requests[challenger] ?? 0) > 0 && challenger !== rollback.to) return false;
  if (rollback.to === null) return true;
  return (counts.requests[rollback.to] ?? 0) > 0 ? true : "unknown";
}
