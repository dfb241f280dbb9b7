import { z } from "zod";
import { Place } from "./common.ts";
import { Measure } from "./measure.ts";

/** How far a value may move. `absolute` counts in the metric's own unit (0.01 is one point on a ratio); `relative` is a share of the magnitude it is compared with. Never negative. */
export const Margin = z.strictObject({ kind: z.enum(["absolute", "relative"]), value: z.number().nonnegative() });
export type Margin = z.infer<typeof Margin>;

/** One-sided confidence level, exclusive 0.5 to 1: 0.95 unless the policy says otherwise. */
const Confidence = z.number().gt(0.5).lt(1);

/** `measure relation limit`. Without `confidence` the point estimate is compared. */
export const ThresholdTest = z.strictObject({
  kind: z.literal("threshold"),
  measure: Measure,
  relation: z.enum([">=", "<=", ">", "<", "==", "!="]),
  limit: z.number(),
  confidence: Confidence.optional(),
});

/** `measure in low..high`, both ends included. */
export const RangeTest = z.strictObject({
  kind: z.literal("range"),
  measure: Measure,
  low: z.number(),
  high: z.number(),
  confidence: Confidence.optional(),
});

/** `left not worse than right by margin` or `left better than right by margin`. */
export const ComparisonTest = z.strictObject({
  kind: z.literal("comparison"),
  left: Measure,
  claim: z.enum(["not_worse", "better"]),
  right: Measure,
  margin: Margin,
  confidence: Confidence,
});

/** `measure drops margin below baseline`, `measure rises margin above baseline`. Holds when the one-sided bound of the change is beyond the margin. */
export const ChangeTest = z.strictObject({
  kind: z.literal("change"),
  measure: Measure,
  direction: z.enum(["drops", "rises"]),
  margin: Margin,
  confidence: Confidence,
});

/** `schema matches`: columns, types and nullability of the current window equal the declared ones. */
export const SchemaTest = z.strictObject({ kind: z.literal("schema"), dataset: z.string() });

/** A condition, resolved: what is measured and what is asked of it. */
export const Test = z
  .discriminatedUnion("kind", [ThresholdTest, RangeTest, ComparisonTest, ChangeTest, SchemaTest])
  .meta({ id: "Test" });
export type Test = z.infer<typeof Test>;
export type ThresholdTest = z.infer<typeof ThresholdTest>;
export type RangeTest = z.infer<typeof RangeTest>;
export type ComparisonTest = z.infer<typeof ComparisonTest>;
export type ChangeTest = z.infer<typeof ChangeTest>;

/** The fewest of something that a requirement is judged on. */
export const Minimum = z.strictObject({
  count: z.int().nonnegative(),
  of: z.enum(["rows", "positives", "negatives", "requests", "pairs"]),
});
export type Minimum = z.infer<typeof Minimum>;

/** One line of a gate, of `validate` or of a stage. */
export const Requirement = z.strictObject({
  kind: z.literal("requirement"),
  /** Stable within the policy, from its place in it: `gate.offline.1`, `stage.canary.2`, `validate.flights.3`. */
  id: z.string(),
  /** `require` decides; `advisory` (gates, stages) and `warn` (validate) are recorded and never decide. */
  role: z.enum(["require", "advisory", "warn"]),
  /** As the formatter writes the condition, without the role word and qualifiers; used in records and reports. */
  text: z.string(),
  place: Place,
  test: Test,
  /** `for each COLUMN:` judges every slice by itself. */
  forEach: z.string().optional(),
  /** `at least N rows`. */
  minimum: Minimum.optional(),
  /** `clustered by COLUMN`: rows of a cluster belong together. */
  clusteredBy: z.string().optional(),
  /** `pool groups under N rows`: groups with fewer are judged together as `other`. */
  pool: Minimum.optional(),
  /** `exclude "x" because "..."`: groups that are not judged, and why. */
  exclude: z.array(z.strictObject({ group: z.string(), because: z.string().min(1) })).optional(),
});
export type Requirement = z.infer<typeof Requirement>;

/** `any of { }`, `all of { }`, `at least K of { }`; `atLeast` is 1 for any, the number of members for all. */
export const RequirementGroup = z.strictObject({
  kind: z.literal("group"),
  id: z.string(),
  atLeast: z.int().positive(),
  members: z.array(Requirement).min(1),
  place: Place,
});
export type RequirementGroup = z.infer<typeof RequirementGroup>;

/** What happens when a verdict is inconclusive. `hold` waits `for` (milliseconds) while still judging, then acts. */
export const OnInconclusive = z.discriminatedUnion("action", [
  z.strictObject({ action: z.literal("block") }),
  z.strictObject({ action: z.literal("proceed"), because: z.string().min(1) }),
  // biome-ignore lint/suspicious/noThenProperty: the language's own word; never awaited.
  z.strictObject({ action: z.literal("hold"), for: z.int().nonnegative(), then: z.enum(["block", "rollback"]) }),
]);
export type OnInconclusive = z.infer<typeof OnInconclusive>;

/** A set of requirements joined by "and": a gate, or the `validate` block of one dataset. */
export const Program = z.strictObject({
  id: z.string(),
  requirements: z.array(z.discriminatedUnion("kind", [Requirement, RequirementGroup])).min(1),
  onInconclusive: OnInconclusive,
  /** `observe only`: records what it would have decided and lets everything pass. */
  observeOnly: z.boolean(),
  place: Place,
});
export type Program = z.infer<typeof Program>;
