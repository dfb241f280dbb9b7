import { canonicalJson } from "../../compiler/plan/canonical.ts";
import type { Checkpoint, LedgerReader } from "./ledger.ts";

const page = 1_000;

/** Records as lines of canonical JSON (without line ends), chain by chain, in order of sequence. Each holds its hash, so that the lines can be checked without the ledger. */
export async function* exportRecords(ledger: LedgerReader, chain?: string): AsyncGenerator<string> {
  for (const name of chain === undefined ? await ledger.chains() : [chain]) {
    for (let after = 0; ; ) {
      const records = await ledger.list({ chain: name, after, limit: page });
      for (const record of records) yield canonicalJson(record);
      const last = records.at(-1);
      if (last === undefined || records.length < page) break;
      after = last.sequence;
    }
  }
}

/** Where each chain stands now; keep it outside the ledger and give it to `verify` later. */
export async function takeCheckpoints(ledger: LedgerReader): Promise<readonly Checkpoint[]> {
  const checkpoints: Checkpoint[] = [];
  for (const chain of await ledger.chains()) {
    const [last] = await ledger.list({ chain, newest: true, limit: 1 });
    if (last !== undefined) checkpoints.push({ chain, sequence: last.sequence, hash: last.hash });
  }
  return checkpoints;
}
