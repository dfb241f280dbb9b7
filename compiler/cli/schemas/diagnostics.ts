import { z } from "zod";

/** A place in a text: 1-based lines and columns in UTF-16 code units, `end` exclusive, and offsets from 0. */
const TextPlace = z.strictObject({
  path: z.string().describe("from the working folder, with `/`"),
  line: z.int().positive(),
  column: z.int().positive(),
  endLine: z.int().positive(),
  endColumn: z.int().positive(),
  start: z.int().nonnegative().describe("offset in UTF-16 code units"),
  end: z.int().nonnegative().describe("offset after the last code unit"),
});

export const Diagnostics = z.array(
  z.strictObject({
    code: z.string().regex(/^[a-z]+(-[a-z]+)*\/[a-z0-9]+(-[a-z0-9]+)*$/),
    severity: z.enum(["error", "warning", "info"]),
    message: z.string(),
    place: TextPlace,
    labels: z.array(z.strictObject({ text: z.string(), place: TextPlace })).describe("second places that matter"),
    help: z.string().optional().describe("why it matters and what to do"),
    fixes: z
      .array(
        z.strictObject({
          label: z.string(),
          edits: z.array(z.strictObject({ text: z.string(), place: TextPlace })),
        }),
      )
      .describe("changes that would settle it; several offer a choice"),
  }),
);

/** `retrain check --format json`. */
export const CheckOutput = z.strictObject({ schema: z.literal("retrain.check/1"), diagnostics: Diagnostics });

/** `retrain compile --format json`. */
export const CompileOutput = z.strictObject({
  schema: z.literal("retrain.compile/1"),
  policies: z.array(z.string()).describe("names of the policies that were compiled"),
  files: z
    .array(
      z.strictObject({
        path: z.string().describe("from the working folder, with `/`"),
        state: z.enum(["new", "changed", "same"]).describe("compared with what the folder held before"),
        bytes: z.int().nonnegative(),
      }),
    )
    .describe("generated files; empty where an error stands in the way"),
  stale: z
    .array(z.string())
    .describe(
      "files of the output folder that carry our mark and are generated no more; told where everything is compiled",
    ),
  written: z.boolean().describe("whether files were written: not with --check, --dry-run or errors"),
  diagnostics: Diagnostics,
});
