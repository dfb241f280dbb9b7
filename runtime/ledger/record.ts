import { hash } from "node:crypto";
import { canonicalJson } from "../../compiler/plan/canonical.ts";
import type { Entry, LedgerRecord } from "./ledger.ts";

/** `previous` of the first record of a chain. */
export const noRecord = "0".repeat(64);

/** A record with its body as the canonical JSON that was hashed and is stored. */
export interface StoredRecord extends Omit<LedgerRecord, "body" | "kind" | "run"> {
  readonly kind: string;
  readonly run: string | null;
  readonly body: string;
}

/**
 * SHA-256 (hex) of the canonical JSON of a record without its hash. The body stands in it as stored, so that checking
 * needs no parsing; members are in the order of RFC 8785. Nothing else can give the same text: what stands before and
 * after the body is fixed up to JSON strings and whole numbers.
 */
export function hashOf(record: Omit<StoredRecord, "hash">): string {
  const run = record.run === null ? "" : `,"run":${JSON.stringify(record.run)}`;
  return hash(
    "sha256",
    `{"at":${record.at},"body":${record.body},"chain":${JSON.stringify(record.chain)},"key":${JSON.stringify(record.key)},"kind":${JSON.stringify(record.kind)},"previous":${JSON.stringify(record.previous)}${run},"sequence":${record.sequence}}`,
    "hex",
  );
}

/** Makes the record that follows `last` (undefined: the chain is empty). Throws TypeError for what cannot be recorded. */
export function recordAfter(
  last: { readonly sequence: number; readonly hash: string } | undefined,
  entry: Entry,
): StoredRecord {
  if (!Number.isSafeInteger(entry.at))
    throw new TypeError(`a record's time is ${entry.at}: it must be whole milliseconds`);
  for (const text of [entry.chain, entry.key, entry.run ?? "-"]) {
    if (text === "" || !text.isWellFormed() || text.includes("\0")) {
      throw new TypeError(`a record's chain, key or run is empty or no well-formed text: ${JSON.stringify(text)}`);
    }
  }
  const unsealed = {
    chain: entry.chain,
    sequence: (last?.sequence ?? 0) + 1,
    key: entry.key,
    kind: entry.kind,
    run: entry.run ?? null,
    // JSON has no negative zero.
    at: entry.at + 0,
    body: canonicalJson(entry.body),
    previous: last?.hash ?? noRecord,
  };
  return { ...unsealed, hash: hashOf(unsealed) };
}

/** A stored record as callers see it. Throws SyntaxError where the stored body is no JSON. */
export function openRecord(stored: StoredRecord): LedgerRecord {
  const { run, ...rest } = stored;
  return {
    ...rest,
    // Kinds come from `append` only, whose type holds them; verify finds what was changed since.
    kind: stored.kind as LedgerRecord["kind"],
    body: JSON.parse(stored.body),
    ...(run === null ? {} : { run }),
  };
}
