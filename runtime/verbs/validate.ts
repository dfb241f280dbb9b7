import type { NodeResult, RunContext } from "../engine/context.ts";
import { snapshotFacts } from "../engine/context.ts";
import type { Finding } from "../judge/finding.ts";
import { judge } from "../judge/judge.ts";
import { judgeContext } from "./judge-context.ts";
import { championFacts, datasetOf, observeData, slicingOf } from "./observe-data.ts";
import { recordDecision, requirementsOf, wordOf } from "./record-decision.ts";
import { currentWindow } from "./windows.ts";

/** Judges the `validate` block of a dataset on its current window. Word: the verdict. */
export async function validate(context: RunContext, dataset: string): Promise<NodeResult> {
  const { engine } = context;
  const program = engine.plan.programs.validate.find((one) => one.id === `validate.${dataset}`);
  if (program === undefined) throw new Error(`the plan has no validate block for ${dataset}`);
  const snapshot = await snapshotFacts(context);
  const facts = await championFacts(engine, snapshot.champion);
  // Rows are what is judged, not a model: without a champion nothing is skipped, a missing reference says so itself.
  const judging = judgeContext(engine, { champion: true, rowSet: snapshot.rowSet });
  const findings: Finding[] = [];
  for (const requirement of requirementsOf(program)) {
    const observation = await observeData(engine, requirement.test, facts, slicingOf(requirement));
    findings.push(judge(requirement, observation, judging));
  }
  const window = currentWindow(datasetOf(engine, dataset), engine.clock.now());
  const decision = await recordDecision(context, program.id, program, findings, {
    dataset,
    "current window from": new Date(window.start).toISOString(),
    "current window to": new Date(window.end).toISOString(),
    "row set": snapshot.rowSet,
  });
  return { ...wordOf(program, decision), facts: {} };
}
