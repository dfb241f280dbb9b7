import type { Target } from "../target.ts";
import { capabilities } from "./capabilities.ts";
import { check } from "./check.ts";
import { emit } from "./emit.ts";

/** Argo Workflows: a template of runs, the monitor's tick as a CronWorkflow, and the rights of both. */
export const argo: Target = { name: "argo", capabilities, variants: [], check, emit };
