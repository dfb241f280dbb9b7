/** What a chapter may do to the steps of the rehearsal: the file `options.json` in the policy's folder. */
export interface Options {
  /** `weak`: a model that knows nothing; `brittle`: one that throws for a region it has not seen; the others break the step itself. */
  readonly train: "well" | "weak" | "brittle" | "hang" | "nothing" | "garbage" | "fail";
  readonly evaluate: "well" | "nothing" | "garbage";
  /** Milliseconds that a step waits before it ends, so that there is a moment to kill it in. */
  readonly pause: number;
}

export const WELL: Options = { train: "well", evaluate: "well", pause: 100 };
