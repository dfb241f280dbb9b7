import { z } from "zod";
import { Milliseconds, Place } from "./common.ts";

const Retry = z.strictObject({
  /** Further attempts after the first. */
  times: z.int().nonnegative(),
  /** Wait before the first and longest wait before a later further attempt, milliseconds; doubles in between. */
  first: Milliseconds,
  longest: Milliseconds,
});

/** The author's own step: a process started from an argument array, never through a shell. */
export const Step = z.strictObject({
  image: z.string().optional(),
  /** `${D.uri}` and the other run-time substitutions stand in it as written; they are replaced by values when it starts. */
  command: z.array(z.string()).min(1),
  env: z.record(z.string(), z.string()),
  /** Name of the variable to where its secret is kept, `secret/key`; never the secret. */
  secrets: z.record(z.string(), z.string()),
  resources: z.record(z.string(), z.number()),
  timeout: Milliseconds,
  retry: Retry,
  spot: z.boolean(),
  workers: z.int().positive(),
});
export type Step = z.infer<typeof Step>;

/** Verbs of the runtime, one per kind of deciding node. */
export const Verb = z.enum(["snapshot", "validate", "gate", "register", "stage", "rollback", "notify"]);
export type Verb = z.infer<typeof Verb>;

const head = { id: z.string(), place: Place, timeout: Milliseconds };

/** A node of the retrain graph: either a verb of the runtime with the thing it is about (a dataset, a gate, a stage), or the author's step. */
export const Node = z.discriminatedUnion("kind", [
  z.strictObject({ ...head, kind: z.literal("verb"), verb: Verb, subject: z.string().optional() }),
  z.strictObject({ ...head, kind: z.literal("step"), name: z.enum(["train", "evaluate"]), step: Step }),
]);
export type Node = z.infer<typeof Node>;

/** `to` starts when `from` has written `word`: nothing else is ever compared on an edge. */
export const Edge = z.strictObject({ from: z.string(), word: z.string(), to: z.string() });
export type Edge = z.infer<typeof Edge>;

/** What a run does. Nodes stand in the order of a topological sort. */
export const Graph = z.strictObject({ nodes: z.array(Node).min(1), edges: z.array(Edge) });
export type Graph = z.infer<typeof Graph>;
