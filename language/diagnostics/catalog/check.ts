import { info } from "./entry.ts";

/** About the check itself. */
export const check = {
  "check/too-many": info(
    (p: { left: number }) => `${p.left} more ${p.left === 1 ? "diagnostic is" : "diagnostics are"} not shown`,
    () => "Settle the first ones and check again: later ones often follow from earlier ones.",
  ),
} as const;
