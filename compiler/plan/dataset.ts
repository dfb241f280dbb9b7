import { z } from "zod";
import { Milliseconds, Place } from "./common.ts";

export const ColumnType = z.enum(["number", "integer", "category", "boolean", "timestamp", "text"]);
export type ColumnType = z.infer<typeof ColumnType>;

export const Column = z.strictObject({
  name: z.string(),
  type: ColumnType,
  /** Inclusive range of a number or integer column. */
  range: z.strictObject({ low: z.number(), high: z.number() }).optional(),
  /** The categories that may occur. */
  oneOf: z.array(z.string()).optional(),
  /** `optional`: may be null or absent. */
  optional: z.boolean(),
  /** Name of the column in the source, where that is another one. */
  from: z.string().optional(),
});
export type Column = z.infer<typeof Column>;

/** Where rows are and which windows of them mean what. All lengths are milliseconds. */
export const Dataset = z.strictObject({
  name: z.string(),
  source: z.strictObject({ kind: z.enum(["parquet", "csv", "jsonl", "table"]), uri: z.string(), place: Place }),
  /** Event time; a naive timestamp is UTC. */
  time: z.string(),
  key: z.array(z.string()).min(1),
  label: z.strictObject({ column: z.string(), maturesAfter: Milliseconds }).optional(),
  reference: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("before_promotion"), length: Milliseconds }),
      z.strictObject({ kind: z.literal("fixed"), uri: z.string() }),
    ])
    .optional(),
  /** The newest rows that count as now: a window of this length ending at the clock. */
  current: Milliseconds.optional(),
  holdout: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("span"), length: Milliseconds }),
      z.strictObject({ kind: z.literal("share"), share: z.number().gt(0).lt(1) }),
    ])
    .optional(),
  /** Newest span of training rows; all older rows where absent. */
  training: Milliseconds.optional(),
  columns: z.array(Column),
});
export type Dataset = z.infer<typeof Dataset>;
