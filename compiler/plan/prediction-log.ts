import * as z from "zod";

/** Files of predictions that were given live, and the columns in which they stand. Other columns are ignored. */
export const PredictionLog = z.strictObject({
  /** Address or glob of Parquet files, or a table. */
  uri: z
    .string()
    .min(1)
    .describe("address of Parquet files, or a glob; `${serving.name}` is the model server's name in the policy"),
  columns: z
    .strictObject({
      key: z.string().min(1).default("key").describe("column of the row's key"),
      time: z.string().min(1).default("time").describe("column of the instant of the answer"),
      version: z.string().min(1).default("version").describe("column of the version that answered"),
      score: z.string().min(1).default("score").describe("column of the score"),
      latency_ms: z
        .string()
        .min(1)
        .default("latency_ms")
        .describe("column of the time that the answer took, milliseconds"),
    })
    .prefault({})
    .describe("names of the log's columns"),
});
