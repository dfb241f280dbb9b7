import { championOf, openRun, type RunHistory, readHistory } from "../../runtime/engine/history.ts";
import { bodyOf, type RunEnded, type StepEnded } from "../../runtime/engine/run-records.ts";
import type { LedgerReader } from "../../runtime/ledger/ledger.ts";
import { nextDue as nextLook } from "../../runtime/rollout/due.ts";
import { stageOf } from "../../runtime/rollout/stages.ts";
import type { RolloutState } from "../../runtime/rollout/state.ts";
import type { MonitorState } from "../../runtime/triggers/state.ts";
import { freezeInForce, freezesByHand } from "../../runtime/verbs/freezes.ts";
import { storedPlan } from "./stored-plan.ts";

/** What the ledger says about a policy now. Instants are ISO text, shares 0 to 1; null stands for what there is not. */
export interface PolicyStatus {
  readonly policy: string;
  readonly records: number;
  readonly champion: { readonly version: string; readonly since: string } | null;
  readonly run: {
    readonly run: string;
    readonly since: string;
    readonly because: string;
    /** The node it is at. */
    readonly node: string | null;
    readonly rollout: RolloutStatus | null;
  } | null;
  /** The rollout of an ended run whose old champion is still kept. */
  readonly keeping: { readonly run: string; readonly rollout: RolloutStatus } | null;
  readonly lastRun: {
    readonly run: string;
    readonly outcome: RunEnded["outcome"];
    readonly at: string;
    readonly sentence: string;
  } | null;
  readonly episodes: readonly {
    readonly cause: string;
    readonly since: string;
    readonly served: boolean;
    readonly sentence: string;
  }[];
  /** The freeze by hand that is in force. */
  readonly freeze: { readonly scope: "all" | "rollout"; readonly until: string; readonly because: string } | null;
  readonly breaker: { readonly openUntil: string } | null;
  readonly lastTick: string | null;
}

export interface RolloutStatus {
  readonly phase: RolloutState["phase"];
  readonly stage: string | null;
  readonly challenger: string;
  /** Share of live requests that the challenger answers, and share that is mirrored to it, as asked for. */
  readonly share: number;
  readonly mirror: number;
  readonly heldBy: string | null;
  readonly because: string;
  /** When it is looked at next; null when nothing is due. */
  readonly nextLook: string | null;
}

type Reader = Pick<LedgerReader, "list" | "find" | "plan">;

const iso = (at: number) => new Date(at).toISOString();

/** Reads the state of one policy from its chain; `now` is the policy's clock. */
export async function policyStatus(ledger: Reader, chain: string, now: number): Promise<PolicyStatus> {
  const history = await readHistory(ledger, chain);
  const [newest] = await ledger.list({ chain, newest: true, limit: 1 });
  const [tick] = await ledger.list({ chain, kinds: ["tick", "firing", "suppressed"], newest: true, limit: 1 });
  const monitor = tick === undefined ? undefined : bodyOf<{ state?: MonitorState }>(tick).state;
  const champion = championOf(history);
  const open = openRun(history);
  const last = history.findLast((one) => one.ended !== undefined);
  const kept = history.findLast((one) => one.rollout?.phase === "keeping");
  const freeze = freezeInForce(await freezesByHand(ledger, chain), now);
  const until = monitor?.breaker.openUntil ?? null;
  return {
    policy: chain.slice(chain.indexOf("/") + 1),
    records: newest?.sequence ?? 0,
    champion: champion === undefined ? null : { version: champion.version, since: iso(champion.promotedAt) },
    run:
      open === undefined
        ? null
        : {
            run: open.run,
            since: iso(open.startedAt),
            because: open.started.because,
            node: await nodeOf(ledger, chain, open),
            rollout: await rolloutOf(ledger, open, now),
          },
    keeping: kept === undefined ? null : await keepingOf(ledger, kept, now),
    lastRun:
      last?.ended === undefined || last.endedAt === undefined
        ? null
        : { run: last.run, outcome: last.ended.outcome, at: iso(last.endedAt), sentence: last.ended.sentence },
    episodes: (monitor?.episodes ?? []).map(({ text, openedAt, servedBy, sentence }) => ({
      cause: text,
      since: iso(openedAt),
      served: servedBy !== null,
      sentence,
    })),
    freeze: freeze === undefined ? null : { scope: freeze.scope, until: iso(freeze.until), because: freeze.because },
    breaker: until === null || until <= now ? null : { openUntil: iso(until) },
    lastTick: tick === undefined ? null : iso(tick.at),
  };
}

async function keepingOf(ledger: Reader, kept: RunHistory, now: number): Promise<PolicyStatus["keeping"]> {
  const rollout = await rolloutOf(ledger, kept, now);
  return rollout === null ? null : { run: kept.run, rollout };
}

async function rolloutOf(
  ledger: Reader,
  { rollout: state, started }: RunHistory,
  now: number,
): Promise<RolloutStatus | null> {
  if (state === undefined) return null;
  const rollout = (await storedPlan(ledger, started.plan))?.programs.rollout;
  const due = rollout === undefined ? undefined : nextLook(rollout, state, now);
  return {
    phase: state.phase,
    stage: rollout === undefined ? null : stageOf(rollout, state).name,
    challenger: state.start.challenger,
    share: state.route.share,
    mirror: state.route.mirror,
    heldBy: state.heldBy,
    because: state.because,
    nextLook: due === undefined ? null : iso(due),
  };
}

/** The node that a run is at: the one begun last, or the one that follows the one ended last. */
async function nodeOf(ledger: Reader, chain: string, { run, started }: RunHistory): Promise<string | null> {
  const kinds = ["step_started", "step_ended"] as const;
  const [newest] = await ledger.list({ chain, run, kinds, newest: true, limit: 1 });
  const plan = await storedPlan(ledger, started.plan);
  if (newest === undefined) return plan?.retrain.nodes[0]?.id ?? null;
  const { node, word } = bodyOf<Pick<StepEnded, "node"> & Partial<StepEnded>>(newest);
  if (newest.kind === "step_started") return node;
  return plan?.retrain.edges.find((edge) => edge.from === node && edge.word === word)?.to ?? node;
}
