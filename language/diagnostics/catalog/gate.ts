import { error, info, warning } from "./entry.ts";
import { oneOf } from "./name.ts";

/** Gates and the requirements of gates, stages and `validate`. */
export const gate = {
  "gate/never-reads-challenger": error(
    (p: { gate: string }) => `${p.gate} never looks at the challenger`,
    () => "A gate decides whether the newly trained version may go on. Require something of `challenger`.",
  ),
  "gate/sides-swapped": error(
    (p: { left: string; right: string }) =>
      `\`${p.left}\` is judged against \`${p.right}\`, which is the wrong way round`,
    () => "What is judged stands first: the challenger. The other way round a bad one passes.",
  ),
  "gate/comparison-without-margin": error(
    (p: { left: string; right: string }) => `\`${p.left}\` and \`${p.right}\` are compared without a margin`,
    () =>
      "Two estimates of equal models differ by chance, so this passes half of the time. Say how much worse is still good enough.",
  ),
  "gate/always-holds": error(
    (p: { condition: string; measure: string }) => `\`${p.condition}\` always holds`,
    (p) =>
      `The limit is the end of the range of \`${p.measure}\`, so this requires nothing. Write a limit inside the range, or remove the line.`,
  ),
  "gate/never-holds": error(
    (p: { condition: string; measure: string }) => `\`${p.condition}\` can never hold`,
    (p) =>
      `The limit is the end of the range of \`${p.measure}\`, so every run would be refused. Write a limit inside the range.`,
  ),
  "gate/contradiction": error(
    (p: { first: string; second: string }) => `\`${p.second}\` cannot hold together with \`${p.first}\``,
    () => "No value satisfies both, so nothing would ever pass. Correct one of the two limits.",
  ),
  "gate/cannot-conclude": error(
    (p: { what: string; needed: string; available: string }) =>
      `${p.what} needs ${p.needed} and can expect at most ${p.available}`,
    (p: { what: string; needed: string; available: string; sum: string; why: string; holdout: string }) =>
      `${p.why} Expected are ${p.sum} of the holdout. Hold out ${p.holdout}, or ask for less.`,
  ),
  "gate/group-count": error(
    (p: { wanted: string; members: number }) => `at least ${p.wanted} of ${p.members} cannot be judged`,
    (p) =>
      `The group has ${p.members} ${p.members === 1 ? "member" : "members"}. Write a whole number from 1 to ${p.members}.`,
  ),
  "gate/wrong-level": error(
    (p: { written: string; place: string; right: string }) => `\`${p.written}\` does not stand in ${p.place}`,
    (p) => `What is recorded and does not decide is called \`${p.right}\` there.`,
  ),
  "gate/no-confidence": warning(
    (p: { gate: string }) => `no requirement of ${p.gate} says how sure it must be`,
    () =>
      "Without a confidence level the estimate itself is compared, and chance decides the close cases. Add `at 95% confidence`.",
  ),
  "gate/slide": warning(
    (p: { measure: string; gate: string }) => `\`${p.measure}\` may get worse a little with every run`,
    (p) =>
      `The champion is all that it is compared with in ${p.gate}, so many small losses add up. Add a floor that does not move with the champion, such as \`require ${p.measure} >= ...\`.`,
  ),
  "gate/superiority-on-schedule": warning(
    (p: { measure: string }) => `a scheduled run must be better by \`${p.measure}\` on nearly the same rows`,
    () =>
      "A model retrained on a schedule is rarely better than the last one, only fresher. `better than` here will refuse most runs; `not worse than` keeps the model fresh.",
  ),
  "gate/first-model-unjudged": warning(
    (p: { gate: string }) => `${p.gate} only compares with the champion, and the first model has none`,
    () =>
      "Nothing would be asked of the first model. Add a requirement that needs no champion, such as `challenger.auc >= ...`.",
  ),
  "gate/unknown-group": error(
    (p: { group: string; column: string; suggestion: string | undefined }) =>
      `\`${p.column}\` has no group \`${p.group}\`${p.suggestion === undefined ? "" : `, did you mean \`${p.suggestion}\`?`}`,
    (p: { group: string; column: string; suggestion: string | undefined; groups: readonly string[] }) =>
      `Its declaration lists ${oneOf(p.groups)}.`,
  ),
  "gate/exclude-without-reason": error(
    (p: { group: string }) => `nothing says why \`${p.group}\` is not judged`,
    () =>
      "Leaving a group of people out of a fairness test is a decision that somebody must be able to read and question. Write the reason as a sentence.",
  ),
  "gate/excludes-privileged": error(
    (p: { group: string }) => `\`${p.group}\` is left out and is what the others are compared with`,
    () =>
      "Without the privileged group there is nothing to divide by. Exclude another group or name another privileged one.",
  ),
  "gate/no-slices": error(
    (p: { measure: string; column: string; why: string }) =>
      `\`${p.measure}\` cannot be judged for each \`${p.column}\`: ${p.why}`,
    () => "A slice is a part of the rows. Judge a metric of predictions for each of its values, in a gate.",
  ),
  "gate/too-many-slices": error(
    (p: { column: string; why: string; most: number }) => `\`${p.column}\` has no slices: ${p.why}`,
    (p) =>
      `At most ${p.most} slices are judged, because each more makes a good model fail by chance more often. Take a category column.`,
  ),
  "gate/registry-number-compared": error(
    (p: { left: string; right: string }) => `\`${p.left}\` and \`${p.right}\` were measured on different rows`,
    () =>
      "The registry keeps what each version once measured. The champion's number is old: months of other data lie between the two. Compare a metric `from predictions`, for which both are scored on the same rows.",
  ),
  "gate/needs-standard-error": warning(
    (p: { measure: string; key: string }) =>
      `\`${p.measure}\` can only be compared if the evaluate step reports its standard error`,
    (p) =>
      `Write \`"${p.key}": { "value": ..., "n": ..., "se": ... }\` for both versions into the metrics file. Without \`se\` this requirement can never pass.`,
  ),
  "gate/proceed-without-reason": error(
    () => "nothing says why an answer may be missing here",
    () =>
      "`proceed` lets a model through that nobody could judge. Whoever reads the policy must find out why that is right: write a sentence.",
  ),
  "gate/count-unknown": warning(
    (p: { what: string; needed: string }) => `${p.what} needs ${p.needed}`,
    (p: { what: string; needed: string; why: string; dataset: string; of: string }) =>
      `${p.why} Whether the holdout has that many is not known. Say in dataset \`${p.dataset}\` how many come, for example \`expect 10_000 ${p.of} per 1d\`.`,
  ),
  "gate/one-sided-impact": warning(
    (p: { text: string }) => `\`${p.text}\` looks at one direction only`,
    () =>
      "Three times the rate of the privileged group would pass as well. Four fifths in both directions is `in 0.8..1.25`.",
  ),
  "gate/rows-of-a-fair-model": info(
    (p: { text: string; rows: string; noun: string }) =>
      `a fair model passes \`${p.text}\` in nine of ten runs with ${p.rows} ${p.noun} in every group`,
    (p: { text: string; rows: string; noun: string; groups: number; known: boolean; column: string; rate: string }) =>
      `Counted for ${p.groups} groups and a rate of ${p.rate}.${
        p.known ? "" : ` How many groups \`${p.column}\` has is not known: declare it \`category one of [...]\`.`
      } With fewer rows the largest difference between groups is large by chance.`,
  ),
  "gate/slices-rarely-pass": warning(
    (p: { slices: number; column: string; share: string }) =>
      `an equally good challenger passes in ${p.share} of the runs: it must hold in each of ${p.slices} slices`,
    (p) =>
      `Counted with a chance of 80% in each \`${p.column}\`. Take a wider margin there, hold out more rows, or judge fewer slices.`,
  ),
  "gate/implied": warning(
    (p: { weaker: string; stricter: string }) => `\`${p.weaker}\` holds whenever \`${p.stricter}\` does`,
    () => "It decides nothing, and a reader takes it for the rule. Remove the weaker one.",
  ),
} as const;
