import type { Place } from "../../compiler/plan/common.ts";
import type { Requirement, Test } from "../../compiler/plan/condition.ts";
import type { Measure } from "../../compiler/plan/measure.ts";
import type { SingleCause } from "../../compiler/plan/monitor.ts";
import type { PipelinePlan } from "../../compiler/plan/plan.ts";

/** Something of a plan that this machine's runtime cannot evaluate, with its line. */
export interface Unsupported {
  readonly construct: string;
  readonly place: Place;
}

const ranking: readonly string[] = ["ndcg", "map", "recall_at"];

/** Every condition of a plan that would never get an answer here, so that a run would be blocked for ever. */
export function unsupportedOf(plan: PipelinePlan): Unsupported[] {
  const { programs, monitor, model, datasets } = plan;
  const found: Unsupported[] = [];
  const add = (construct: string | undefined, place: Place) => {
    if (construct !== undefined) found.push({ construct, place });
  };
  for (const { source } of datasets) if (source.kind === "table") add("a dataset that is a table", source.place);
  const multiclass = model.task === "multiclass";
  for (const program of [...programs.validate, ...programs.gates]) {
    for (const requirement of requirementsOf(program.requirements)) {
      add(ofTest(requirement.test), requirement.place);
      if (multiclass && measuresOf(requirement.test).some(({ kind }) => kind === "prediction"))
        add("a metric of several classes", requirement.place);
    }
  }
  for (const stage of programs.rollout?.stages ?? []) {
    for (const requirement of requirementsOf(stage.requirements)) {
      add(ofTest(requirement.test), requirement.place);
      if (measuresOf(requirement.test).some(({ kind }) => kind === "prediction"))
        add("a metric of labels in a stage", requirement.place);
      add(scoreQuantile(requirement.test), requirement.place);
    }
  }
  for (const { test, place } of programs.rollout?.rollbackWhen ?? []) {
    add(ofTest(test), place);
    add(scoreQuantile(test), place);
    if (test.kind !== "change" && measuresOf(test).some(({ kind }) => kind === "prediction"))
      add("a limit of a metric of labels in `rollback when`", place);
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

function ofTest(test: Test): string | undefined {
  const [measure] = measuresOf(test);
  if (measure === undefined) return undefined;
  if (test.kind === "change" && measure.kind !== "prediction") return "a change of a live metric from the baseline";
  if (test.kind === "comparison" && "party" in test.right && test.right.party === "baseline")
    return "a comparison with `baseline`";
  return ofMeasure(measure);
}

/** Scores are not read from the prediction log here. */
function scoreQuantile(test: Test): string | undefined {
  if (measuresOf(test).some(({ kind }) => kind === "score_drift")) return "drift between the scores of two versions";
  const score = measuresOf(test).some((measure) => measure.kind === "quantile" && measure.column === "score");
  return score ? "a quantile of scores while requests are served" : undefined;
}

function ofMeasure(measure: Measure): string | undefined {
  switch (measure.kind) {
    case "prometheus":
      return "a metric from Prometheus";
    case "registry":
      return "a metric from a registry";
    case "prediction":
      if (ranking.includes(measure.metric)) return "a ranking metric";
      return measure.options["average"] === undefined ? undefined : "an average over classes";
    case "evaluation":
    case "live_rate":
    case "quantile":
    case "pairs":
    case "data":
    case "drift":
    case "fairness":
    case "share_drifted":
    case "score_drift":
      return undefined;
  }
}
