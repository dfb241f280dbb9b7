import * as z from "zod";
import { Milliseconds } from "./common.ts";
import { Engines } from "./engines.ts";
import { PredictionLog } from "./prediction-log.ts";

/** Requests that a challenger must answer before any traffic is moved to it; read from a file when the policy is compiled. */
export const Smoke = z.strictObject({
  /** The file, as messages name it. */
  file: z.string(),
  /** HTTP status that every answer must have. */
  expect: z.int().min(200).max(599),
  /** Longest that one answer may take, milliseconds. */
  timeout: z.int().positive(),
  requests: z
    .array(
      z.strictObject({
        /** Line of the file, from 1. */
        line: z.int().positive(),
        /** JSON text that is sent. */
        body: z.string(),
      }),
    )
    .min(1),
});
export type Smoke = z.infer<typeof Smoke>;

/** Where an environment keeps and reaches things; from `retrain.config.yaml`. Relative paths are relative to `root`. */
export const Bindings = z.strictObject({
  environment: z.string(),
  ledger: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("sqlite"), path: z.string() }),
    /** `secret/key` of the server's address; never the address. */
    z.strictObject({ kind: z.literal("postgres"), secret: z.string() }),
  ]),
  /** Folder of runs: logs, snapshots, predictions, reports. */
  work: z.string(),
  /** Who may approve, by the group's name in the policy; absent where the configuration lists none. */
  approvers: z
    .record(
      z.string(),
      z.strictObject({
        members: z.array(z.string()).min(1),
        /** Whoever wrote the policy, or started the run by hand, may not approve it. */
        notAuthor: z.boolean(),
      }),
    )
    .optional(),
  registry: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("local"), name: z.string(), folder: z.string() }),
    z.strictObject({ kind: z.literal("mlflow"), name: z.string(), url: z.string() }),
  ]),
  serving: z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("local"),
      name: z.string(),
      /** Origin of the local server, for example `http://127.0.0.1:9090`. */
      url: z.string(),
      /** Folder of its route file and prediction log. */
      folder: z.string(),
      smoke: Smoke.optional(),
    }),
    z.strictObject({
      kind: z.literal("kserve"),
      name: z.string(),
      namespace: z.string(),
      /** Where what production predicted is written down; `local` writes its own log and `batch` has its outputs. */
      logs: PredictionLog.optional(),
    }),
    /** Nothing serves: a batch reads the version that the alias names. */
    z.strictObject({ kind: z.literal("batch"), name: z.string() }),
  ]),
  /** Where live metrics are asked for; absent where the configuration names no store. */
  metrics: z
    .strictObject({
      prometheus: z.strictObject({ url: z.string(), scrapeInterval: Milliseconds }).optional(),
    })
    .optional(),
  clock: z.discriminatedUnion("pace", [
    z.strictObject({ pace: z.literal("real") }),
    z.strictObject({
      /** Only in rehearsals. `work` jumps to the next due instant when everything that is to be done at this one is done; `scaled` runs `factor` times as fast as real time. */
      pace: z.enum(["work", "scaled"]),
      factor: z.number().positive().optional(),
      /** Epoch milliseconds at which a new ledger begins, or `data`: the newest row of the first dataset. */
      start: z.union([z.int(), z.literal("data")]),
      /** Told of each jump of the clock before it happens (POST, JSON `{ from, to }` in ISO instants) and waited for: how a rehearsal plays the world between two looks. */
      participants: z.array(z.string()),
    }),
  ]),
  /** Tests of engines only: the runtime honours RETRAIN_CLOCK. */
  testing: z.boolean().default(false),
  /** The image of the runtime's own steps, where steps are containers. */
  runtimeImage: z.string().optional(),
  engines: Engines.default({}),
});
export type Bindings = z.infer<typeof Bindings>;
