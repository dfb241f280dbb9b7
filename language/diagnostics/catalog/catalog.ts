import { check } from "./check.ts";
import type { Entry } from "./entry.ts";
import { syntax } from "./syntax.ts";

/** Every diagnostic there is, by code `area/name`. Each code has a page `docs/diagnostics/AREA/NAME.md`. */
export const catalog = { ...syntax, ...check } as const;

export type Code = keyof typeof catalog;

/** The parameters that the texts of a code need. */
export type ParametersOf<C extends Code> = (typeof catalog)[C] extends Entry<infer Parameters> ? Parameters : never;
