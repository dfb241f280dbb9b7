import type { LedgerRecord } from "../../runtime/ledger/ledger.ts";
import type { Paint, Style } from "./terminal.ts";
import { instantText, wrap } from "./wrap.ts";

interface Body {
  readonly sentence?: unknown;
  readonly because?: unknown;
  readonly node?: unknown;
  readonly command?: unknown;
  readonly by?: unknown;
  readonly intent?: { readonly kind?: unknown; readonly key?: unknown };
  readonly decision?: { readonly sentence?: unknown; readonly verdict?: unknown };
  readonly outcome?: unknown;
}

/** The plain sentence of a record. */
export function sentenceOf(record: LedgerRecord): string {
  const body = record.body as Body;
  if (typeof body.command === "string" && typeof body.by === "string") {
    const because = body.because === "" || body.because === undefined ? "" : ` because ${String(body.because)}`;
    return `${body.command} by ${body.by}${because}`;
  }
  const sentence = body.sentence ?? body.decision?.sentence ?? body.because ?? body.intent?.kind ?? "";
  const node = typeof body.node === "string" ? `${body.node}: ` : "";
  return `${node}${String(sentence)}`;
}

const STYLES: Readonly<Record<string, Style>> = {
  pass: "green",
  promoted: "green",
  registered: "green",
  fail: "red",
  failed: "red",
  rolled_back: "red",
  rollback_failed: "red",
};

/** What a record came to, where it is a verdict or the end of a run. */
function wordOf(body: Body, paint: Paint): string {
  const word = body.decision?.verdict ?? body.outcome;
  return typeof word === "string" ? ` ${paint(STYLES[word] ?? "yellow", word.replaceAll("_", " "))}` : "";
}

/** A record as two or three lines: position, time, kind, run and verdict, then its sentence. */
export function recordText(record: LedgerRecord, paint: Paint, columns = 80): string {
  const head = `#${record.sequence}`.padEnd(6);
  const kind = record.kind.replaceAll("_", " ").padEnd(14);
  const run = record.run === undefined ? "" : paint("dim", record.run);
  const sentence = sentenceOf(record);
  const line = `${paint("bold", head)} ${instantText(record.at)}  ${kind} ${run}${wordOf(record.body as Body, paint)}`;
  return sentence === "" ? line.trimEnd() : `${line.trimEnd()}\n${wrap(sentence, 7, columns)}`;
}
