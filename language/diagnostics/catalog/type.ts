import { error, warning } from "./entry.ts";

/** Conditions whose parts do not go together. */
export const type = {
  "type/limit-out-of-range": error(
    (p: { measure: string; written: string; range: string }) =>
      `${p.written} is outside of the range of \`${p.measure}\`, ${p.range}`,
    (p: { measure: string; written: string; range: string; hint?: string }) =>
      p.hint ?? "Write a limit inside this range.",
  ),
  "type/wrong-verb": error(
    (p: { measure: string; verb: string; better: string; right: string }) =>
      `\`${p.measure}\` getting worse means that it ${p.right}, not that it ${p.verb}`,
    (p) => `For \`${p.measure}\`, ${p.better} is better. As written, the condition would hold when the model improves.`,
  ),
  "type/wrong-side": error(
    (p: { verb: string; written: string; right: string }) =>
      `a value that ${p.verb} goes ${p.right} something, not ${p.written}`,
    (p) => `The two words contradict each other. Write \`${p.verb} ... ${p.right}\`.`,
  ),
  "type/compares-with-itself": error(
    (p: { measure: string }) => `\`${p.measure}\` is compared with itself`,
    () => "Both sides are the same number, so the answer is known beforehand. Compare `challenger` with `champion`.",
  ),
  "type/incomparable": error(
    (p: { left: string; leftUnit: string; right: string; rightUnit: string }) =>
      p.leftUnit === p.rightUnit
        ? `\`${p.left}\` and \`${p.right}\` are different metrics`
        : `\`${p.left}\` is ${p.leftUnit} and \`${p.right}\` is ${p.rightUnit}`,
    () => "A difference of two different things has no meaning. Compare the same metric of two versions.",
  ),
  "type/no-direction": error(
    (p: { measure: string }) => `\`${p.measure}\` has no better direction, so nothing can be better or worse by it`,
    () => "Give it a range instead: `in LOW..HIGH`.",
  ),
  "type/needs-version": error(
    (p: { metric: string }) => `\`${p.metric}\` of which version?`,
    (p) => `In a gate or a stage both versions have it. Write \`challenger.${p.metric}\` or \`champion.${p.metric}\`.`,
  ),
  "type/not-here": error(
    (p: { what: string; place: string }) => `${p.what} cannot stand in ${p.place}`,
    (p: { what: string; place: string; instead: string }) => p.instead,
  ),
  "type/not-a-measure": error(
    (p: { name: string; what: string }) => `\`${p.name}\` is ${p.what}, not a number that can be judged`,
    (p: { name: string; what: string; instead: string }) => p.instead,
  ),
  "type/arguments": error(
    (p: { name: string; takes: string; found: string }) => `\`${p.name}\` takes ${p.takes}, not ${p.found}`,
    (p: { name: string; takes: string; found: string; example: string }) => `Write it like \`${p.example}\`.`,
  ),
  "type/column-type": error(
    (p: { name: string; column: string; type: string; wanted: string }) =>
      `\`${p.name}\` needs ${p.wanted} column, and \`${p.column}\` is a ${p.type} column`,
    (p) => `Take a function for a ${p.type} column, or correct the type of \`${p.column}\` in the columns block.`,
  ),
  "type/column-without-range": error(
    (p: { name: string; column: string }) => `\`${p.name}\` needs to know the range of \`${p.column}\``,
    (p) => `Declare it in the columns block: \`${p.column} number in LOW..HIGH\`.`,
  ),
  "type/needs-task": error(
    (p: { metric: string; wanted: string; label: string; type: string }) =>
      `\`${p.metric}\` is for ${p.wanted}, and the label \`${p.label}\` is a ${p.type} column`,
    () =>
      "The type of the label says what the model predicts: boolean is two classes, category several classes, number or integer a quantity. Take a metric for that, or correct the type.",
  ),
  "type/baseline-only": error(
    (p: { written: string }) => `a change is measured from \`baseline\`, not from \`${p.written}\``,
    () =>
      "`baseline` is what the serving version did on the rows it was promoted on. To compare two versions, write `not worse than` in a gate or a stage.",
  ),
  "type/confidence": error(
    (p: { written: string }) => `${p.written} is not a confidence level`,
    () => "At 50% a coin decides, and 100% is never reached. Write a level between the two; `95%` is the usual one.",
  ),
  "type/qualifier": error(
    (p: { qualifier: string; why: string }) => `\`${p.qualifier}\` means nothing here: ${p.why}`,
    () => "It would be read by people and by nobody else. Remove it, or write what fits.",
  ),
  "type/metric-mismatch": error(
    (p: { name: string; written: string; right: string }) =>
      `\`${p.name}\` is declared as ${p.written}, and what it is computed from is ${p.right}`,
    () => "Leave the line out: what is built in knows its unit and its direction.",
  ),
  "type/rows-for-events": warning(
    (p: { measure: string; noun: string }) => `\`${p.measure}\` divides by ${p.noun}, and this minimum counts rows`,
    (p) => `A slice with many rows may hold few ${p.noun}. Say how many ${p.noun} are needed.`,
  ),
  "type/baseline-member": error(
    (p: { written: string; place: string }) => `\`${p.written}\` cannot be compared in ${p.place}`,
    (p: { written: string; place: string; champion: string }) =>
      `The baseline was measured on the rows of the last promotion. In a gate both versions are scored on the same rows: compare with \`${p.champion}\`. A change from the baseline is written \`drops 2pp below baseline\`, in \`decay\` and \`rollback when\`.`,
  ),
  "type/no-baseline": error(
    (p: { measure: string }) => `\`${p.measure}\` has no baseline to move away from`,
    () =>
      "A baseline is a number of the version that serves, kept from its promotion. Data and pairs are no numbers of a version: give this a limit instead.",
  ),
} as const;
