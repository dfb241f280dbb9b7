import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Baseline } from "../../language/diagnostics/baseline/baseline.ts";
import { baselineFile } from "../../language/diagnostics/baseline/file-name.ts";
import { createSource, type Source } from "../../language/text/source.ts";
import { BaselineSchema } from "./baseline-schema.ts";
import { Failure } from "./failure.ts";
import { readText } from "./project.ts";

/** The baseline of a project with its text; nothing where there is none. Throws Failure (`usage`) for a broken one. */
export function readBaseline(root: string): { readonly baseline: Baseline; readonly source: Source } | undefined {
  const path = join(root, baselineFile);
  if (!existsSync(path)) return undefined;
  const text = readText(path, baselineFile);
  const fail = (why: string): Failure =>
    new Failure(
      "usage",
      "usage/broken-baseline",
      `${baselineFile} is no baseline: ${why}`,
      "Write it again with `retrain check --write-baseline`, or delete it.",
    );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw fail("it is not JSON");
  }
  const read = BaselineSchema.safeParse(value);
  if (read.success) return { baseline: read.data, source: createSource(baselineFile, text) };
  const [issue] = read.error.issues;
  throw fail(`${issue?.path.join(".") ?? ""}: ${issue?.message ?? "wrong"}`.replace(/^: /, ""));
}
