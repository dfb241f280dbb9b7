import { z } from "zod";

/** `sqlite:PATH`, relative to the configuration's folder. */
const SqliteAddress = z.string().regex(/^sqlite:.+/, "must be `sqlite:PATH`");

const Origin = z
  .url({ protocol: /^https?$/, error: "must be an origin such as `http://127.0.0.1:9090`" })
  .transform((text) => new URL(text).origin);

const Clock = z.strictObject({
  /** An instant (`2001-04-02T08:00:00Z`), or `data`: the newest row of the policy's first dataset. */
  start: z.union(
    [z.literal("data"), z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))],
    "must be an instant such as `2001-04-02T08:00:00Z`, or `data`",
  ),
  /** `work`: jumps from due instant to due instant; a number: so many seconds of the clock pass in one real second. */
  pace: z.union(
    [z.literal("work"), z.number().positive()],
    "must be `work`, or how many seconds pass in one real second",
  ),
  /** Addresses told of each jump of the clock before it happens. */
  participants: z.array(z.url()).default([]),
});

/** One place where policies run. */
const Environment = z.strictObject({
  ledger: SqliteAddress.default("sqlite:.retrain/ledger.db"),
  /** Folder of runs: logs, snapshots, predictions. */
  work: z.string().min(1).default(".retrain/runs"),
  registries: z
    .strictObject({ local: z.strictObject({ folder: z.string().min(1).default(".retrain/registry") }).prefault({}) })
    .prefault({}),
  serving: z
    .strictObject({
      local: z
        .strictObject({
          url: Origin.default("http://127.0.0.1:9090"),
          folder: z.string().min(1).default(".retrain/serving"),
        })
        .prefault({}),
    })
    .prefault({}),
  clock: Clock.optional(),
  targets: z.strictObject({ local: z.strictObject({}).default({}) }).default({ local: {} }),
});
export type Environment = z.infer<typeof Environment>;

/** `retrain.config.yaml`: where policies are and where they run. Nothing in it is executed. */
export const Config = z.strictObject({
  $schema: z.string().optional(),
  /** Globs of policy files, from the configuration's folder. */
  policies: z.array(z.string().min(1)).min(1).default(["**/*.retrain"]),
  /** Files whose guardrails hold for every policy here. */
  guardrails: z.array(z.string().min(1)).default([]),
  /** Folder of generated files. */
  out: z.string().min(1).default("pipelines"),
  environments: z.record(z.string().regex(/^[a-z][a-z0-9_-]*$/), Environment).default({}),
});
export type Config = z.infer<typeof Config>;
