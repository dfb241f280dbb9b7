import type { Act } from "./story.ts";

/** One way in which the tick and the runs of a policy are carried out. */
export interface Carrier {
  /** One tick of the monitor, to its end. */
  tick(): Promise<void>;
  /** A run that a tick has started, to its end; the run's name is what the tick told the engine. */
  run(run: string): Promise<void>;
  /** How some acts are done where the processes are not those of this machine. */
  readonly acts?: Partial<Record<Act["do"], (act: Act) => Promise<void>>>;
  close(): Promise<void>;
}
