import { error } from "./entry.ts";

/** What an engine cannot hold. */
export const target = {
  "target/unsupported": error(
    (p: { target: string; construct: string }) => `target \`${p.target}\` cannot hold ${p.construct}`,
    (p: { target: string; construct: string }) =>
      `The language allows ${p.construct}, but this engine has nothing that does it. Take it out, or compile for another target: \`retrain targets\` lists what each of them holds.`,
  ),
} as const;
