import { FileError, systemCode } from "../../files/error.ts";
import type { Reason } from "../../judge/finding.ts";
import type { Unanswered } from "../../judge/observation.ts";

/** Why a source has no answer, thrown to the one place (`answered`) that turns it into an observation. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
  readonly reason: Reason;

  constructor(reason: Reason, detail: string) {
    super(detail);
    this.reason = reason;
  }
}

export function unanswered(reason: Reason, detail: string): Unanswered {
  return { kind: "unanswered", reason, detail };
}

/** Runs `work`; whatever goes wrong becomes an `unanswered` observation about `subject`, in words. */
export async function answered<T>(subject: string, work: () => Promise<T>): Promise<T | Unanswered> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof NoAnswer) return unanswered(error.reason, error.message);
    if (error instanceof FileError) return unanswered("source_unavailable", error.message);
    const text = error instanceof Error ? error.message : String(error);
    // What is neither the engine's nor the system's word about data is a bug of ours and no answer of a source.
    if (!engineWords.test(text) && systemCode(error) === undefined) throw error;
    return engineAnswer(subject, error);
  }
}

const engineWords = /^(?!Parser|Internal|Fatal)[A-Z][A-Za-z ]+ Error: /;
const place = /[Ll]ine:? (\d+)/;

/** What the engine said, without its hints, internals and stack. */
function engineAnswer(subject: string, error: unknown): Unanswered {
  const text = error instanceof Error ? error.message : String(error);
  const system = systemCode(error);
  if (system === "ENOSPC" || /No space left|failed to offload|max_temp_directory_size/i.test(text)) {
    return unanswered(
      "source_unavailable",
      `${subject}: no space is left for temporary files; free some and run it again`,
    );
  }
  if (/^Out of Memory/i.test(text)) {
    return unanswered(
      "source_unavailable",
      `${subject}: the memory limit of the data engine is too small for it; raise it`,
    );
  }
  if (/Permission denied/i.test(text)) return unanswered("source_unavailable", `${subject}: permission denied`);
  if (/No files found|No such file/i.test(text)) {
    return unanswered("source_unavailable", `${subject}: a file went away while it was read`);
  }
  const json = /Malformed JSON in file "([^"]+)", at byte \d+ in line (\d+): (.*?)\.?\s*$/m.exec(text);
  if (json !== null) {
    // The engine counts the line that it was about to begin.
    return unanswered(
      "source_rejected",
      `${subject}: line ${Number(json[2]) - 1} of ${json[1]} is not JSON (${json[3]})`,
    );
  }
  const head = (text.split("\n", 1)[0] ?? "").replace(/^[A-Za-z ]+ Error: /, "").trim();
  const line = place.exec(text)?.[1];
  const at = line !== undefined && !place.test(head) ? ` (line ${line})` : "";
  return unanswered("source_rejected", `${subject} cannot be read: ${head.slice(0, 300)}${at}`);
}
