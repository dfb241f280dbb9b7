import type { PipelinePlan } from "../../../compiler/plan/plan.ts";
import { conditionUses } from "./condition-uses.ts";
import { type Construct, construct, places } from "./construct.ts";

/** What conditions ask of a runtime, by the words of `conditionUses`. */
function used(name: string, words: RegExp): Construct {
  return construct("conditions", name, (plan) =>
    conditionUses(plan)
      .filter((one) => words.test(one.construct))
      .map(({ construct, place }) => ({ place, detail: { construct } })),
  );
}

const holds = ({ programs }: PipelinePlan) =>
  [...programs.validate, ...programs.gates].filter(({ onInconclusive }) => onInconclusive.action === "hold");

/** What decides: validations, gates and the conditions in them. */
export const conditions = {
  validate: construct("conditions", "`validate`", ({ programs }) => places(programs.validate)),
  gate: construct("conditions", "`gate`", ({ programs }) => places(programs.gates)),
  hold: construct("conditions", "`on inconclusive hold` of a gate", (plan) => places(holds(plan))),
  table: used("a dataset that is a table", /^a dataset that is a table$/),
  prometheus: used("a metric from Prometheus", /^a metric from Prometheus$/),
  prometheusBaseline: used("Prometheus against its baseline", /^a metric from Prometheus against its baseline$/),
  registryMetric: used("a metric from a registry", /^a metric from a registry$/),
  fairness: used("fairness between groups", /^fairness between groups$/),
  ranking: used("a ranking metric", /^a ranking metric$/),
  multiclass: used("a metric of several classes", /^a metric of several classes$|^an average over classes$/),
  pool: used("`pool groups`", /^`pool groups`$/),
  exclude: used("`exclude`", /^`exclude`$/),
  slicesOfData: used("`for each` in `validate`", /^`for each` in `validate`$/),
  driftByValues: used("drift by `ks`, `wasserstein` or `mmd`", /^drift by `/),
  driftOption: used("an option of a drift function", /^an option of /),
  shareDrifted: used("`share_drifted`", /^`share_drifted`$/),
  scoreDrift: used("drift of scores between versions", /^drift between the scores of two versions$/),
  clearsAfter: used("`clears ... after N checks`", /^`clears /),
  labelsInStage: used("a metric of labels in a stage", /^a metric of labels in a stage$/),
  rankingInStage: used("a ranking metric in a stage", /^a ranking metric in a stage$/),
  multiclassInStage: used("a metric of several classes in a stage", /^a metric of several classes in a stage$/),
  baseline: used("a comparison with `baseline`", /^a comparison with `baseline`$/),
  liveChange: used("a live metric's change from baseline", /^a change of a live metric from the baseline$/),
  scoreQuantile: used("a quantile of scores in a stage", /^a quantile of scores /),
  labelLimit: used("a limit of labels in `rollback when`", /^a limit of a metric of labels /),
} as const;
