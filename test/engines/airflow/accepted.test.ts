import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import type { Bindings } from "../../../compiler/plan/bindings.ts";
import { Engines } from "../../../compiler/plan/engines.ts";
import { airflow } from "../../../targets/airflow/airflow.ts";
import { enginePlans } from "../../support/engine-policies.ts";
import { fixturePlan } from "../../support/fixture-plan.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { environmentOf, type PythonEnvironment } from "../setup/python.ts";

/** Generated policies beside those of the corpus; 1,000 by `npm run engines:accepted`. */
const GENERATED = Number(process.env["RETRAIN_GENERATED"] ?? 200);
const bindings: Partial<Bindings> = { environment: "production", engines: Engines.parse({ airflow: {} }) };
const locate = () => ({ path: "policy.retrain", start: 0, end: 0 });
const run = promisify(execFile);

interface Loaded {
  readonly file: string;
  /** Tasks that follow each task, by DAG. */
  readonly dags: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly objections: readonly string[];
  readonly error?: string;
}

/** Shows files to Airflow's own loader, and to the allow-list of the fixed program. */
async function load({ python }: PythonEnvironment, files: Readonly<Record<string, string>>): Promise<Loaded[]> {
  const folder = join(temporaryFolder(), "dags");
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const env = { ...process.env, PYTHONWARNINGS: "ignore" };
  const options = { env, maxBuffer: 512 * 1024 * 1024 };
  const { stdout } = await run(python, [join(import.meta.dirname, "accept.py"), folder], options);
  return stdout
    .split("\n")
    .filter((line) => line.startsWith('{"file"'))
    .map((line) => JSON.parse(line) as Loaded);
}

for (const name of ["airflow3", "airflow2"] as const) {
  const environment = await environmentOf(name);

  it(`${name} loads what every policy becomes, and nothing in it is more than the fixed program`, async () => {
    if (environment === undefined) return;
    const plans = enginePlans(bindings, name === "airflow3" ? GENERATED : Math.ceil(GENERATED / 4));
    const refused = plans.filter(({ plan }) => airflow.check(plan, locate).length > 0);
    const files: Record<string, string> = {};
    for (const [index, { plan }] of plans.entries()) {
      // Policies of one name are several here: each file gets DAGs of its own.
      const own = { ...plan, policy: { ...plan.policy, name: `${plan.policy.name.slice(0, 100)}_n${index}` } };
      for (const { path, text } of airflow.emit(own)) files[basename(path)] = text;
    }
    const answers = await load(environment, files);
    expect(answers.filter(({ error, objections }) => error !== undefined || objections.length > 0)).toEqual([]);
    expect(answers).toHaveLength(plans.length);
    for (const { dags, file } of answers) expect(Object.keys(dags), file).toHaveLength(2);
    // Steps on spot instances and with several workers are all that is refused.
    expect(refused.length).toBeLessThan(plans.length / 5);
  });

  it(`${name} sees the graph that the plan has, and refuses a file that is broken`, async () => {
    if (environment === undefined) return;
    const [file] = airflow.emit(fixturePlan(bindings));
    const text = file?.text ?? "";
    const [whole, broken, wrong] = await load(environment, {
      "a.py": text,
      "b.py": text.replace("import json\n", "import jsonn\n"),
      "c.py": text.replace("import json\n", "import json\nimport shutil\n\neval('1')\n"),
    });
    expect(broken?.error).toContain("jsonn");
    expect(wrong?.objections).toEqual(["import shutil", "name eval"]);
    // Three files of the same DAGs: which of them stands in the bag is up to the loader.
    const dags = [whole, broken, wrong].map((one) => one?.dags ?? {}).find((one) => Object.keys(one).length > 0);
    expect(dags?.["flight_delays_tick"]).toEqual({ tick: ["start"], start: [] });
    expect(dags?.["flight_delays_retrain"]?.["gate_offline"]).toEqual(["outcome", "register"]);
    expect(dags?.["flight_delays_retrain"]?.["outcome"]).toEqual([]);
  });
}
