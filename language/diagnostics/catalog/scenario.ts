import { error, warning } from "./entry.ts";
import { oneOf } from "./name.ts";

const meant = (suggestion: string | undefined): string =>
  suggestion === undefined ? "" : `, did you mean \`${suggestion}\`?`;

/** Tests that live beside policies. */
export const scenario = {
  "scenario/unknown-policy": error(
    (p: { name: string; suggestion: string | undefined }) => `there is no policy \`${p.name}\`${meant(p.suggestion)}`,
    () => "A scenario is about one policy of the files that are checked together.",
  ),
  "scenario/unknown-subject": error(
    (p: { subject: string; name: string; policy: string; suggestion: string | undefined }) =>
      `\`${p.policy}\` has no ${p.subject} \`${p.name}\`${meant(p.suggestion)}`,
    (p: { subject: string; name: string; policy: string; suggestion: string | undefined; known: readonly string[] }) =>
      p.known.length === 0 ? `It has no ${p.subject} at all.` : `It has ${oneOf(p.known)}.`,
  ),
  "scenario/unmatched-reason": error(
    (p: { written: string; subject: string }) => `no requirement of ${p.subject} reads \`${p.written}\``,
    (p: { written: string; subject: string; suggestion: string | undefined; texts: readonly string[] }) =>
      `The reason is the text of a requirement, as the formatter writes it. ${
        p.suggestion === undefined
          ? `There is ${oneOf(p.texts.map((text) => `\`${text}\``))}.`
          : `Did you mean \`${p.suggestion}\`?`
      }`,
  ),
  "scenario/expects-nothing": error(
    (p: { title: string }) => `scenario \`${p.title}\` expects nothing`,
    () => "It could never fail, so it tests nothing. Add `expect gate NAME fails` or `expect run fires at 2h`.",
  ),
  "scenario/not-read": warning(
    (p: { text: string; policy: string }) => `no condition of \`${p.policy}\` reads \`${p.text}\``,
    () => "What the scenario says here changes nothing. Write it as the policy does, or leave it out.",
  ),
  "scenario/between-checks": error(
    (p: { at: string; check: string }) => `nothing is looked at after ${p.at}: the policy checks every ${p.check}`,
    (p) =>
      `Conditions are evaluated at multiples of \`check\`, counted from the beginning of the scenario. Write a multiple of ${p.check}.`,
  ),
  "scenario/no-such-cause": error(
    (p: { kind: string; policy: string }) => `\`${p.policy}\` has no ${p.kind} cause`,
    (p: { kind: string; policy: string; kinds: readonly string[] }) =>
      `A run cannot fire because of something that the trigger does not name. Its causes are ${oneOf(p.kinds)}.`,
  ),
  "scenario/interval-without-value": error(
    (p: { measure: string; interval: string }) =>
      `the interval ${p.interval} does not hold the value of \`${p.measure}\``,
    () =>
      "An estimate lies inside its own interval. An interval of the difference to the champion is written in points. Correct one of the two.",
  ),
} as const;
