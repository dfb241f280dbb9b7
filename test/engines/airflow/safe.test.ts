import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { Engines } from "../../../compiler/plan/engines.ts";
import type { PipelinePlan } from "../../../compiler/plan/plan.ts";
import { check } from "../../../targets/airflow/check.ts";
import { emit } from "../../../targets/airflow/emit.ts";
import { lower } from "../../../targets/airflow/lower.ts";
import { airflowPodsPlan } from "../../support/engine-plan.ts";
import { fixturePlan } from "../../support/fixture-plan.ts";
import { hostileTexts } from "../setup/hostile.ts";
import { type Path, textPositions, withEverything, withTexts } from "../setup/positions.ts";
import { environmentOf } from "../setup/python.ts";

const environment = await environmentOf("airflow3");
const locate = () => ({ path: "policy.retrain", start: 0, end: 0 });

/** What Python reads in a file: the arguments of `json.loads` and the texts given to names, decoded; and the program with all of that left out. */
const READ = `
import ast, hashlib, json, sys
for line in sys.stdin:
    tree = ast.parse(json.loads(line))
    found = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and node.targets[0].id in ("POLICY", "PLAN"):
            text = node.value if isinstance(node.value, ast.Constant) else node.value.args[0]
            found[node.targets[0].id] = json.loads("".join(text.value.splitlines()))
            text.value = ""
    found["program"] = hashlib.sha256(ast.dump(tree).encode()).hexdigest()
    print(json.dumps(found))
`;

interface Read {
  readonly POLICY: unknown;
  readonly PLAN: unknown;
  readonly program: string;
}

function python(texts: readonly string[]): Read[] {
  if (environment === undefined) return [];
  const input = texts.map((text) => `${JSON.stringify(text)}\n`).join("");
  const out = execFileSync(environment.python, ["-c", READ], { input, encoding: "utf8", maxBuffer: 1e9 });
  return out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** A text as somebody would write it there: `\${` is written `$\${` in a step, and no process takes a null character. */
function written(path: Path, text: string): string {
  const inStep = path.includes("step");
  // An image that is blank is refused as none.
  if (/image/i.test(String(path.at(-1))) && text.trim() === "") return "image";
  return inStep ? text.replaceAll("${", "$${").replaceAll("\u0000", "0") : text;
}

it.each(["local", "kubernetes"] as const)(
  "five hundred hostile texts at every position of a plan come back from Python's own reader as they were, and change no other byte (executor %s)",
  (executor) => {
    if (environment === undefined) return;
    const plan = withEverything(
      executor === "kubernetes"
        ? airflowPodsPlan("3.3")
        : fixturePlan({ environment: "production", engines: Engines.parse({ airflow: {} }) }),
    );
    const texts = hostileTexts();
    const paths = textPositions(plan);
    expect(paths.length).toBeGreaterThan(60);
    for (const needed of [
      "description",
      "owner",
      "intendedUse",
      "image",
      "command",
      "AUTHORS",
      "approvers",
      "text",
      "uri",
    ])
      expect(paths.flat(), needed).toContain(needed);
    const plans = texts.map((_, round) =>
      // Each file carries another text at each position, and in five hundred files each position has had them all.
      withTexts(plan, paths, (index, path) => written(path, texts[(round + index * 7) % texts.length] ?? "")),
    );
    const usual = emit(plan)[0]?.text ?? "";
    const files = plans.map((one) => {
      expect(check(one, locate).filter(({ severity }) => severity === "error")).toEqual([]);
      return emit(one)[0]?.text ?? "";
    });
    const [base, ...read] = python([usual, ...files]);
    expect(read).toHaveLength(texts.length);
    for (const [index, { POLICY, PLAN, program }] of read.entries()) {
      const one = plans[index] as PipelinePlan;
      expect(program).toBe(base?.program);
      expect(PLAN).toEqual(JSON.parse(JSON.stringify(one)));
      expect(POLICY).toEqual(JSON.parse(JSON.stringify(lower(one).document)));
      const text = files[index] ?? "";
      expect(text).toMatch(/^[ -~\n]*$/);
      // The only template in the file is our own.
      expect(text.replaceAll("{{ ti.xcom_pull(task_ids='tick', key='run') }}", "")).not.toMatch(/\{\{|\{%|\{#/);
    }
  },
);
