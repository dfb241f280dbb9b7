import { join } from "node:path";
import { expect, it } from "vitest";
import { verifyFiles } from "../../../compiler/cli/verify-files.ts";
import { Engines } from "../../../compiler/plan/engines.ts";
import type { PipelinePlan } from "../../../compiler/plan/plan.ts";
import { targets } from "../../../targets/registry.ts";
import type { OutputFile } from "../../../targets/target.ts";
import { hostileTexts } from "../../engines/setup/hostile.ts";
import { argoBindings, kfpBindings, withImages } from "../../support/engine-plan.ts";
import { fixturePlan } from "../../support/fixture-plan.ts";
import { retrain } from "../../support/retrain.ts";

const engines = Engines.parse({ local: {}, ...argoBindings.engines, ...kfpBindings.engines, airflow: {} });
const plan = withImages(fixturePlan({ ...argoBindings, engines }));

/** The files of an engine, one of them changed. */
function changed(target: string, ending: string, change: (text: string) => string): readonly OutputFile[] {
  const files = targets.get(target)?.emit(plan) ?? [];
  const found = files.find(({ path }) => path.endsWith(ending));
  if (found === undefined) throw new Error(`no file ${ending}`);
  const text = change(found.text);
  expect(text).not.toBe(found.text);
  return files.map((file) => (file === found ? { ...file, text } : file));
}

it("takes what every engine gets, also where the policy's texts are hostile", () => {
  for (const target of targets.values()) {
    verifyFiles(plan, target.emit(plan));
    for (const description of hostileTexts().slice(0, 60)) {
      const hostile: PipelinePlan = { ...plan, policy: { ...plan.policy, description } };
      verifyFiles(hostile, target.emit(hostile));
    }
  }
});

it.each([
  ["argo", "-retrain.yaml", (text: string) => text.replace("spec:\n", "spec:\n  entrypoint: other\n"), /come back/],
  ["argo", "-retrain.yaml", (text: string) => text.replace('"retrain-runtime"', "on"), /read it differently/],
  ["argo", "-tick.yaml", (text: string) => text.replace('"owner": "', '"owner": "x'), /another plan/],
  ["argo", "-tick.yaml", (text: string) => text.replace("retrain.plan/1", "retrain.plan"), /holds its plan/],
  ["kfp", "-tick.yaml", (text: string) => text.replace('\\"owner\\":\\"', '\\"owner\\":\\"x'), /another plan/],
  ["kfp", "-tick.yaml", (text: string) => text.replace("cachingOptions: {}", "cachingOptions: *a"), /come back|alias/i],
  ["airflow", ".py", (text: string) => text.replace('"owner":"', '"owner":"x'), /another plan/],
  ["airflow", ".py", (text: string) => text.replace('r"""\n{', 'r"""\n{,'), /JSON/],
  ["local", ".json", (text: string) => text.replace('"owner": "', '"owner": "x'), /another plan/],
] as const)("refuses a file of %s that ends in %s and does not come back", (target, ending, change, why) => {
  expect(() => verifyFiles(plan, changed(target, ending, change))).toThrow(why);
});

it("refuses a source map that leads to an empty line", () => {
  const files = targets.get("argo")?.emit(plan) ?? [];
  const place = plan.retrain.nodes[0]?.place;
  if (place === undefined) throw new Error("no place");
  const astray = files.map((file) => ({ ...file, mapped: [{ line: 100_000, place }] }));
  expect(() => verifyFiles(plan, astray)).toThrow(/source map .* line 100000/);
});

it("compile --verify reads the pipelines of the examples once more", () => {
  for (const name of ["fraud_scorer", "demand_forecast", "flight_delays"]) {
    const folder = join(import.meta.dirname, "../../../examples", name);
    expect(retrain(folder, "compile", "--check", "--verify")).toMatchObject({ code: 0 });
  }
});
