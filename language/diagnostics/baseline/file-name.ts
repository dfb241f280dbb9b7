/** The name of a baseline, in the project's root. */
export const baselineFile = ".retrain-baseline.json";
