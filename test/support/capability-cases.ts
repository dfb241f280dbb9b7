import { readFileSync } from "node:fs";
import { join } from "node:path";
import { lower } from "../../compiler/lower/lower.ts";
import type { Bindings } from "../../compiler/plan/bindings.ts";
import type { Engines } from "../../compiler/plan/engines.ts";
import { AirflowOptions, ArgoOptions, KfpOptions } from "../../compiler/plan/engines.ts";
import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import type { ConstructId } from "../../targets/shared/constructs/constructs.ts";
import { checkText } from "./check-text.ts";
import { withImages } from "./engine-plan.ts";
import { examplePolicy } from "./example-policy.ts";
import { fittingBindings } from "./local-bindings.ts";

/** A policy, and an environment, that has one construct of the capability table. */
interface Case {
  /** Parts of a policy that stand in for those of a good one, or a policy of the corpus. */
  readonly policy?: string;
  readonly corpus?: string;
  readonly change?: (text: string) => string;
  readonly bindings?: Partial<Bindings>;
  readonly engines?: (engines: Engines) => Engines;
  /** Steps are left without an image. */
  readonly noImages?: true;
}

const volume = { claim: "retrain", mount: "/work" };

/** Options of every engine: everything that it needs. */
const ENGINES: Engines = {
  local: {},
  argo: ArgoOptions.parse({ volume }),
  kfp: KfpOptions.parse({ volume }),
  airflow: AirflowOptions.parse({}),
};

/** The engines of an environment of Vertex AI, which has no claims. */
export const VERTEX: Engines = { ...ENGINES, kfp: KfpOptions.parse({ platform: "vertex" }) };

/** The engines of an environment whose steps are pods that Airflow starts. */
export const PODS: Engines = { ...ENGINES, airflow: AirflowOptions.parse({ executor: "kubernetes", volume }) };

const train = (more: string, command = '"python", "train.py", "--out", "${challenger.uri}"') =>
  `train { command [${command}] ${more} }`;

/** One more requirement of the canary stage, of labels that are there in time. */
const inStage = (metric: string) => (text: string) =>
  text
    .replace("matures after 2d", "matures after 1h")
    .replace(/( +)require challenger.error_rate not worse.*/, `$&\n$1require challenger.${metric} >= 1%`);

export const CASES: Readonly<Record<ConstructId, Case>> = {
  causes: {},
  freeze: { policy: 'freeze rollout 2026-11-25..2026-12-01 in "Europe/Berlin" because "a busy week"' },
  oneRun: {},
  notify: { policy: 'notify { on promoted slack "#models" }' },
  steps: {},
  runValues: {},
  workingFolder: {},
  image: {
    policy: train(
      'image "registry.example.com/train@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"',
    ),
  },
  noImage: { noImages: true },
  secret: { policy: train('secret TOKEN from "hub/token"') },
  processor: { policy: train("resources { cpu 2 memory 4Gi }") },
  disk: { policy: train("resources { disk 10Gi }") },
  gpu: { policy: train("resources { gpu 1 }") },
  partOfGpu: { policy: train("resources { gpu 0.5 }") },
  spot: { policy: train("on spot") },
  workers: { policy: train("workers 2") },
  retry: { policy: train("retry 2 times backoff 5m..1h") },
  timeout: { policy: train("timeout 2h") },
  doubleBrace: { policy: train('env { FORMAT = "{{x" }') },
  braceAtEnd: { policy: train('env { FORMAT = "x{" }') },
  dollarParenthesis: { policy: train('env { FORMAT = "$(HOME)" }') },
  nullCharacter: { policy: train('env { FORMAT = "a\\u{0}b" }') },
  validate: { policy: "validate customers { require rows >= 1_000 }" },
  gate: {},
  hold: {
    policy: "gate offline { require challenger.auc >= 0.80 at 95% confidence on inconclusive hold 2h then block }",
  },
  table: {
    corpus: "plain",
    change: (text) => text.replace('parquet "data/customers.parquet"', 'table "warehouse.churn"'),
  },
  prometheus: { corpus: "prometheus-quantile" },
  prometheusBaseline: { corpus: "prometheus-decay" },
  registryMetric: { corpus: "registry-metric" },
  fairness: { corpus: "fairness-of-every-kind" },
  ranking: { corpus: "ranking-metrics" },
  multiclass: { corpus: "several-classes" },
  pool: { corpus: "pool-and-exclude" },
  exclude: { corpus: "pool-and-exclude" },
  slicesOfData: { corpus: "slices-in-validate" },
  driftByValues: { corpus: "drift-options" },
  driftOption: { corpus: "drift-options" },
  shareDrifted: { corpus: "share-drifted" },
  scoreDrift: { corpus: "score-drift" },
  clearsAfter: { corpus: "drift-options" },
  labelsInStage: { corpus: "slices-in-stage" },
  rankingInStage: { corpus: "ranking-metrics", change: inStage("map(group: plan)") },
  multiclassInStage: { corpus: "several-classes", change: inStage("accuracy") },
  baseline: { corpus: "baseline-in-live-stage" },
  liveChange: { corpus: "change-of-error-rate" },
  scoreQuantile: {
    policy: `rollout {
      stage shadow { mirror 100% for 24h..48h at least 5_000 pairs require quantile(challenger.score, 90%) <= 0.9 }
      stage full { traffic 100% watch 24h keep champion 72h }
      rollback when challenger.error_rate > 2%
    }`,
  },
  labelLimit: {
    policy: `rollout {
      stage full { traffic 100% watch 24h keep champion 14d }
      rollback when challenger.auc < 0.7 over 4d
    }`,
  },
  shadow: {},
  shares: {},
  approval: {
    policy: `rollout {
      approval "leads" within 24h
      stage full { traffic 100% watch 24h keep champion 72h }
      rollback when challenger.error_rate > 2%
    }`,
  },
  rollback: {},
  localRegistry: {},
  mlflow: {
    policy: 'model { registry mlflow "m" serving local "m" first_model absolute_gates_only expect 60 requests per 1s }',
  },
  localServing: {},
  kserve: {
    policy: 'model { registry local "m" serving kserve "m" first_model absolute_gates_only expect 60 requests per 1s }',
  },
  batch: {
    policy: `model { registry local "m" serving batch "m" first_model absolute_gates_only }
    rollout { stage full { traffic 100% watch 24h keep champion 14d } rollback when auc drops 5pp below baseline over 4d }`,
  },
  sqlite: { bindings: { ledger: { kind: "sqlite", path: "ledger.db" } } },
  postgres: {},
  rehearsal: { bindings: { clock: { pace: "work", start: "data", participants: [] } } },
  noRuntimeImage: { bindings: { runtimeImage: " " } },
  noDisk: {
    engines: ({ kfp, airflow, ...others }) => ({
      ...others,
      argo: ArgoOptions.parse({}),
      airflow: AirflowOptions.parse({ executor: airflow?.executor }),
      kfp: kfp?.platform === "vertex" ? kfp : KfpOptions.parse({}),
    }),
    bindings: { work: "runs" },
  },
  volume: {
    engines: (engines) => ({
      ...engines,
      kfp: KfpOptions.parse({ ...engines.kfp, volume }),
      airflow: AirflowOptions.parse({ ...engines.airflow, volume }),
    }),
  },
  hugePlan: { policy: `description "${"long ".repeat(200_000).trim()}"` },
  longPlan: { policy: `description "${"long ".repeat(25_000).trim()}"` },
};

/** The plan of a construct's policy in an environment that gives every engine what it needs, but for what the construct is about. */
export function casePlan(id: ConstructId, engines: Engines = ENGINES): PipelinePlan {
  const { policy = "", corpus, change = (text: string) => text, bindings = {}, engines: changed, noImages } = CASES[id];
  const text =
    corpus === undefined
      ? examplePolicy(policy)
      : readFileSync(join(import.meta.dirname, "../corpus/semantics", corpus, "policy.retrain"), "utf8");
  const { policies, diagnostics } = checkText(change(text));
  const [first] = policies;
  const wrong = diagnostics.filter(({ severity }) => severity === "error");
  if (first === undefined || wrong.length > 0)
    throw new Error(`${id}: ${JSON.stringify(wrong.map((one) => one.message))}`);
  const given: Bindings = {
    ...fittingBindings(first.body?.model),
    ledger: { kind: "postgres", secret: "retrain/ledger-url" },
    runtimeImage: "registry.example.com/retrain@sha256:0123456789abcdef",
    work: engines.kfp?.platform === "vertex" ? "/gcs/bucket/runs" : "runs",
    ...bindings,
    engines: changed === undefined ? engines : changed(engines),
  };
  const { plan, diagnostics: found } = lower(first, given);
  if (plan === undefined) throw new Error(`${id}: ${JSON.stringify(found.map((one) => one.message))}`);
  return noImages ? plan : withImages(plan);
}
