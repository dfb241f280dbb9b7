import type { CheckedRollout } from "../../language/semantics/checked/rollout.ts";
import type { Rollout, Stage } from "../plan/rollout.ts";
import { lowerOnInconclusive, lowerRequirements, lowerTest } from "./conditions.ts";
import type { Places } from "./places.ts";

/** The stages by which a version reaches users, and when it comes back. */
export function lowerRollout(rollout: CheckedRollout, places: Places): Rollout {
  return {
    stages: rollout.stages.map(
      ({ span, requirements, minimum, onInconclusive, ...rest }): Stage => ({
        ...rest,
        requirements: lowerRequirements(requirements, places),
        ...(minimum === undefined ? {} : { minimum: { ...minimum } }),
        ...(onInconclusive === undefined ? {} : { onInconclusive: lowerOnInconclusive(onInconclusive) }),
        place: places(span),
      }),
    ),
    rollbackWhen: rollout.rollbackWhen.map(({ span, test, ...rest }) => ({
      ...rest,
      place: places(span),
      test: lowerTest(test),
    })),
    onInconclusive: lowerOnInconclusive(rollout.onInconclusive),
    place: places(rollout.span),
  };
}
