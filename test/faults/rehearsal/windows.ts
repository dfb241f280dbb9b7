import type { Chapter } from "./chapters.ts";
import type { Seen } from "./watcher.ts";

/** A stretch of a life between two records. */
export interface Window {
  readonly name: string;
  readonly begins: (record: Seen) => boolean;
  readonly ends: (record: Seen) => boolean;
}

const ended = (node: string) => (record: Seen) => record.key.endsWith(`/${node}/ended`);
const stepStarted = (node: string) => (record: Seen) => record.key.endsWith(`/${node}/started/1`);
const phase = (name: string) => (record: Seen) => record.phase === name;

const runWindows: readonly Window[] = [
  { name: "snapshot", begins: (record) => record.kind === "run_started", ends: ended("snapshot") },
  { name: "validate", begins: ended("snapshot"), ends: ended("validate.parcels_shipped") },
  { name: "train", begins: stepStarted("train"), ends: ended("train") },
  { name: "evaluate", begins: stepStarted("evaluate"), ends: ended("evaluate") },
  { name: "gate", begins: ended("evaluate"), ends: ended("gate.offline") },
];

const registered: readonly Window[] = [{ name: "register", begins: ended("gate.offline"), ends: ended("register") }];

const staged: readonly Window[] = [
  { name: "shadow", begins: ended("register"), ends: ended("stage.shadow") },
  { name: "canary", begins: ended("stage.shadow"), ends: ended("stage.canary") },
];

const promoted: readonly Window[] = [
  { name: "full", begins: ended("stage.canary"), ends: ended("stage.full") },
  { name: "promotion", begins: phase("promoting"), ends: phase("watching") },
];

const runEnd: Window = {
  name: "end of the run",
  begins: ended("stage.full"),
  ends: (record) => record.kind === "tick",
};

/** The windows that a chapter passes. */
export const WINDOWS: Readonly<Record<Chapter["name"], readonly Window[]>> = {
  "first model": [...runWindows, ...registered, ...promoted],
  promoted: [...runWindows, ...registered, ...staged, ...promoted, runEnd],
  refused: [
    ...runWindows,
    { name: "end of the run", begins: ended("gate.offline"), ends: (record) => record.kind === "notified" },
  ],
  "rolled back": [
    ...runWindows,
    ...registered,
    ...staged,
    { name: "rollback", begins: phase("rolling_back"), ends: (record) => record.kind === "run_ended" },
  ],
};

/** How long each window of a chapter took, milliseconds: the newest life's measure. */
export function measureWindows(chapter: Chapter["name"], seen: readonly Seen[]): Map<string, number> {
  const lengths = new Map<string, number>();
  for (const { name, begins, ends } of WINDOWS[chapter]) {
    const from = seen.findIndex(begins);
    const to = seen.findIndex((record, index) => index > from && ends(record));
    const first = seen[from];
    const last = seen[to];
    if (first === undefined || last === undefined) throw new Error(`${chapter} has no window "${name}"`);
    lengths.set(name, last.seenAt - first.seenAt);
  }
  return lengths;
}
