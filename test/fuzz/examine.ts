import { applySuppressions } from "../../language/diagnostics/suppress/suppress.ts";
import { format } from "../../language/format/format.ts";
import { check } from "../../language/semantics/check.ts";
import type { Library } from "../../language/semantics/reuse/library.ts";
import { parse } from "../../language/syntax/parse.ts";
import { createSource } from "../../language/text/source.ts";
import { formatProblem } from "./format-proof.ts";

export interface Examined {
  /** Whether the parser found nothing wrong, so that the checker saw all of it. */
  readonly parsed: boolean;
  /** What is wrong with us, not with the text: an exception, a place outside of the text, a formatted text that means something else. */
  readonly problem?: string;
}

/** Sends a text through lexer, parser, checker and formatter. Never throws. `proveFormat` compares the formatted text with the text once more, apart from the formatter's own proof. */
export function examine(text: string, library?: Library, proveFormat = true): Examined {
  try {
    const source = createSource("policy.retrain", text);
    const read = parse(source);
    const checked = check([{ source, ...read }], library === undefined ? {} : { library });
    applySuppressions({ source, ...read }, checked.diagnostics);
    for (const { span, code } of [...read.diagnostics, ...checked.diagnostics]) {
      if (span.path === source.path && (span.start < 0 || span.end < span.start || span.end > text.length)) {
        return { parsed: false, problem: `${code} points outside of the text` };
      }
      if (code.startsWith("internal/")) return { parsed: false, problem: code };
    }
    const formatted = format(source, read);
    const own = formatted.diagnostics.find(({ code }) => code.startsWith("internal/"));
    if (own !== undefined) return { parsed: false, problem: own.message };
    const problem = proveFormat ? formatProblem(source, read, formatted.text) : undefined;
    return { parsed: read.diagnostics.length === 0, ...(problem === undefined ? {} : { problem }) };
  } catch (error) {
    return { parsed: false, problem: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** Milliseconds of the thread's own processor time that a text takes, so that other work on the machine does not count; the least of three where the first is above `limit`. */
export function timed(
  examineOnce: () => Examined,
  limit: number,
): { readonly examined: Examined; readonly took: number } {
  let least = Number.POSITIVE_INFINITY;
  let examined: Examined = { parsed: false };
  for (let attempt = 0; attempt < 3 && least > limit; attempt += 1) {
    const begin = process.threadCpuUsage();
    examined = examineOnce();
    const { user, system } = process.threadCpuUsage(begin);
    least = Math.min(least, (user + system) / 1000);
  }
  return { examined, took: least };
}
