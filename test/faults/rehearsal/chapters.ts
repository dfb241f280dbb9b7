import { type Options, WELL } from "./options.ts";
import type { Rehearsal } from "./rehearsal.ts";

/** One chapter of a life: what is different in the world, and the command that lives through it. */
export interface Chapter {
  readonly name: "first model" | "promoted" | "refused" | "rolled back";
  readonly options: Options;
  readonly command: readonly string[];
  readonly before?: (life: Rehearsal) => Promise<void>;
}

const until = (instant: string): readonly string[] => ["watch", "parcels", "--until", instant];

/** A complete life: a first model, a challenger that is promoted, one that is refused, one that is rolled back in the canary. */
export const CHAPTERS: readonly Chapter[] = [
  { name: "first model", options: WELL, command: ["run", "parcels", "--because", "the first model"] },
  { name: "promoted", options: WELL, command: until("2024-03-06T00:00:00Z") },
  { name: "refused", options: { ...WELL, train: "weak" }, command: until("2024-03-07T00:00:00Z") },
  {
    name: "rolled back",
    options: { ...WELL, train: "brittle" },
    command: until("2024-03-07T16:00:00Z"),
    before: (life) => life.told("/brittle"),
  },
];
