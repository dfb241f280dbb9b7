import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const folder = join(import.meta.dirname, "../../conformance/traces");

/** What happens once a line of the trace has been seen. */
const Act = z.strictObject({
  /** A line of the trace, or its beginning. */
  when: z.string(),
  do: z.enum([
    "strange requests",
    "usual requests",
    "no requests",
    "approve",
    "deny",
    "hold",
    "resume",
    "roll back",
    "kill",
    "ledger away",
    "compile again",
    "tick",
  ]),
  /** `tick`: the instant to which the clock is put before it. */
  at: z.string().optional(),
  /** `kill`: the node whose process is killed. */
  node: z.string().optional(),
});
export type Act = z.infer<typeof Act>;

const Chapter = z.strictObject({
  /** How the author's steps behave; see test/engines/flights. */
  train: z.enum(["well", "weak", "brittle", "crash", "fail", "nothing", "hang"]).default("well"),
  evaluate: z.enum(["well", "slice", "few", "nothing"]).default("well"),
  /** A person orders a run, for this reason, and it is carried out. */
  order: z.string().optional(),
  /** The clock goes on to this instant, or for so many minutes (`+30m`), through every tick that is due; runs that are started are carried out. */
  until: z.string().optional(),
  /** A person types `retrain WORDS`. */
  say: z.array(z.string()).optional(),
  /** Flights between two instants are asked for as they depart, under their own keys, so that their labels tell later how good the answers were. */
  replay: z.tuple([z.string(), z.string()]).optional(),
  /** How many ticks come at once where one is due. */
  ticks: z.int().positive().default(1),
  acts: z.array(Act).default([]),
});
export type Chapter = z.infer<typeof Chapter>;

const Line = z.union([
  z.string(),
  z.strictObject({
    block: z.string(),
    run: z.int(),
    version: z.int().optional(),
    champion: z.string().optional(),
    attempt: z.int().optional(),
    by: z.string().optional(),
    word: z.string().optional(),
  }),
]);

const Story = z.strictObject({
  story: z.string(),
  policy: z.enum(["flights", "flights_approved"]).default("flights"),
  shape: z.enum(["usual", "drifted", "turned", "nulls", "young"]).default("usual"),
  chapters: z.array(Chapter).min(1),
  /** Ways of carrying out in which it cannot be told, and why. */
  notOn: z.partialRecord(z.enum(["local", "steps", "kfp", "airflow3", "airflow2", "argo"]), z.string()).default({}),
  expect: z.array(Line),
});

export interface Story extends Omit<z.infer<typeof Story>, "expect"> {
  readonly name: string;
  /** The trace that follows from the policy, written by thinking. */
  readonly expect: readonly string[];
}

const Blocks = z.record(z.string(), z.array(z.string()));

/** Every story of test/conformance/traces, by name. */
export function readStories(): readonly Story[] {
  const blocks = Blocks.parse(JSON.parse(readFileSync(join(folder, "blocks.json"), "utf8")));
  const files = readdirSync(folder).filter((file) => file.endsWith(".json") && file !== "blocks.json");
  return files.sort().map((file) => {
    const story = Story.parse(JSON.parse(readFileSync(join(folder, file), "utf8")));
    return {
      ...story,
      name: file.replace(/\.json$/, ""),
      expect: story.expect.flatMap((line) => linesOf(line, blocks)),
    };
  });
}

/** A block with its placeholders `{run}`, `{version}`, `{champion}`, ... filled in. */
function linesOf(line: z.infer<typeof Line>, blocks: z.infer<typeof Blocks>): readonly string[] {
  if (typeof line === "string") return [line];
  const { block, ...given } = line;
  const values: Readonly<Record<string, string | number | undefined>> = {
    attempt: 1,
    by: "by hand",
    champion: "none",
    ...given,
  };
  const lines = blocks[block];
  if (lines === undefined) throw new Error(`no block ${block}`);
  return lines.map((text) =>
    text.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name];
      if (value === undefined) throw new Error(`block ${block} needs ${name}`);
      return String(value);
    }),
  );
}
