import type { Test } from "../../compiler/plan/condition.ts";
import type { Dataset } from "../../compiler/plan/dataset.ts";
import type { Engine } from "../engine/engine.ts";
import type { Observation } from "../judge/observation.ts";
import type { VersionFacts } from "./register.ts";
import { currentWindow, driftWindows } from "./windows.ts";

/** A dataset of the plan; the checker lets only declared ones through. */
export function datasetOf(engine: Pick<Engine, "plan">, name: string): Dataset {
  const dataset = engine.plan.datasets.find((one) => one.name === name);
  if (dataset === undefined) throw new Error(`the plan has no dataset ${name}`);
  return dataset;
}

/** Facts of the version that serves now, for reference windows and baselines. */
export async function championFacts(engine: Engine, version: string | undefined): Promise<VersionFacts | undefined> {
  if (version === undefined) return undefined;
  return (await engine.registry.version(version))?.facts as VersionFacts | undefined;
}

/** Asks a source for what a condition over a dataset measures: `validate` requirements and `drift` causes. */
export async function observeData(
  engine: Engine,
  test: Test,
  champion: VersionFacts | undefined,
): Promise<Observation> {
  const now = engine.clock.now();
  if (test.kind === "schema") {
    const dataset = datasetOf(engine, test.dataset);
    return engine.source.schema(dataset, currentWindow(dataset, now), now);
  }
  if (test.kind !== "threshold" && test.kind !== "range")
    throw new Error(`a ${test.kind} test is no condition over rows of a dataset`);
  const { measure } = test;
  if (measure.kind === "data") {
    const dataset = datasetOf(engine, measure.dataset);
    const windows = driftWindows(dataset, champion?.windows[dataset.name]?.trainingEnd, now);
    const reference = "kind" in windows ? undefined : windows.reference;
    return engine.source.measure(dataset, measure, currentWindow(dataset, now), now, reference);
  }
  if (measure.kind !== "drift") throw new Error(`${measure.kind} is no measure over rows of a dataset`);
  const dataset = datasetOf(engine, measure.dataset);
  const windows = driftWindows(dataset, champion?.windows[dataset.name]?.trainingEnd, now);
  if ("kind" in windows) return windows;
  return engine.source.bins(dataset, measure, windows.reference, windows.current, now);
}
