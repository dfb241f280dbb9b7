import { airflow } from "./airflow/airflow.ts";
import { argo } from "./argo/argo.ts";
import { kfp } from "./kfp/kfp.ts";
import { local } from "./local/local.ts";
import type { Target } from "./target.ts";

/** Every target, by the name that `--target` takes. */
export const targets: ReadonlyMap<string, Target> = new Map(
  [local, argo, kfp, airflow].map((target) => [target.name, target]),
);
