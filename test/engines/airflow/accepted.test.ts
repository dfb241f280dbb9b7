import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import type { Bindings } from "../../../compiler/plan/bindings.ts";
import { Engines } from "../../../compiler/plan/engines.ts";
import type { PipelinePlan } from "../../../compiler/plan/plan.ts";
import { airflow } from "../../../targets/airflow/airflow.ts";
import { airflowPods } from "../../support/engine-plan.ts";
import { enginePlans } from "../../support/engine-policies.ts";
import { fixturePlan } from "../../support/fixture-plan.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { environmentOf, type PythonEnvironment } from "../setup/python.ts";

/** Generated policies beside those of the corpus; 1,000 by `npm run engines:accepted`. */
const GENERATED = Number(process.env["RETRAIN_GENERATED"] ?? 200);
const bindings: Partial<Bindings> = { environment: "production", engines: Engines.parse({ airflow: {} }) };
const locate = () => ({ path: "policy.retrain", start: 0, end: 0 });
const isRefused = (plan: PipelinePlan) => airflow.check(plan, locate).some(({ severity }) => severity === "error");
const run = promisify(execFile);

interface Loaded {
  readonly file: string;
  /** Tasks that follow each task, by DAG. */
  readonly dags: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly objections: readonly string[];
  readonly error?: string;
}

const ruff = await environmentOf("ruff");

/** What ruff says of a folder: its rules about Airflow, and those that find broken code. Empty where it has nothing to say. */
async function lint(folder: string): Promise<string> {
  if (ruff === undefined) return "";
  const words = ["check", "--isolated", "--no-cache", "--preview", "--target-version", "py310", "--select", "AIR,F,E9"];
  const options = { maxBuffer: 512 * 1024 * 1024 };
  const found = await run(join(ruff.bin, "ruff"), [...words, "--output-format", "concise", folder], options).catch(
    (error: { stdout: string; stderr: string }) => error,
  );
  return found.stdout.includes("All checks passed!") ? "" : `${found.stdout}${found.stderr}`;
}

/** Puts files into a folder of their own. */
function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = join(temporaryFolder(), "dags");
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** Shows files to Airflow's own loader, and to the allow-list of the fixed program. */
async function load({ python }: PythonEnvironment, folder: string): Promise<Loaded[]> {
  const env = { ...process.env, PYTHONWARNINGS: "ignore" };
  const options = { env, maxBuffer: 512 * 1024 * 1024 };
  const { stdout } = await run(python, [join(import.meta.dirname, "accept.py"), folder], options);
  return stdout
    .split("\n")
    .filter((line) => line.startsWith('{"file"'))
    .map((line) => JSON.parse(line) as Loaded);
}

/** What the allow-list alone says of some texts. */
function objections({ python }: PythonEnvironment, texts: readonly string[]): string[][] {
  const input = JSON.stringify(texts);
  return JSON.parse(execFileSync(python, [join(import.meta.dirname, "allow_list.py")], { input, encoding: "utf8" }));
}

for (const name of ["airflow3", "airflow2"] as const) {
  const environment = await environmentOf(name);

  it(`${name} loads what every policy becomes, and nothing in it is more than the fixed program`, async () => {
    if (environment === undefined) return;
    const given = enginePlans(bindings, name === "airflow3" ? GENERATED : Math.ceil(GENERATED / 4));
    const version = name === "airflow3" ? "3.3" : "2.11";
    // Processes of the worker and pods in turns; 2.11 gets the files that are made for it.
    const pods = airflowPods(version);
    const engines = Engines.parse({ airflow: { version } });
    const plans = given.map(({ name, plan }, index) => ({
      name,
      plan: { ...plan, bindings: { ...plan.bindings, ...(index % 2 === 0 ? { engines } : pods) } },
    }));
    const refused = plans.filter(({ plan }) => isRefused(plan));
    const files: Record<string, string> = {};
    for (const [index, { plan }] of plans.entries()) {
      // Policies of one name are several here: each file gets DAGs of its own.
      const own = { ...plan, policy: { ...plan.policy, name: `${plan.policy.name.slice(0, 100)}_n${index}` } };
      for (const { path, text } of airflow.emit(own)) files[basename(path)] = text;
    }
    const folder = folderOf(files);
    expect(await lint(folder)).toBe("");
    const answers = await load(environment, folder);
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
    const [whole, broken, none] = await load(
      environment,
      folderOf({
        "a.py": text,
        "b.py": text.replace("import json\n", "import jsonn\n"),
        "c.py": text.replace("def project_root():", "def project_root(:"),
      }),
    );
    expect(broken?.error).toContain("jsonn");
    expect(none?.error).toContain("SyntaxError");
    expect(whole?.objections).toEqual([]);
    // Two files of the same DAGs: which of them stands in the bag is up to the loader.
    const dags = [whole, broken].map((one) => one?.dags ?? {}).find((one) => Object.keys(one).length > 0);
    expect(dags?.["flight_delays_tick"]).toEqual({ tick: ["start"], start: [] });
    expect(dags?.["flight_delays_retrain"]?.["gate_offline"]).toEqual(["outcome", "register"]);
    expect(dags?.["flight_delays_retrain"]?.["outcome"]).toEqual([]);
  });
}

it("the allow-list and ruff object to each way in which a file could be more than the fixed program", async () => {
  const environment = await environmentOf("airflow3");
  if (environment === undefined || ruff === undefined) return;
  const text = airflow.emit(fixturePlan(bindings))[0]?.text ?? "";
  const after = (added: string) => text.replace("import json\n", `import json\n${added}\n`);
  const wrong: readonly (readonly [text: string, objection: string])[] = [
    [after("import shutil"), "import shutil"],
    [after("import os as json"), "import os"],
    [after("from os import system"), "from os import system"],
    [after("eval('1')"), "name eval"],
    [after("getattr(json, 'loads')"), "name getattr"],
    [after("str = 1"), "name str is given another meaning"],
    [text.replace("os.killpg(self.process.pid, signal.SIGTERM)", "os.system('ls')"), "attribute system"],
    [text.replace("start_new_session=True", "start_new_session=True, shell=True"), "keyword shell"],
    [
      text.replace('[filled(word, known) for word in self.step["command"]],', '"ls",'),
      "a process that is not an argument list",
    ],
    [after("json.loads.__globals__"), "attribute __globals__"],
    [after("lambda: 1"), "node Lambda"],
    [after("while True:\n    pass"), "node While"],
    [after('"{{ var.value.x }}"'), "template {{ var.value.x }}"],
    [after("(lambda: 1)()"), "call of Lambda"],
  ];
  const answers = objections(
    environment,
    wrong.map(([changed]) => changed),
  );
  for (const [index, [changed, objection]] of wrong.entries()) {
    expect(changed, objection).not.toBe(text);
    expect(answers[index], objection).toContain(objection);
  }
  expect(objections(environment, [text])).toEqual([[]]);
  const renamed = text.replace("    start = TriggerDagRunOperator(", "    begin = TriggerDagRunOperator(");
  expect(await lint(folderOf({ "a.py": renamed }))).toMatch(/task-id-mismatch[\s\S]*undefined-name/);
  expect(await lint(folderOf({ "a.py": text }))).toBe("");
});
