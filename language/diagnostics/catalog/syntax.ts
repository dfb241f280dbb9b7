import { error } from "./entry.ts";

/** Text that is not a policy: what the lexer and the parser say. */
export const syntax = {
  "syntax/expected": error((p: { expected: string; found: string }) => `expected ${p.expected}, found ${p.found}`),
} as const;
