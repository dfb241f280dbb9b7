import { resolve } from "node:path";
import type { Diagnostic } from "../../language/diagnostics/diagnostic.ts";
import { renderCompact } from "../../language/diagnostics/render/compact.ts";
import { renderJson } from "../../language/diagnostics/render/json.ts";
import { renderPretty } from "../../language/diagnostics/render/pretty.ts";
import { capped } from "../../language/semantics/check.ts";
import type { Shown } from "./findings.ts";
import type { Output } from "./outputs.ts";
import type { Session } from "./session.ts";

/** How much is written, and which diagnostics fail the check. */
interface Choice {
  readonly limit: number;
  readonly fails: (found: Diagnostic) => boolean;
}

/** Writes diagnostics, at most `limit`, in one format to standard output or, whole, to a file. Rejects with FileError. */
export async function writeDiagnostics(session: Session, shown: Shown, output: Output, choice: Choice): Promise<void> {
  const text = await render(session, shown, output, choice);
  if (output.file === undefined) {
    process.stdout.write(text);
    return;
  }
  const { writeWhole } = await import("../../runtime/files/whole.ts");
  await writeWhole(resolve(session.folder, output.file), text);
}

async function render(session: Session, shown: Shown, { format, file }: Output, choice: Choice): Promise<string> {
  const { diagnostics, sources } = shown;
  const kept = capped(diagnostics, choice.limit);
  switch (format) {
    case "json":
      return renderJson(kept, sources);
    case "compact":
      return renderCompact(kept, sources);
    case "sarif": {
      const [{ renderSarif }, { version }] = await Promise.all([
        import("../../language/diagnostics/render/sarif.ts"),
        import("./version.ts"),
      ]);
      return renderSarif(kept, sources, { version: version(), fingerprint: nameIn(shown) });
    }
    case "gitlab": {
      const { renderGitlab } = await import("../../language/diagnostics/render/gitlab.ts");
      return renderGitlab(kept, sources, nameIn(shown));
    }
    case "junit": {
      const { renderJunit } = await import("../../language/diagnostics/render/junit.ts");
      return renderJunit(kept, sources, choice.fails);
    }
    case "github":
      return annotations(session, { diagnostics: kept, sources });
    case "pretty": {
      if (kept.length === 0) return "";
      const colour = file === undefined && session.color;
      return `${renderPretty(kept, sources, { colour, columns: file === undefined ? session.columns : 80 })}\n`;
    }
  }
}

function nameIn({ diagnostics, fingerprints }: Shown): (found: Diagnostic) => string | undefined {
  const names = new Map(diagnostics.map((found, index) => [found, fingerprints?.[index]]));
  return (found) => names.get(found);
}

/** Annotations; what is in none of them is added to the step's summary, where there is one. */
async function annotations(session: Session, { diagnostics, sources }: Shown): Promise<string> {
  const { renderGithub } = await import("../../language/diagnostics/render/github.ts");
  const { annotations, summary, left } = renderGithub(diagnostics, sources);
  const file = process.env["GITHUB_STEP_SUMMARY"];
  if (summary !== "" && file !== undefined && file !== "") {
    const { appendFile } = await import("node:fs/promises");
    await appendFile(file, summary);
  } else if (left > 0) {
    session.say(`${left} more ${left === 1 ? "diagnostic has" : "diagnostics have"} no annotation`);
  }
  return annotations;
}
