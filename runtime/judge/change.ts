import type { ChangeTest } from "../../compiler/plan/condition.ts";
import { normalQuantile } from "../stats/normal.ts";
import { type Evaluation, recorded, unknown } from "./answer.ts";
import type { Observation } from "./observation.ts";
import { count, nameOf, styleOf } from "./quantity.ts";
import { deciding } from "./verdict.ts";

const fewestRows = 100;

/**
 * `auc drops 2pp below baseline`: true where the one-sided bound of the change, with both standard errors, is beyond the margin; unknown
 * (ci_straddles) where the change is and its bound is not; false where the change is within the margin. A relative margin is a share of |baseline|
 * and its uncertainty counts too.
 */
export function changed(test: ChangeTest, observation: Observation): Evaluation {
  const name = nameOf(test.measure);
  if (observation.kind === "unanswered") return unknown(name, observation);
  if (observation.kind !== "change") {
    return unknown(name, {
      reason: "schema_mismatch",
      detail: `an observation of kind "${observation.kind}" does not answer it`,
    });
  }
  const { baseline, now } = observation;
  const numbers = [baseline.value, baseline.standardError, now.value, now.standardError];
  if (!numbers.every((one) => Number.isFinite(one)) || baseline.standardError < 0 || now.standardError < 0) {
    return unknown(name, { reason: "undefined_value", detail: "a value or its standard error is not a finite number" });
  }
  const n = Math.min(now.n, baseline.n);
  if (now.n === 0) return unknown(name, { reason: "no_data", detail: "there are no rows with a label now", n: 0 });
  if (!(n >= fewestRows)) {
    const detail = `${count(now.n)} rows now and ${count(baseline.n)} at the baseline are too few, ${fewestRows} of each are needed`;
    return unknown(name, { reason: "too_few_samples", detail, n });
  }
  const { kind, value: size } = test.margin;
  if (kind === "relative" && Math.abs(baseline.value) < 1e-12) {
    return unknown(name, {
      reason: "baseline_zero",
      detail: "the baseline is 0, a relative margin of it means nothing",
      n,
    });
  }
  const sign = test.direction === "drops" ? 1 : -1;
  const margin = kind === "relative" ? size * Math.abs(baseline.value) : size;
  const scale = kind === "relative" ? sign - size * Math.sign(baseline.value) : sign;
  const half = normalQuantile(test.confidence) * Math.hypot(scale * baseline.standardError, now.standardError);
  const change = sign * (baseline.value - now.value);
  const truth = change - half > margin ? true : change > margin ? undefined : false;
  const style = styleOf(test.measure);
  const needed = deciding(n, change, change - half, change + half, margin);
  const verb = test.direction === "drops" ? "drop" : "rise";
  return {
    truth,
    ...(truth === undefined ? { reason: "ci_straddles" as const } : {}),
    sentence: `${metricOf(name)} is ${style.value(now.value)} now and ${style.value(baseline.value)} at the baseline, a ${verb} of ${style.change(change)} (${test.confidence * 100} % lower bound ${style.change(change - half)}, n = ${count(now.n)} and ${count(baseline.n)}): a ${verb} of more than ${style.change(margin)} is asked`,
    estimate: change,
    ...recorded(change - half, change + half, test.confidence),
    bound: margin,
    unit: test.measure.unit === "ratio" ? "points" : test.measure.unit,
    n: now.n,
    method: "normal, two samples",
    values: { baseline: baseline.value, now: now.value, "baseline rows": baseline.n },
    flip:
      truth === undefined
        ? needed === undefined
          ? "The change stands too near the margin for any number of rows to be named."
          : `About ${count(needed)} rows would decide if the change stayed.`
        : `A change ${style.change(Math.abs(truth ? change - half - margin : change - margin))} ${truth ? "smaller" : "larger"} would reach the margin.`,
  };
}

function metricOf(name: string): string {
  return name.replace(/^(baseline|challenger|champion)\./, "");
}
