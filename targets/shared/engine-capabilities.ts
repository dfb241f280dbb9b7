import { emulated, native, pending } from "./capability.ts";

const notYet = (what: string) => pending(`${what}; the runtime of this release does not`);

/** What is the runtime's own work on every engine whose steps run it: conditions, registry and traffic. */
export const ofTheRuntime = {
  validate: native("a task; what follows it waits for its word"),
  gate: native("a task; what follows it waits for its word"),
  hold: native("the task goes on looking that much longer"),
  freeze: native("the tick and the stages read it"),
  rollback: native("by the stage, and by the tick after the run"),
  approval: emulated("the stage waits for `retrain approve`, a record in the ledger"),
  localRegistry: native("a folder on the disk that steps share"),
  localServing: native("routes of `retrain serve`, by its address"),
  postgres: native("every step opens the same database"),
  table: notYet("a warehouse would be asked"),
  prometheus: notYet("Prometheus would be asked at every look"),
  registryMetric: notYet("the registry would be asked"),
  fairness: notYet("groups would be compared"),
  ranking: notYet("rankings would be judged"),
  multiclass: notYet("several classes would be judged"),
  pool: notYet("small groups would be judged together"),
  exclude: notYet("groups would be left out"),
  slicesOfData: notYet("each slice would be validated by itself"),
  driftByValues: notYet("values would be compared, not counts of bins"),
  driftOption: notYet("the function would be told the option"),
  shareDrifted: notYet("drift of many columns would be counted"),
  scoreDrift: notYet("scores of two versions would be compared"),
  clearsAfter: notYet("clear checks would be counted"),
  labelsInStage: notYet("labels would be read while requests are served"),
  baseline: notYet("the challenger would be compared with the baseline"),
  liveChange: notYet("live metrics would have a baseline"),
  scoreQuantile: notYet("scores would be read from the prediction log"),
  labelLimit: notYet("labels would be read while requests are served"),
  mlflow: notYet("versions and aliases would be kept by MLflow"),
  kserve: notYet("traffic would be moved on an InferenceService"),
  batch: notYet("batches would read the version of the alias"),
  notify: notYet("messages would be sent by the steps"),
} as const;
