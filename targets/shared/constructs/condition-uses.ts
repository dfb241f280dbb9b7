import type { Place } from "../../../compiler/plan/common.ts";
import type { Requirement, Test } from "../../../compiler/plan/condition.ts";
import type { Measure } from "../../../compiler/plan/measure.ts";
import type { SingleCause } from "../../../compiler/plan/monitor.ts";
import type { PipelinePlan } from "../../../compiler/plan/plan.ts";

/** A construct that a condition of a plan uses, in the words of the capability table, with its line. */
export interface ConditionUse {
  readonly construct: string;
  readonly place: Place;
}

const needValues: readonly string[] = ["ks", "wasserstein", "mmd"];
const ranking: readonly string[] = ["ndcg", "map", "recall_at"];

/** What the conditions of a plan ask of a runtime beyond plain metrics, rates and counts of bins. */
export function conditionUses(plan: PipelinePlan): ConditionUse[] {
  const { programs, monitor, model, datasets } = plan;
  const found: ConditionUse[] = [];
  const add = (construct: string | undefined, place: Place) => {
    if (construct !== undefined) found.push({ construct, place });
  };
  for (const { source } of datasets) if (source.kind === "table") add("a dataset that is a table", source.place);
  const multiclass = model.task === "multiclass";
  for (const program of [...programs.validate, ...programs.gates]) {
    for (const requirement of requirementsOf(program.requirements)) {
      for (const construct of ofRequirement(requirement)) add(construct, requirement.place);
      if (requirement.forEach !== undefined && program.id.startsWith("validate."))
        add("`for each` in `validate`", requirement.place);
      if (multiclass && measuresOf(requirement.test).some(({ kind }) => kind === "prediction"))
        add("a metric of several classes", requirement.place);
    }
  }
  for (const stage of programs.rollout?.stages ?? []) {
    for (const requirement of requirementsOf(stage.requirements)) {
      for (const construct of ofRequirement(requirement)) add(construct, requirement.place);
      add(ofLabels(requirement.test, multiclass), requirement.place);
      for (const construct of ofScores(requirement.test)) add(construct, requirement.place);
    }
  }
  for (const { test, place } of programs.rollout?.rollbackWhen ?? []) {
    add(ofTest(test), place);
    for (const construct of ofScores(test)) add(construct, place);
    const labels = ofLabels(test, multiclass);
    const limit = test.kind === "change" ? undefined : "a limit of a metric of labels in `rollback when`";
    add(labels === inStage ? limit : labels, place);
  }
  const causes = monitor.causes.flatMap((cause): readonly SingleCause[] =>
    cause.kind === "group" ? cause.members : [cause],
  );
  for (const cause of causes) {
    if (cause.kind !== "drift" && cause.kind !== "decay") continue;
    add(ofTest(cause.test), cause.place);
    if (cause.kind === "drift" && cause.clearsAfter !== undefined) add("`clears ... after N checks`", cause.place);
  }
  return found;
}

function requirementsOf(items: PipelinePlan["programs"]["gates"][number]["requirements"]): readonly Requirement[] {
  return items.flatMap((item) => (item.kind === "group" ? item.members : [item]));
}

function measuresOf(test: Test): readonly Measure[] {
  if (test.kind === "schema") return [];
  return test.kind === "comparison" ? [test.left, test.right] : [test.measure];
}

function ofRequirement(requirement: Requirement): readonly string[] {
  const found = [
    ofTest(requirement.test),
    requirement.pool === undefined ? undefined : "`pool groups`",
    requirement.exclude === undefined ? undefined : "`exclude`",
  ];
  return found.filter((one) => one !== undefined);
}

function ofTest(test: Test): string | undefined {
  const [measure] = measuresOf(test);
  if (measure === undefined) return undefined;
  if (measure.kind === "prometheus" && readsBaseline(test)) return "a metric from Prometheus against its baseline";
  if (test.kind === "change" && measure.kind !== "prediction") return "a change of a live metric from the baseline";
  if (readsBaseline(test)) return test.kind === "change" ? ofMeasure(measure) : "a comparison with `baseline`";
  return ofMeasure(measure);
}

function readsBaseline(test: Test): boolean {
  if (test.kind === "change") return true;
  return test.kind === "comparison" && "party" in test.right && test.right.party === "baseline";
}

const inStage = "a metric of labels in a stage";

/** Labels in a stage come from the prediction log, which holds a score and yes or no, and no query. */
function ofLabels(test: Test, multiclass: boolean): string | undefined {
  const found = measuresOf(test).filter((measure) => measure.kind === "prediction");
  if (found.length === 0) return undefined;
  if (multiclass) return "a metric of several classes in a stage";
  if (found.some(({ metric }) => ranking.includes(metric))) return "a ranking metric in a stage";
  return inStage;
}

function ofScores(test: Test): readonly string[] {
  const score = measuresOf(test).some((measure) => measure.kind === "quantile" && measure.column === "score");
  return score ? ["a quantile of scores while requests are served"] : [];
}

function ofMeasure(measure: Measure): string | undefined {
  switch (measure.kind) {
    case "registry":
      return "a metric from a registry";
    case "fairness":
      return "fairness between groups";
    case "share_drifted":
      return "`share_drifted`";
    case "score_drift":
      return "drift between the scores of two versions";
    case "drift":
      if (needValues.includes(measure.name)) return `drift by \`${measure.name}\``;
      return Object.keys(measure.options).length > 0 ? `an option of \`${measure.name}\`` : undefined;
    case "prediction":
      if (ranking.includes(measure.metric)) return "a ranking metric";
      return measure.options["average"] === undefined ? undefined : "an average over classes";
    case "prometheus":
      return "a metric from Prometheus";
    case "evaluation":
    case "live_rate":
    case "quantile":
    case "pairs":
    case "data":
      return undefined;
  }
}
