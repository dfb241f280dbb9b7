import type { LedgerRecord } from "../../runtime/ledger/ledger.ts";
import type { Paint } from "./terminal.ts";
import { instantText, wrap } from "./wrap.ts";

/** The plain sentence of a record. */
export function sentenceOf(record: LedgerRecord): string {
  const body = record.body as {
    sentence?: unknown;
    because?: unknown;
    node?: unknown;
    decision?: { sentence?: unknown };
  };
  const sentence = body.sentence ?? body.decision?.sentence ?? body.because ?? "";
  const node = typeof body.node === "string" ? `${body.node}: ` : "";
  return `${node}${String(sentence)}`;
}

/** A record as two or three lines: position, time, kind and run, then its sentence. */
export function recordText(record: LedgerRecord, paint: Paint): string {
  const head = `#${record.sequence}`.padEnd(6);
  const kind = record.kind.replaceAll("_", " ").padEnd(14);
  const run = record.run === undefined ? "" : paint("dim", record.run);
  const sentence = sentenceOf(record);
  const line = `${paint("bold", head)} ${instantText(record.at)}  ${kind} ${run}`.trimEnd();
  return sentence === "" ? line : `${line}\n${wrap(sentence, 7)}`;
}
