import type { Program, Test } from "../../compiler/plan/condition.ts";
import type { Measure, PredictionMeasure } from "../../compiler/plan/measure.ts";
import type { NodeResult, RunContext } from "../engine/context.ts";
import { nodeFacts, snapshotFacts } from "../engine/context.ts";
import type { SnapshotFacts } from "../engine/run-records.ts";
import type { StepFacts } from "../engine/step.ts";
import type { Decision, Finding } from "../judge/finding.ts";
import { judge } from "../judge/judge.ts";
import { measured } from "../judge/measured.ts";
import { columnsOf, needs } from "../judge/needs.ts";
import type { Change, Observation, ScoredRows, Unanswered } from "../judge/observation.ts";
import type { TrainingRows } from "../sources/duckdb/open.ts";
import { judgeContext } from "./judge-context.ts";
import { championFacts, datasetOf } from "./observe-data.ts";
import { baselineKey } from "./observe-decay.ts";
import { recordDecision, requirementsOf, wordOf } from "./record-decision.ts";
import { repetition } from "./repetition.ts";
import { observeReported } from "./reported.ts";

/** Metrics of a version on its holdout, by name: what decay is compared with later. */
export type Baselines = Record<string, Change["now"]>;

/** Judges a gate on the rows that `evaluate` wrote. Word: the verdict. On `hold` it waits for that long and judges once more. */
export async function gate(context: RunContext, id: string): Promise<NodeResult> {
  const { engine, signal } = context;
  const program = engine.plan.programs.gates.find((one) => one.id === id || one.id === `gate.${id}`);
  if (program === undefined) throw new Error(`the plan has no gate ${id}`);
  let { decision, rows } = await judgeGate(context, program, program.id);
  if (decision.verdict === "inconclusive" && program.onInconclusive.action === "hold") {
    await engine.clock.sleepUntil(engine.clock.now() + program.onInconclusive.for, signal);
    ({ decision, rows } = await judgeGate(context, program, `${program.id}.after_hold`));
  }
  const baselines = rows.kind === "rows" ? baselinesOf(context, rows) : {};
  return { ...wordOf(program, decision), facts: { baselines } };
}

async function judgeGate(
  context: RunContext,
  program: Program,
  name: string,
): Promise<{ decision: Decision; rows: ScoredRows | Unanswered }> {
  const { engine } = context;
  const snapshot = await snapshotFacts(context);
  const evaluated = await nodeFacts<StepFacts>(context, "evaluate");
  if (evaluated === undefined) throw new Error(`run ${context.run} judges a gate without an evaluation`);
  const requirements = requirementsOf(program);
  const asked = requirements.map((requirement) => needs(requirement));
  const groups = [...new Set(requirements.flatMap((requirement) => columnsOf(requirement)))];
  const rows = await readRows(context, snapshot, evaluated, groups);
  const judging = judgeContext(engine, { champion: snapshot.champion !== undefined, rowSet: snapshot.rowSet });
  const findings: Finding[] = requirements.map((requirement, index) => {
    const need = asked[index];
    let observation: Observation = rows;
    if (need?.kind === "reported") observation = observeReported(evaluated.metrics, need.left, need.right);
    return judge(requirement, observation, judging);
  });
  const holdouts = Object.values(snapshot.snapshots).map((one) => one.holdout);
  const [holdout] = holdouts;
  const decision = await recordDecision(
    context,
    program.id,
    program,
    findings,
    {
      challenger: `trained by run ${context.run}`,
      champion: snapshot.champion === undefined ? "none: this is the first model" : `version ${snapshot.champion}`,
      "holdout rows": holdout?.rows ?? 0,
      "holdout from": holdout === undefined ? "" : new Date(holdout.window.start).toISOString(),
      "holdout to": holdout === undefined ? "" : new Date(holdout.window.end).toISOString(),
      "predictions read": rows.kind === "rows" ? rows.label.length : rows.detail,
      "row set": snapshot.rowSet,
      rows: requirements.every((one) => one.clusteredBy === undefined)
        ? "taken as independent"
        : "clustered where a requirement says so",
      ...(await repetition(context, program, findings, rows, judging)),
    },
    name,
  );
  return { decision, rows };
}

/** The predictions file, if its rows are the holdout's and nobody was trained on them. */
async function readRows(
  context: RunContext,
  snapshot: SnapshotFacts,
  evaluated: StepFacts,
  groups: readonly string[],
): Promise<ScoredRows | Unanswered> {
  const { engine } = context;
  const [only] = Object.values(snapshot.snapshots);
  if (only === undefined) return { kind: "unanswered", reason: "no_data", detail: "no dataset has a holdout" };
  const champion = await championFacts(engine, snapshot.champion);
  const trained: TrainingRows[] = [
    { version: "of the challenger", window: only.training.window, uri: only.training.uri },
  ];
  const earlier = champion?.windows[only.dataset];
  if (snapshot.champion !== undefined && earlier !== undefined) {
    trained.push({ version: snapshot.champion, window: { start: earlier.trainingStart, end: earlier.trainingEnd } });
  }
  const { key } = datasetOf(engine, only.dataset);
  const leak = await engine.source.leaks(evaluated.output, key, trained);
  if (leak !== undefined) return leak;
  const classes = engine.plan.model.task === "multiclass";
  const rows = await engine.source.predictions(evaluated.output, groups, only.holdout.window, classes);
  if (rows.kind === "rows" && snapshot.champion !== undefined && rows.champion === undefined) {
    const detail = `${evaluated.output} has no champion_${classes ? "decision" : "score"}, though version ${snapshot.champion} is champion and must be scored on the same rows`;
    return { kind: "unanswered", reason: "schema_mismatch", detail };
  }
  return rows;
}

/** Every metric that a decay cause or a rollback condition compares with a baseline, on the challenger's holdout rows. */
function baselinesOf(context: RunContext, rows: ScoredRows): Baselines {
  const { engine } = context;
  const { monitor, programs } = engine.plan;
  const causes = monitor.causes.flatMap((cause) => (cause.kind === "group" ? cause.members : [cause]));
  const stages = (programs.rollout?.stages ?? []).flatMap((stage) => requirementsOf(stage));
  const tests = [
    ...causes.flatMap((cause) => (cause.kind === "decay" ? [cause.test] : [])),
    ...(programs.rollout?.rollbackWhen ?? []).map((condition) => condition.test),
    ...stages.map(({ test }) => test),
  ];
  const metrics = tests
    .flatMap((test) => (test.kind === "change" ? [test.measure] : comparedWithBaseline(test)))
    .filter((measure): measure is PredictionMeasure => measure.kind === "prediction");
  const baselines: Baselines = {};
  const judging = judgeContext(engine, { champion: true });
  for (const measure of metrics) {
    const point = measured({ ...measure, party: "challenger" }, rows, judging, `baseline.${baselineKey(measure)}`);
    if (!("kind" in point)) baselines[baselineKey(measure)] = point;
  }
  return baselines;
}

function comparedWithBaseline(test: Test): Measure[] {
  return test.kind === "comparison" && "party" in test.right && test.right.party === "baseline" ? [test.left] : [];
}
