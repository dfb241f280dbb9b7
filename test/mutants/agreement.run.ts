import { disagreements, functions } from "../conformance/stats/agreement.ts";

/** Ends with 1 where some function disagrees with its reference values, or throws. */
try {
  const red = functions.find((name) => disagreements(name).length > 0);
  process.exitCode = red === undefined ? 0 : 1;
} catch {
  process.exitCode = 1;
}
