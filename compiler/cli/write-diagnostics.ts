import { resolve } from "node:path";
import { renderCompact } from "../../language/diagnostics/render/compact.ts";
import { renderJson } from "../../language/diagnostics/render/json.ts";
import { renderPretty } from "../../language/diagnostics/render/pretty.ts";
import { capped } from "../../language/semantics/check.ts";
import type { Shown } from "./findings.ts";
import type { Output } from "./outputs.ts";
import type { Session } from "./session.ts";

/** Writes diagnostics, at most `limit`, in one format to standard output or, whole, to a file. Rejects with FileError. */
export async function writeDiagnostics(session: Session, shown: Shown, output: Output, limit: number): Promise<void> {
  const text = render(session, shown, output, limit);
  if (output.file === undefined) {
    process.stdout.write(text);
    return;
  }
  const { writeWhole } = await import("../../runtime/files/whole.ts");
  await writeWhole(resolve(session.folder, output.file), text);
}

function render(session: Session, { diagnostics, sources }: Shown, { format, file }: Output, limit: number): string {
  const kept = capped(diagnostics, limit);
  if (format === "json") return renderJson(kept, sources);
  if (format === "compact") return renderCompact(kept, sources);
  if (kept.length === 0) return "";
  const colour = file === undefined && session.color;
  return `${renderPretty(kept, sources, { colour, columns: file === undefined ? session.columns : 80 })}\n`;
}
