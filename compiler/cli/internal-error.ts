import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Paint } from "./terminal.ts";

/** What a person reads when we made a mistake: one sentence, and where the details are kept for a report. */
export function internalError(error: unknown, argv: readonly string[], paint: Paint): string {
  const sentence = error instanceof Error ? error.message : String(error);
  const details = error instanceof Error ? (error.stack ?? sentence) : sentence;
  let kept = "";
  try {
    const file = join(mkdtempSync(join(tmpdir(), "retrain-error-")), "report.txt");
    writeFileSync(file, `${argv.slice(2).join(" ")}\nNode ${process.versions.node}\n\n${details}\n`);
    kept = `  Please report it with the details in ${file}\n`;
  } catch {
    kept = `  The details could not be written down: ${details}\n`;
  }
  return `${paint("red", "internal error")}: ${sentence}\n  This is a mistake in retrain, not in your policy.\n${kept}`;
}
