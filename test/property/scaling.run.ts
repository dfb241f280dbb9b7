import { measureSlopes } from "../support/scaling.ts";

/** Prints the slopes of time against length as JSON, by phase and shape; the argument is the goal. */
console.log(JSON.stringify(Object.fromEntries(measureSlopes(Number(process.argv[2])))));
