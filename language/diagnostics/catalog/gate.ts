import { error, warning } from "./entry.ts";

/** Gates and the requirements of gates, stages and `validate`. */
export const gate = {
  "gate/never-reads-challenger": error(
    (p: { gate: string }) => `${p.gate} never looks at the challenger`,
    () => "A gate decides whether the newly trained version may go on. Require something of `challenger`.",
  ),
  "gate/sides-swapped": error(
    (p: { left: string; right: string }) =>
      `\`${p.left}\` is judged against \`${p.right}\`, which is the wrong way round`,
    () => "What is judged stands first: the challenger.",
  ),
  "gate/comparison-without-margin": error(
    (p: { left: string; right: string }) => `\`${p.left}\` and \`${p.right}\` are compared without a margin`,
    () =>
      "Two estimates of equal models differ by chance, so this passes half of the time. Say how much worse is still good enough.",
  ),
  "gate/always-holds": error(
    (p: { condition: string; measure: string }) => `\`${p.condition}\` always holds`,
    (p) => `The limit is the end of the range of \`${p.measure}\`, so this requires nothing.`,
  ),
  "gate/never-holds": error(
    (p: { condition: string; measure: string }) => `\`${p.condition}\` can never hold`,
    (p) => `The limit is the end of the range of \`${p.measure}\`.`,
  ),
  "gate/contradiction": error(
    (p: { first: string; second: string }) => `\`${p.second}\` cannot hold together with \`${p.first}\``,
    () => "No value satisfies both, so nothing would ever pass.",
  ),
  "gate/cannot-conclude": error(
    (p: { what: string; needed: string; available: string }) =>
      `${p.what} needs ${p.needed} and can expect at most ${p.available}`,
    (p: { what: string; needed: string; available: string; sum: string }) =>
      `Expected are ${p.sum} of the holdout. Hold out more rows, or ask for fewer.`,
  ),
  "gate/group-count": error(
    (p: { wanted: string; members: number }) => `at least ${p.wanted} of ${p.members} cannot be judged`,
    (p) => `Write a whole number from 1 to ${p.members}.`,
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
      `${p.gate} compares it with the champion only, so many small losses add up. Add a floor that does not move with the champion, such as \`require ${p.measure} >= ...\`.`,
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
} as const;
