import { expect, it } from "vitest";
import { retrain } from "../support/retrain.ts";

// Written anew by `npm run engines:compile`.
for (const environment of ["local", "argo", "kfp", "airflow", "airflow_2_11"]) {
  it(`the committed files for environment ${environment} are what its policies compile to`, () => {
    const words = ["compile", "-e", environment, "--out-dir", `pipelines/${environment}`, "--check"];
    const { code, err } = retrain(import.meta.dirname, ...words);
    expect([code, err.includes("files up to date")], err).toEqual([0, true]);
  });
}
