/** Where a run on an engine keeps its files, below the folder `work`. The runtime and the generated files both go by it, so that a step can be told its paths before the run exists. */

/** The trained model's folder. */
export const challengerFolder = (run: string): string => `${run}/model`;

/** What `evaluate` writes: predictions, and metrics of its own. */
export const predictionsFile = (run: string): string => `${run}/predictions.parquet`;
export const metricsFile = (run: string): string => `${run}/metrics.json`;

/** Rows of one dataset that `train` (training) or `evaluate` (holdout) may see: a folder of Parquet files. */
export const rowsFolder = (run: string, dataset: string, part: "training" | "holdout"): string =>
  `${run}/data/${dataset}/${part}`;
