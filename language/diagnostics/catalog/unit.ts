import { error } from "./entry.ts";

/** Quantities that cannot stand where they stand. */
export const unit = {
  "unit/wrong-kind": error(
    (p: { place: string; wanted: string; found: string }) => `${p.place} takes ${p.wanted}, not ${p.found}`,
    (p: { place: string; wanted: string; found: string; example?: string }) =>
      p.example === undefined
        ? "Every quantity carries its unit, and each place takes one kind."
        : `Write it like \`${p.example}\`.`,
  ),
  "unit/out-of-range": error(
    (p: { place: string; written: string; range: string }) => `${p.place} must be ${p.range}, not ${p.written}`,
    (p) => `Write a value that is ${p.range}.`,
  ),
  "unit/bare-percent-margin": error((p: { written: string }) => `a margin of ${p.written} can be read in two ways`),
  "unit/margin": error(
    (p: { measure: string; unit: string; written: string; wanted: string }) =>
      `the margin ${p.written} does not fit \`${p.measure}\`, which is ${p.unit}`,
    (p) => `A margin here is ${p.wanted}.`,
  ),
  "unit/negative-margin": error(
    (p: { written: string }) => `a margin is never negative: ${p.written}`,
    () =>
      "The direction is in the words (`not worse than`, `better than`, `drops`, `rises`); the margin only says how far.",
  ),
  "unit/points-as-level": error(
    (p: { written: string; measure: string }) =>
      `${p.written} is a difference, and \`${p.measure}\` is compared with a level`,
    (p: { written: string; measure: string; percent: string }) =>
      `Points (pp) measure the distance between two ratios. A level is written \`${p.percent}\`.`,
  ),
  "unit/limit": error(
    (p: { measure: string; unit: string; written: string; found: string }) =>
      `\`${p.measure}\` is ${p.unit}, and ${p.written} is ${p.found}`,
    (p: { measure: string; unit: string; written: string; found: string; wanted: string }) =>
      `Compare it with ${p.wanted}.`,
  ),
} as const;
