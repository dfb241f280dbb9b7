import type { Measure, Party } from "../../language/semantics/checked/measure.ts";
import { driftWords, metricName } from "./metric-words.ts";
import { number, percent } from "./quantities.ts";
import type { Reader } from "./reader.ts";
import { listed } from "./sentence.ts";

/** What a measure is called in the middle of a sentence: `the challenger's AUC`, `the share of rows without distance`. */
export function measureWords(measure: Measure, reader: Reader): string {
  reader.explainMeasure(measure);
  switch (measure.kind) {
    case "prediction":
      return `${owner(measure.party)} ${metricName(measure.metric, measure.options)}`;
    case "evaluation":
      return `${owner(measure.party)} \`${reportedName(measure.key, reader)}\` (as the evaluate step reports it)`;
    case "live_rate":
      return `${owner(measure.party)} error rate`;
    case "quantile":
      return measure.column === "latency"
        ? `the time within which ${whose(measure.party)} answers ${percent(measure.quantile)} of requests`
        : `the ${percent(measure.quantile)} quantile of ${owner(measure.party)} scores`;
    case "pairs":
      return pairsWords(measure.name, measure.options, reader);
    case "data":
      return dataWords(measure, reader);
    case "drift":
      return `the ${driftWords[measure.name]?.name ?? measure.name} of \`${measure.dataset}.${measure.column}\` against the reference window`;
    case "score_drift":
      return `the ${driftWords[measure.name]?.name ?? measure.name} of the challenger's scores against the champion's`;
    case "share_drifted": {
      const name = driftWords[measure.by]?.name ?? measure.by;
      const beyond = `${measure.relation === ">" ? "above" : "at least"} ${number(measure.limit)}`;
      return `the share of the ${measure.columns.length} columns of \`${measure.dataset}\` whose ${name} against the reference window is ${beyond}`;
    }
    case "fairness":
      return fairnessWords(measure);
    case "prometheus":
      return `${owner(measure.party)} \`${measure.name}\` (as Prometheus answers)`;
    case "registry":
      return `${owner(measure.party)} \`${measure.key}\` (as the registry keeps it)`;
  }
}

/** The name under which the policy declares what the evaluate step reports. */
function reportedName(key: string, { policy }: Reader): string {
  return policy.metrics.find(({ source }) => source.kind === "evaluation" && source.key === key)?.name ?? key;
}

export function owner(party: Party): string {
  return `${whose(party)}'s`;
}

function whose(party: Party): string {
  return `the ${party}`;
}

function fairnessWords({ name, columns, privileged }: Extract<Measure, { kind: "fairness" }>): string {
  const groups = `the groups of ${listed(columns.map((one) => `\`${one}\``))}`;
  switch (name) {
    case "demographic_parity_difference":
      return `the largest difference between ${groups} in how often the challenger says yes`;
    case "demographic_parity_ratio":
      return `the lowest rate of yes answers among ${groups}, divided by the highest,`;
    case "equalized_odds_difference":
      return `the largest difference between ${groups} in how often the challenger says yes, to rows labelled yes or to rows labelled no,`;
    case "equalized_odds_ratio":
      return `the lowest such rate among ${groups} divided by the highest, for rows labelled yes and for rows labelled no,`;
    case "equal_opportunity_difference":
      return `the largest difference between ${groups} in the share of rows labelled yes that the challenger finds`;
    case "disparate_impact":
      return `the rate of yes answers in each of ${groups}, divided by that of \`${privileged ?? ""}\`,`;
  }
}

function pairsWords(
  name: "match_coverage" | "flip_rate",
  options: Readonly<Record<string, string | number>>,
  reader: Reader,
): string {
  if (name === "match_coverage") return "the share of mirrored requests that both versions answered";
  const { body } = reader.policy;
  if (body?.model.task !== "regression") return "the share of rows that the two versions decide differently";
  const relative = options["relative"];
  const margin = percent(typeof relative === "number" ? relative : 0.1);
  return `the share of rows where the two versions' answers lie more than ${margin} apart`;
}

function dataWords(measure: Extract<Measure, { kind: "data" }>, reader: Reader): string {
  const [column = ""] = measure.columns;
  const named = `\`${column}\``;
  switch (measure.name) {
    case "rows":
      return "the number of rows";
    case "freshness":
      return "the age of the newest row";
    case "null_rate":
      return `the share of rows without a value of ${named}`;
    case "distinct":
      return `the number of different values of ${named}`;
    case "duplicate_rate":
      return `the share of rows whose ${listed(measure.columns.map((one) => `\`${one}\``))} another row has too`;
    case "min":
      return `the smallest ${named}`;
    case "max":
      return `the largest ${named}`;
    case "mean":
      return `the mean of ${named}`;
    case "quantile":
      return `the ${percent(Number(measure.options["q"] ?? 0))} quantile of ${named}`;
    case "out_of_range_rate": {
      const range = reader.dataset(measure.dataset)?.columns.find(({ name }) => name === column)?.range;
      const ends = range === undefined ? "" : ` (${number(range.low)} to ${number(range.high)})`;
      return `the share of ${named} outside of its declared range${ends}`;
    }
    case "new_category_rate":
      return `the share of rows whose ${named} does not occur in the reference window`;
  }
}
