import type { Bindings } from "../../compiler/plan/bindings.ts";
import type { PrometheusMeasure } from "../../compiler/plan/measure.ts";
import type { Instant } from "../clock/clock.ts";
import type { Observation } from "../judge/observation.ts";

/** A version as the registry and as the model server name it. */
export interface ServedVersion {
  readonly version: string;
  readonly revision: string;
}

/** One look at a live metric: at an instant of the policy's clock, over the window that ends there. */
export interface MetricLook {
  readonly at: Instant;
  /** Milliseconds. */
  readonly window: number;
  /** The sides that are asked for. */
  readonly challenger?: ServedVersion;
  readonly champion?: ServedVersion;
}

/** A store of live metrics. */
export interface MetricSource {
  /** Answers a measure as the judge needs it: rates, buckets of a histogram, or numbers as they stand. Never rejects for what the store says. */
  observe(measure: PrometheusMeasure, look: MetricLook): Promise<Observation>;
}

/** Opens the store that an environment names; its grammar is loaded only where there is one. */
export async function openMetrics(bindings: Bindings["metrics"]): Promise<MetricSource | undefined> {
  if (bindings?.prometheus === undefined) return undefined;
  const { url, scrapeInterval } = bindings.prometheus;
  const [{ prometheusClient }, { prometheusSource }] = await Promise.all([
    import("./prometheus/client.ts"),
    import("./prometheus/source.ts"),
  ]);
  return prometheusSource(prometheusClient({ url }), scrapeInterval);
}
