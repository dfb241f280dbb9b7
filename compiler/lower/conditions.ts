import type {
  CheckedOnInconclusive,
  CheckedProgram,
  CheckedRequirement,
  CheckedRequirementItem,
  CheckedTest,
} from "../../language/semantics/checked/condition.ts";
import type { Measure as CheckedMeasure } from "../../language/semantics/checked/measure.ts";
import type { OnInconclusive, Program, Requirement, RequirementGroup, Test } from "../plan/condition.ts";
import type { Measure } from "../plan/measure.ts";
import type { Places } from "./places.ts";

function lowerMeasure(measure: CheckedMeasure): Measure {
  switch (measure.kind) {
    case "data":
    case "share_drifted":
    case "fairness":
      return { ...measure, columns: [...measure.columns] };
    case "prometheus":
      return { ...measure, form: { ...measure.form } };
    default:
      return measure;
  }
}

export function lowerTest(test: CheckedTest): Test {
  switch (test.kind) {
    case "schema":
      return { ...test };
    case "comparison":
      return { ...test, left: lowerMeasure(test.left), right: lowerMeasure(test.right), margin: { ...test.margin } };
    case "change":
      return { ...test, measure: lowerMeasure(test.measure), margin: { ...test.margin } };
    default:
      return { ...test, measure: lowerMeasure(test.measure) };
  }
}

function lowerRequirement(requirement: CheckedRequirement, places: Places): Requirement {
  const { span, test, minimum, pool, exclude, ...rest } = requirement;
  return {
    ...rest,
    place: places(span),
    test: lowerTest(test),
    ...(minimum === undefined ? {} : { minimum: { ...minimum } }),
    ...(pool === undefined ? {} : { pool: { ...pool } }),
    ...(exclude === undefined ? {} : { exclude: exclude.map((one) => ({ ...one })) }),
  };
}

export function lowerRequirements(
  items: readonly CheckedRequirementItem[],
  places: Places,
): (Requirement | RequirementGroup)[] {
  return items.map((item) => {
    if (item.kind === "requirement") return lowerRequirement(item, places);
    const { span, members, ...rest } = item;
    return { ...rest, members: members.map((member) => lowerRequirement(member, places)), place: places(span) };
  });
}

export function lowerOnInconclusive(action: CheckedOnInconclusive): OnInconclusive {
  return { ...action };
}

export function lowerProgram(program: CheckedProgram, places: Places): Program {
  return {
    id: program.id,
    requirements: lowerRequirements(program.requirements, places),
    onInconclusive: lowerOnInconclusive(program.onInconclusive),
    observeOnly: program.observeOnly,
    place: places(program.span),
  };
}
