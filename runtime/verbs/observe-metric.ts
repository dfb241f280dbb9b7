import type { Engine } from "../engine/engine.ts";
import type { Need } from "../judge/needs.ts";
import type { Observation } from "../judge/observation.ts";
import type { LookRequest } from "../rollout/observe.ts";
import type { ServedVersion } from "../sources/metrics.ts";

type MetricNeed = Extract<Need, { kind: "metric" }>;

/** Asks the store of live metrics about one version or both, over the time since `from` (epoch milliseconds). */
export async function observeMetric(
  engine: Pick<Engine, "metrics">,
  request: Pick<LookRequest, "now" | "challenger" | "champion">,
  { measure, other }: MetricNeed,
  from: number,
): Promise<Observation> {
  if (engine.metrics === undefined)
    return { kind: "unanswered", reason: "source_rejected", detail: "the environment names no store of live metrics" };
  const parties = [measure.party, other?.party];
  const sides: { challenger?: ServedVersion; champion?: ServedVersion } = {};
  for (const party of ["challenger", "champion"] as const) {
    if (!parties.includes(party)) continue;
    const version = request[party];
    if (version === null)
      return { kind: "unanswered", reason: "no_champion", detail: "there is no champion to be observed" };
    // The local model server has no revisions of its own: there, a version is its own revision.
    sides[party] = { version, revision: version };
  }
  return engine.metrics.observe(measure, { at: request.now, window: request.now - from, ...sides });
}
