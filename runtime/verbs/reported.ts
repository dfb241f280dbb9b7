import { readFileSync } from "node:fs";
import { z } from "zod";
import type { EvaluationMeasure } from "../../compiler/plan/measure.ts";
import type { Observation, Unanswered, Value } from "../judge/observation.ts";

/** The metrics file of `evaluate`: by party, by metric. */
const MetricsFile = z.strictObject({
  champion: z
    .record(
      z.string(),
      z.looseObject({ value: z.number(), n: z.int().nonnegative(), se: z.number().nonnegative().optional() }),
    )
    .optional(),
  challenger: z.record(
    z.string(),
    z.looseObject({ value: z.number(), n: z.int().nonnegative(), se: z.number().nonnegative().optional() }),
  ),
});

function unanswered(reason: Unanswered["reason"], detail: string): Unanswered {
  return { kind: "unanswered", reason, detail };
}

/** What the metrics file says of one measure, or of both sides of a comparison (the champion as baseline, the challenger as now). */
export function observeReported(
  file: string | undefined,
  left: EvaluationMeasure,
  right: EvaluationMeasure | undefined,
): Observation {
  const read = readMetrics(file);
  if ("kind" in read) return read;
  const of = (measure: EvaluationMeasure): Value | Unanswered => {
    const entry = read[measure.party === "champion" ? "champion" : "challenger"]?.[measure.key];
    if (entry === undefined) return unanswered("no_data", `${file} has no ${measure.party} metric \`${measure.key}\``);
    return {
      kind: "value",
      value: entry.value,
      n: entry.n,
      ...(entry.se === undefined ? {} : { standardError: entry.se }),
    };
  };
  const now = of(left);
  if (right === undefined || now.kind === "unanswered") return now;
  const other = of(right);
  if (other.kind === "unanswered") return other;
  const point = ({ value, n, standardError }: Value) => ({ value, n, standardError: standardError ?? Number.NaN });
  return { kind: "change", baseline: point(other), now: point(now) };
}

function readMetrics(file: string | undefined): z.infer<typeof MetricsFile> | Unanswered {
  if (file === undefined) return unanswered("no_data", "the evaluate step wrote no metrics file");
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return unanswered("no_data", `the evaluate step wrote no ${file}`);
  }
  try {
    const parsed = MetricsFile.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    return unanswered("schema_mismatch", `${file}: ${issue?.path.join(".")}: ${issue?.message}`);
  } catch {
    return unanswered("source_rejected", `${file} is not JSON`);
  }
}
