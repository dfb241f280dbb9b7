import type { SingleCause } from "../../compiler/plan/monitor.ts";
import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import type { Instant } from "../clock/clock.ts";
import type { Engine } from "../engine/engine.ts";
import { gpuHoursAtWorst } from "../engine/gpu-hours.ts";
import { type Champion, championOf, openRun, type RunHistory, readHistory, runFacts } from "../engine/history.ts";
import { bodyOf } from "../engine/run-records.ts";
import { holds } from "../judge/judge.ts";
import type { Observation } from "../judge/observation.ts";
import type { Lease, LedgerRecord } from "../ledger/ledger.ts";
import { awaitsRowSet, dueConditions, nextDue, singleCauses } from "../triggers/due.ts";
import type { Answer, TickInput } from "../triggers/input.ts";
import type { Note, Outcome } from "../triggers/outcome.ts";
import { type MonitorState, NEW_MONITOR } from "../triggers/state.ts";
import { tick as decide } from "../triggers/tick.ts";
import { freezesByHand } from "./freezes.ts";
import { judgeContext } from "./judge-context.ts";
import { championFacts, datasetOf, observeData } from "./observe-data.ts";
import { baselineKey, observeDecay } from "./observe-decay.ts";
import type { VersionFacts } from "./register.ts";
import { rowSetNow } from "./row-set.ts";

const DAY = 24 * 60 * 60 * 1000;

/** Body of a tick's record, whatever its kind: the state for the next one and what was decided. */
export interface TickBody {
  readonly state: MonitorState;
  readonly outcome: Outcome;
  readonly notes: readonly Note[];
  readonly answers: Readonly<Record<string, Answer>>;
  readonly sentence: string;
}

export interface Ticked {
  readonly record: LedgerRecord;
  readonly body: TickBody;
  /** When a tick can decide something new. */
  readonly due: Instant;
}

/** State of the monitor as the newest tick left it. */
export async function monitorState(engine: Pick<Engine, "ledger" | "chain">): Promise<MonitorState> {
  const newest = await newestRecord(engine);
  return newest === undefined ? NEW_MONITOR : bodyOf<TickBody>(newest).state;
}

/** The newest tick, with when the next one can decide something new; undefined before the first. */
export async function newestTick(engine: Engine): Promise<Ticked | undefined> {
  const record = await newestRecord(engine);
  if (record === undefined) return undefined;
  const body = bodyOf<TickBody>(record);
  return { record, body, due: nextDue(engine.plan.monitor, body.state, record.at) };
}

async function newestRecord({ ledger, chain }: Pick<Engine, "ledger" | "chain">): Promise<LedgerRecord | undefined> {
  const [newest] = await ledger.list({ chain, kinds: ["tick", "firing", "suppressed"], newest: true, limit: 1 });
  return newest;
}

/** Evaluates the causes that are due and decides whether a run starts; state and decision go into one record. Repeating it at the same instant returns that record. */
export async function tick(engine: Engine, lease?: Lease): Promise<Ticked> {
  const { plan, chain, ledger, clock } = engine;
  const now = clock.now();
  const key = `tick/${new Date(now).toISOString()}`;
  const due = (state: MonitorState) => nextDue(plan.monitor, state, now);
  const earlier = await ledger.find(chain, key);
  if (earlier !== undefined) {
    const body = bodyOf<TickBody>(earlier);
    return { record: earlier, body, due: due(body.state) };
  }
  const state = await monitorState(engine);
  const history = await readHistory(ledger, chain);
  const answers = await answer(engine, state, history);
  const running = openRun(history);
  const rowSet = awaitsRowSet(plan.monitor, state, now) ? await rowSetNow(engine) : undefined;
  const input: TickInput = {
    now,
    answers,
    runs: runFacts(history, plan),
    gpuHoursOfNextRun: gpuHoursAtWorst(plan),
    events: await toldEvents(engine),
    ...(running === undefined ? {} : { running: { run: running.run, rolloutBegan: running.rollout !== undefined } }),
    freezes: await freezesByHand(ledger, chain),
    ...(await resumed(engine)),
    ...reviewOverdue(plan),
    ...(rowSet === undefined ? {} : { rowSet }),
  };
  const ticked = decide(plan.monitor, state, input);
  const { outcome, notes } = ticked;
  const kind =
    outcome.kind === "fire" ? "firing" : outcome.kind === "suppressed" && outcome.changed ? "suppressed" : "tick";
  const offered = outcome.kind === "suppressed" ? outcome.causes.map((cause) => cause.sentence) : [];
  const sentence = [
    ...offered,
    outcome.sentence,
    ...notes.filter((note) => note.notify).map((note) => note.sentence),
  ].join("; ");
  const body: TickBody = { state: ticked.state, outcome, notes, answers, sentence };
  const { record } = await ledger.append({ chain, key, kind, at: now, body }, lease);
  return { record, body, due: due(ticked.state) };
}

async function answer(
  engine: Engine,
  state: MonitorState,
  history: readonly RunHistory[],
): Promise<Record<string, Answer>> {
  const wanted = new Set(dueConditions(engine.plan.monitor, state, engine.clock.now()));
  const champion = championOf(history);
  const facts = await championFacts(engine, champion?.version);
  const answers: Record<string, Answer> = {};
  for (const cause of singleCauses(engine.plan.monitor)) {
    if (wanted.has(cause.id)) answers[cause.id] = await answerOf(engine, cause, history, champion, facts);
  }
  return answers;
}

async function answerOf(
  engine: Engine,
  cause: SingleCause,
  history: readonly RunHistory[],
  champion: Champion | undefined,
  facts: VersionFacts | undefined,
): Promise<Answer> {
  if (cause.kind === "data") {
    const dataset = datasetOf(engine, cause.dataset);
    const since = history.findLast((one) => one.trainedAt !== undefined)?.snapshot?.snapshots[cause.dataset]?.watermark;
    const gained = await engine.source.gained(dataset, since, cause.labelled, engine.clock.now());
    if (gained.kind === "unanswered") return { truth: "unknown", reason: gained.reason, sentence: gained.detail };
    const sentence = `${cause.dataset} has gained ${gained.value.toLocaleString("en")} ${cause.labelled ? "labelled " : ""}rows`;
    return { truth: gained.value >= cause.gains, value: gained.value, sentence };
  }
  if (cause.kind !== "drift" && cause.kind !== "decay") throw new Error(`cause ${cause.id} is not measured`);
  let observation: Observation;
  if (cause.kind === "drift") observation = await observeData(engine, cause.test, facts);
  else {
    const { test } = cause;
    if (test.kind !== "change") throw new Error(`cause ${cause.id} compares nothing with a baseline`);
    const { measure } = test;
    const registered = measure.kind === "prediction" ? facts?.baselines[baselineKey(measure)] : undefined;
    observation = await observeDecay(engine, measure, cause.dataset, cause.over, champion, registered);
  }
  const found = holds(cause.test, observation, judgeContext(engine, { champion: champion !== undefined }), cause.id);
  return {
    truth: found.truth,
    ...(found.reason === undefined ? {} : { reason: found.reason }),
    ...(found.estimate === undefined ? {} : { value: found.estimate }),
    sentence: found.sentence,
  };
}

/** Events told from outside, as `command` records. */
async function toldEvents(engine: Engine): Promise<NonNullable<TickInput["events"]>> {
  const records = await engine.ledger.list({ chain: engine.chain, kinds: ["command"], newest: true, limit: 200 });
  return records.flatMap((record) => {
    const { event } = record.body as { event?: unknown };
    return typeof event === "string" ? [{ event, id: record.key, at: record.at }] : [];
  });
}

/** At risk high no run starts once the day of `review_by` is over, UTC. */
export function reviewOverdue({ policy }: PipelinePlan): { reviewOverdueAt?: Instant } {
  const { risk, reviewBy } = policy;
  return risk === "high" && reviewBy !== undefined ? { reviewOverdueAt: reviewBy + DAY } : {};
}

/** When a person last closed the breaker by hand. */
export async function resumed(engine: Pick<Engine, "ledger" | "chain">): Promise<{ resumedAt?: Instant }> {
  const records = await engine.ledger.list({ chain: engine.chain, kinds: ["command"], newest: true, limit: 200 });
  const found = records.find(
    (record) => (record.body as { command?: unknown }).command === "resume" && record.run === undefined,
  );
  return found === undefined ? {} : { resumedAt: found.at };
}
