import type { Bindings } from "../../compiler/plan/bindings.ts";
import { TrafficError } from "./error.ts";
import { localTraffic } from "./local.ts";
import type { Traffic } from "./traffic.ts";

/** What moves and counts the traffic of an environment's model server. Throws TrafficError (`bad_answer`) for a kind that this release cannot move. */
export function openTraffic(binding: Bindings["serving"]): Traffic {
  if (binding.kind === "local") return localTraffic({ url: binding.url });
  throw new TrafficError(
    "bad_answer",
    `this release compiles for a model server of kind \`${binding.kind}\` and cannot move its traffic yet; run the policy in an environment with a local server`,
  );
}
