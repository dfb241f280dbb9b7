import type { Requirement, Test } from "../../compiler/plan/condition.ts";
import type { Dataset } from "../../compiler/plan/dataset.ts";
import type { DriftMeasure } from "../../compiler/plan/measure.ts";
import type { Instant } from "../clock/clock.ts";
import type { Engine } from "../engine/engine.ts";
import type { DriftObservation, Observation } from "../judge/observation.ts";
import type { Slicing } from "../sources/source.ts";
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

/** How a `validate` requirement divides its rows, if it does. */
export function slicingOf({ forEach, pool, exclude }: Requirement): Slicing | undefined {
  if (forEach === undefined) return undefined;
  const groups = { column: forEach, exclude: (exclude ?? []).map(({ group }) => group) };
  return pool === undefined ? groups : { ...groups, poolUnder: pool.count };
}

/** Asks a source for what a condition over a dataset measures: `validate` requirements and `drift` causes. */
export async function observeData(
  engine: Engine,
  test: Test,
  champion: VersionFacts | undefined,
  slicing?: Slicing,
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
    const current = currentWindow(dataset, now);
    return slicing === undefined
      ? engine.source.measure(dataset, measure, current, now, reference)
      : engine.source.slices(dataset, measure, slicing, current, now, reference);
  }
  if (measure.kind === "drift") return observeDrift(engine, measure, champion, now);
  if (measure.kind !== "share_drifted") throw new Error(`${measure.kind} is no measure over rows of a dataset`);
  const { by, dataset, unit, better } = measure;
  const columns: { readonly column: string; readonly observation: DriftObservation }[] = [];
  for (const column of measure.columns) {
    const one: DriftMeasure = { kind: "drift", name: by, dataset, column, options: {}, unit, better };
    columns.push({ column, observation: await observeDrift(engine, one, champion, now) });
  }
  return { kind: "columns", columns };
}

async function observeDrift(
  engine: Engine,
  measure: DriftMeasure,
  champion: VersionFacts | undefined,
  now: Instant,
): Promise<DriftObservation> {
  const dataset = datasetOf(engine, measure.dataset);
  const windows = driftWindows(dataset, champion?.windows[dataset.name]?.trainingEnd, now);
  if ("kind" in windows) return windows;
  const { reference, current } = windows;
  if (measure.name === "mmd") return engine.source.samples(dataset, measure, reference, current, now);
  if (measure.name === "ks" || measure.name === "wasserstein")
    return engine.source.gap(dataset, measure, reference, current, now);
  return engine.source.bins(dataset, measure, reference, current, now);
}
