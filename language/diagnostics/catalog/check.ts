import { error, info } from "./entry.ts";

/** About the check itself. */
export const check = {
  "check/not-checked-yet": info(
    (p: { what: string }) => `${p.what} is read but not checked yet`,
    () =>
      "Nothing is known to be wrong here, and nothing is known to be right. The policy cannot be compiled while this stands in it.",
  ),
  "check/cannot-compile-yet": error(
    (p: { policy: string; what: string }) => `\`${p.policy}\` cannot be compiled: ${p.what} is not checked yet`,
    () => "A plan is only written for a policy that was checked as a whole. Take this part out to compile the rest.",
  ),
  "check/too-many": info(
    (p: { left: number }) => `${p.left} more ${p.left === 1 ? "diagnostic is" : "diagnostics are"} not shown`,
    () => "Settle the first ones and check again: later ones often follow from earlier ones.",
  ),
} as const;
