import type { PipelinePlan } from "../../../compiler/plan/plan.ts";
import { unsupportedOf } from "../unsupported.ts";
import { type Construct, construct, places } from "./construct.ts";

/** What this release's runtime has no answer to, by the words of `unsupportedOf`. */
function unanswered(name: string, words: RegExp): Construct {
  return construct("conditions", name, (plan) =>
    unsupportedOf(plan)
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
  table: unanswered("a dataset that is a table", /^a dataset that is a table$/),
  prometheus: unanswered("a metric from Prometheus", /^a metric from Prometheus$/),
  registryMetric: unanswered("a metric from a registry", /^a metric from a registry$/),
  fairness: unanswered("fairness between groups", /^fairness between groups$/),
  ranking: unanswered("a ranking metric", /^a ranking metric$/),
  multiclass: unanswered("a metric of several classes", /^a metric of several classes$|^an average over classes$/),
  pool: unanswered("`pool groups`", /^`pool groups`$/),
  exclude: unanswered("`exclude`", /^`exclude`$/),
  slicesOfData: unanswered("`for each` in `validate`", /^`for each` in `validate`$/),
  driftByValues: unanswered("drift by `ks`, `wasserstein` or `mmd`", /^drift by `/),
  driftOption: unanswered("an option of a drift function", /^an option of /),
  shareDrifted: unanswered("`share_drifted`", /^`share_drifted`$/),
  scoreDrift: unanswered("drift of scores between versions", /^drift between the scores of two versions$/),
  clearsAfter: unanswered("`clears ... after N checks`", /^`clears /),
  labelsInStage: unanswered("a metric of labels in a stage", /^a metric of labels in a stage$/),
  baseline: unanswered("a comparison with `baseline`", /^a comparison with `baseline`$/),
  liveChange: unanswered("a live metric's change from baseline", /^a change of a live metric from the baseline$/),
  scoreQuantile: unanswered("a quantile of scores in a stage", /^a quantile of scores /),
  labelLimit: unanswered("a limit of labels in `rollback when`", /^a limit of a metric of labels /),
} as const;
