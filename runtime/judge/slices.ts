import type { Requirement, Test } from "../../compiler/plan/condition.ts";
import { type Evaluation, isNoAnswer, type NoAnswer, unknown } from "./answer.ts";
import type { Context, Qualifiers } from "./context.ts";
import { evaluate } from "./evaluate.ts";
import { groupLabel, groupLike, groupRows, mostGroups } from "./groups.ts";
import type { Arms, Observation } from "./observation.ts";
import { subset } from "./subset.ts";

export interface SliceEvaluation extends Evaluation {
  readonly slice: string;
}

/**
 * `for each COLUMN: R`. True where R is true in every slice. False where it is false in some slice: without confidence by its point, with confidence
 * at Holm's level over all slices. Otherwise unknown; a slice with too few rows is unknown and never left out.
 */
export function evaluateSlices(
  requirement: Requirement,
  column: string,
  observation: Observation,
  context: Context,
  qualifiers: Qualifiers,
): Evaluation & { readonly slices?: readonly SliceEvaluation[] } {
  const name = `for each ${column}`;
  if (observation.kind === "unanswered") return unknown(name, observation);
  const parts = partsOf(column, observation, qualifiers);
  if (isNoAnswer(parts)) return unknown(name, parts);
  const answer = (test: Test, part: Part) => evaluate(test, part.observation, context, qualifiers, part.slice);
  let slices: SliceEvaluation[] = parts.map((part) => ({ ...answer(requirement.test, part), slice: part.slice }));
  const confidence = "confidence" in requirement.test ? requirement.test.confidence : undefined;
  if (confidence !== undefined) {
    const rejected = holmRejected(slices, 1 - confidence, (index, alpha) => {
      const part = parts[index];
      return part !== undefined && answer(atLevel(requirement.test, 1 - alpha), part).truth === false;
    });
    slices = slices.map((one, index) =>
      one.truth === false && !rejected.has(index)
        ? {
            ...one,
            truth: undefined,
            reason: "ci_straddles" as const,
            sentence: `${one.sentence} (not certain among ${parts.length} slices)`,
          }
        : one,
    );
  }
  return { ...combined(column, slices), slices };
}

interface Part {
  readonly slice: string;
  readonly observation: Observation;
}

/** The slices of rows, or those that a source measured one by one. */
function partsOf(column: string, observation: Observation, qualifiers: Qualifiers): readonly Part[] | NoAnswer {
  if (observation.kind === "slices") {
    const { slices } = observation;
    if (slices.length === 0) return { reason: "no_data", detail: "there are no rows", n: 0 };
    if (slices.length > mostGroups) {
      return { reason: "schema_mismatch", detail: `${slices.length} groups are more than ${mostGroups}` };
    }
    return slices;
  }
  if (observation.kind === "arms") return armParts(column, observation, qualifiers);
  if (observation.kind !== "rows") {
    return { reason: "schema_mismatch", detail: `an observation of kind "${observation.kind}" has no slices` };
  }
  const grouped = groupRows(observation, [column], qualifiers);
  if (isNoAnswer(grouped)) return grouped;
  const { names, of, rows } = grouped;
  return names.map((slice) => ({ slice, observation: subset(rows, (row) => of[row] === slice) }));
}

/** Slices of two versions' own rows, by the groups of the challenger's; a slice that one of them lacks has no rows there. */
function armParts(column: string, { challenger, champion }: Arms, qualifiers: Qualifiers): readonly Part[] | NoAnswer {
  if (challenger.kind === "unanswered") return challenger;
  if (champion.kind === "unanswered") return champion;
  const first = groupRows(challenger, [column], qualifiers);
  if (isNoAnswer(first)) return first;
  const second = groupLike(champion, [column], qualifiers, first);
  if (isNoAnswer(second)) return second;
  return [...new Set([...first.names, ...second.names])].sort().map((slice) => ({
    slice,
    observation: {
      kind: "arms",
      challenger: subset(first.rows, (row) => first.of[row] === slice),
      champion: subset(second.rows, (row) => second.of[row] === slice),
    },
  }));
}

/** Holm's step-down: which slices fail at alpha/(k - rejected so far). Only those that fail at alpha can. */
function holmRejected(
  slices: readonly Evaluation[],
  alpha: number,
  failsAt: (index: number, alpha: number) => boolean,
): Set<number> {
  const rejected = new Set<number>();
  for (;;) {
    const level = alpha / (slices.length - rejected.size);
    const more = slices.flatMap((one, index) =>
      one.truth === false && !rejected.has(index) && failsAt(index, level) ? [index] : [],
    );
    if (more.length === 0) return rejected;
    for (const index of more) rejected.add(index);
  }
}

function atLevel(test: Test, confidence: number): Test {
  return test.kind === "schema" ? test : { ...test, confidence };
}

function combined(column: string, slices: readonly SliceEvaluation[]): Evaluation {
  const failed = slices.filter((one) => one.truth === false);
  const open = slices.filter((one) => one.truth === undefined);
  const worst = failed[0] ?? open[0] ?? lowest(slices);
  const told = worst === undefined ? "" : `; ${column} ${groupLabel(worst.slice)}: ${worst.sentence}`;
  const held = slices.length - failed.length - open.length;
  const counts = `It holds in ${held} of ${slices.length} slices by ${column}`;
  const truth = failed.length > 0 ? false : open.length > 0 ? undefined : true;
  const { estimate, interval, bound, unit, n, method, flip } = worst ?? {};
  return {
    truth,
    ...(truth === undefined ? { reason: open[0]?.reason ?? ("ci_straddles" as const) } : {}),
    sentence: `${counts}${told}`,
    ...(estimate === undefined ? {} : { estimate }),
    ...(interval === undefined ? {} : { interval }),
    ...(bound === undefined ? {} : { bound }),
    ...(unit === undefined ? {} : { unit }),
    ...(n === undefined ? {} : { n }),
    ...(method === undefined ? {} : { method }),
    ...(flip === undefined ? {} : { flip }),
  };
}

/** The slice nearest to its limit, which a reader wants to see of those that hold. */
function lowest(slices: readonly SliceEvaluation[]): SliceEvaluation | undefined {
  const distance = ({ estimate, bound }: Evaluation) => Math.abs((estimate ?? 0) - (bound ?? 0));
  return slices.toSorted((a, b) => distance(a) - distance(b))[0];
}
