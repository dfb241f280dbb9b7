import { measureSlopes } from "../support/scaling.ts";

/** Prints, for lexer, parser, checker and formatter and for texts of several shapes, the slope of time against length. */
const goal = 1.15;
const slopes = measureSlopes(goal);
for (const [name, slope] of slopes) {
  console.log(`slope of the ${name}: ${slope.toFixed(2)} (goal ${goal}) ${slope <= goal ? "met" : "MISSED"}`);
}
process.exitCode = Math.max(...slopes.values()) > goal ? 1 : 0;
