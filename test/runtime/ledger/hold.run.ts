/** Takes the lease `policy` and, for each line it is sent, appends a record under it: `hold.run.ts ROOT TTL`. */
import { createInterface } from "node:readline";
import { LedgerError } from "../../../runtime/ledger/error.ts";
import { thisProcess } from "../../../runtime/ledger/identity.ts";
import { openLedger } from "../../../runtime/ledger/open.ts";

const [root = "", ttl = "0"] = process.argv.slice(2);
const ledger = await openLedger({ kind: "sqlite", path: "ledger.db" }, root);
const lease = await ledger.acquire("policy", thisProcess(), Number(ttl));
if ("held" in lease) throw new Error("the lease is not free");
process.stdout.write(`${JSON.stringify(lease)}\n`);
for await (const key of createInterface({ input: process.stdin })) {
  try {
    await ledger.append({ chain: "local/flights", key, kind: "effect", at: 0, body: key }, lease);
    process.stdout.write("written\n");
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    process.stdout.write(`${error.code}\n`);
  }
}
