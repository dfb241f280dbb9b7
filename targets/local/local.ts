import type { Target } from "../target.ts";
import { capabilities } from "./capabilities.ts";
import { check } from "./check.ts";
import { emit } from "./emit.ts";

/** This machine as an engine: a plan file that `retrain run` and `retrain watch` follow. */
export const local: Target = { name: "local", capabilities, variants: [], check, emit };
