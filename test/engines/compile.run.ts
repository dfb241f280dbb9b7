import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** Writes the committed files of the tests' policies: `npm run engines:compile`, one folder an environment. */
const command = join(import.meta.dirname, "../../dist/retrain.js");
for (const environment of ["local", "argo", "kfp", "airflow", "airflow_2_11"]) {
  const words = ["-C", import.meta.dirname, "compile", "-e", environment, "--out-dir", `pipelines/${environment}`];
  const { status } = spawnSync(process.execPath, [command, ...words], { stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) process.exitCode = 1;
}
