import type { Target } from "../target.ts";
import { capabilities, variants } from "./capabilities.ts";
import { check } from "./check.ts";
import { emit } from "./emit.ts";

/** Kubeflow Pipelines 2: two pipelines and how often the second of them runs. */
export const kfp: Target = { name: "kfp", capabilities, variants, check, emit };
