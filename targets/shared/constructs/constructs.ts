import { conditions } from "./conditions.ts";
import type { Construct } from "./construct.ts";
import { environment } from "./environment.ts";
import { rollout } from "./rollout.ts";
import { steps } from "./steps.ts";
import { triggers } from "./triggers.ts";

const all = { ...triggers, ...steps, ...conditions, ...rollout, ...environment } as const;

/** Name of a row of the capability table. */
export type ConstructId = keyof typeof all;

/** Every row of the capability table, in the order in which it is shown. */
export const constructs: Readonly<Record<ConstructId, Construct>> = all;

export const constructIds = Object.keys(all) as ConstructId[];
