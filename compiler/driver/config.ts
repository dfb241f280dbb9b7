import * as z from "zod";
import { Engines } from "../plan/engines.ts";
import { PredictionLog } from "../plan/prediction-log.ts";

const SecretReference = z.string().regex(/^[a-z0-9][-a-z0-9.]*\/[-._a-zA-Z0-9]+$/, "must be `SECRET/KEY`");

const Ledger = z.union(
  [
    z.string().regex(/^sqlite:.+/, "must be `sqlite:PATH`, or `{ postgres: { secret: SECRET/KEY } }`"),
    z.strictObject({ postgres: z.strictObject({ secret: SecretReference }) }),
  ],
  "must be `sqlite:PATH`, or `{ postgres: { secret: SECRET/KEY } }`",
);

const Origin = z
  .url({ protocol: /^https?$/, error: "must be an origin such as `http://127.0.0.1:9090`" })
  .transform((text) => new URL(text).origin);

const Clock = z.strictObject({
  start: z
    .union(
      [z.literal("data"), z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))],
      "must be an instant such as `2001-04-02T08:00:00Z`, or `data`",
    )
    .describe("where a new ledger's clock begins: an instant, or `data` for the newest row of the first dataset"),
  pace: z
    .union(
      [z.literal("work"), z.number().positive("must be above 0")],
      "must be `work`, or how many seconds pass in one real second",
    )
    .describe("`work` jumps from one due instant to the next; a number is how many seconds pass in one real second"),
  participants: z
    .array(z.url({ protocol: /^https?$/, error: "must be an address such as `http://127.0.0.1:9099/clock`" }))
    .default([])
    .describe("addresses that are told of each jump before it happens, and waited for"),
});

const LocalRegistry = z.strictObject({
  folder: z.string().min(1).default(".retrain/registry").describe("folder of the models' versions, one folder a model"),
});

/** Most that an answer to a smoke request may be waited for, seconds. */
const LONGEST_ANSWER = 60;

const Smoke = z.strictObject({
  requests: z
    .string()
    .min(1)
    .describe(
      "file of the requests, one JSON object a line, as they are sent to `/predict`; `${serving.name}` is the model server's name in the policy",
    ),
  expect: z.int().min(200).max(599).default(200).describe("HTTP status that every answer must have"),
  timeout_seconds: z
    .int()
    .min(1)
    .max(LONGEST_ANSWER)
    .default(10)
    .describe("longest that one answer may take, 1 to 60 seconds"),
});

const LocalServing = z.strictObject({
  url: Origin.default("http://127.0.0.1:9090").describe(
    "origin of the model server that `retrain serve` starts; `http://127.0.0.1:9090` unless given",
  ),
  folder: z
    .string()
    .min(1)
    .default(".retrain/serving")
    .describe("folder of route and prediction log, one folder a model"),
  smoke: Smoke.optional().describe("requests that a challenger must answer before any traffic is moved to it"),
});

const milliseconds = { ms: 1, s: 1_000, m: 60_000 } as const;

/** As Prometheus writes it. */
const ScrapeInterval = z
  .string()
  .regex(/^[1-9][0-9]{0,5}(ms|s|m)$/, "must be a length such as `15s`")
  .transform((text) => {
    const [, number = "", unit = ""] = /^([0-9]+)(ms|s|m)$/.exec(text) ?? [];
    return Number(number) * milliseconds[unit as keyof typeof milliseconds];
  })
  .prefault("15s")
  .describe("time between two samples of a series; a window shorter than four of them is no window");

/** One place where policies run. */
const Environment = z.strictObject({
  ledger: Ledger.default("sqlite:.retrain/ledger.db").describe(
    "where the ledger is: `sqlite:PATH` on one machine, `{ postgres: { secret: SECRET/KEY } }` wherever steps share no disk",
  ),
  work: z.string().min(1).default(".retrain/runs").describe("folder of runs: logs, snapshots, predictions"),
  registries: z
    .strictObject({
      local: LocalRegistry.prefault({}).describe("model registry in a folder of this machine"),
      mlflow: z
        .strictObject({ url: Origin.describe("origin of the MLflow server") })
        .optional()
        .describe("model registry of MLflow"),
    })
    .prefault({})
    .describe("model registries by kind"),
  serving: z
    .strictObject({
      local: LocalServing.prefault({}).describe("model server on this machine"),
      kserve: z
        .strictObject({
          namespace: z.string().min(1).describe("namespace of the InferenceService"),
          logs: PredictionLog.optional().describe(
            "the prediction log: what decay, live pairs and rollback by labels read",
          ),
        })
        .optional()
        .describe("model server of KServe"),
      batch: z.strictObject({}).optional().describe("nothing serves: batches read the version of the alias"),
    })
    .prefault({})
    .describe("model servers by kind"),
  metrics: z
    .strictObject({
      prometheus: z
        .strictObject({
          url: z
            .url({ protocol: /^https?$/, error: "must be an address such as `https://prometheus.example.com`" })
            .describe("address of the Prometheus server that metrics `from prometheus` are asked of"),
          scrape_interval: ScrapeInterval,
        })
        .optional()
        .describe("Prometheus"),
    })
    .prefault({})
    .describe("stores of live metrics by kind"),
  clock: Clock.optional().describe("only for rehearsals: another clock than the real one"),
  freezes: z
    .array(z.string().min(1))
    .default([])
    .describe("files (paths or globs) whose freezes hold for every policy in this environment"),
  runtime: z
    .strictObject({ image: z.string().min(1).describe("image of the runtime's own steps, with its digest") })
    .optional()
    .describe("the runtime where steps are containers"),
  testing: z.boolean().default(false).describe("tests of engines only: RETRAIN_CLOCK moves the runtime's clock"),
  targets: Engines.default({ local: {} }).describe("engines that policies are compiled for"),
});
export type Environment = z.infer<typeof Environment>;

/** `retrain.config.yaml`: where policies are and where they run. Nothing in it is executed. */
export const Config = z.strictObject({
  $schema: z.string().optional().describe("address of this schema, for editors"),
  policies: z
    .array(z.string().min(1))
    .min(1)
    .default(["**/*.retrain"])
    .describe("globs of policy files, from the configuration's folder"),
  guardrails: z
    .array(z.string().min(1))
    .default([])
    .describe("files (paths or globs) whose guardrails hold for every policy here"),
  approvers: z
    .record(
      z.string().min(1),
      z.strictObject({
        members: z.array(z.string().min(1)).min(1).describe("names as they sign: login names, or what `--as` is given"),
        not_author: z
          .boolean()
          .default(false)
          .describe("whether whoever wrote the policy, or started the run by hand, may not approve it"),
      }),
    )
    .optional()
    .describe("who may approve, by the name that policies ask for; anybody may where this is left out"),
  out: z.string().min(1).default("pipelines").describe("folder of generated files, inside the configuration's folder"),
  environments: z
    .record(
      z.string().regex(/^[a-z][a-z0-9_-]*$/, "must be a name in small letters, such as `staging`"),
      Environment.describe("one place where policies run"),
    )
    .default({})
    .describe("places where policies run, by name"),
});
export type Config = z.infer<typeof Config>;
