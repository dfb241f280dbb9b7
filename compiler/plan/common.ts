import { z } from "zod";

/** A length of time in whole milliseconds, 0 or more. */
export const Milliseconds = z.int().nonnegative();

/** A share of one, 0 to 1 inclusive. */
export const Share = z.number().min(0).max(1);

/** Where in a policy something was written: 1-based lines and columns (UTF-16 code units), `end` exclusive. */
export const Place = z.strictObject({
  file: z.string(),
  line: z.int().positive(),
  column: z.int().positive(),
  endLine: z.int().positive(),
  endColumn: z.int().positive(),
});
export type Place = z.infer<typeof Place>;

/** What a quantity counts in. `ratio` is a part of one, `points` a difference of ratios (0.01 = 1pp), `duration` milliseconds, `size` bytes, `rate` events a second. */
export const Unit = z.enum(["ratio", "points", "number", "duration", "count", "size", "rate"]);
export type Unit = z.infer<typeof Unit>;

/** Which direction of a metric is better; `neither` for metrics that only describe, `two-sided` for ratios that should stay near one. */
export const Better = z.enum(["higher", "lower", "neither", "two-sided"]);
export type Better = z.infer<typeof Better>;
