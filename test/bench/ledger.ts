import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openLedger } from "../../runtime/ledger/open.ts";

/** Records appended and verified a second, in a ledger on this disk. */
const RECORDS = 20_000;
const folder = mkdtempSync(join(tmpdir(), "retrain-bench-"));
const ledger = await openLedger({ kind: "sqlite", path: "ledger.db" }, folder);
const began = performance.now();
for (let number = 0; number < RECORDS; number += 1) {
  const body = { sentence: `record ${number}`, values: [number, number / 3] };
  await ledger.append({ chain: "local/bench", key: `k${number}`, kind: "look", at: number, body });
}
const appended = performance.now();
const { records, broken } = await ledger.verify();
const verified = performance.now();
await ledger.close();
rmSync(folder, { recursive: true, force: true });
if (broken !== undefined || records !== RECORDS) throw new Error(`verified ${records}: ${broken?.what}`);
const rate = (from: number, to: number) => Math.round((RECORDS / (to - from)) * 1000);
const verifyRate = rate(appended, verified);
console.log(
  `append ${rate(began, appended).toLocaleString("en")} records/s, synced; verify ${verifyRate.toLocaleString("en")} records/s (goal 50,000) ${verifyRate >= 50_000 ? "met" : "MISSED"}`,
);
process.exitCode = verifyRate >= 50_000 ? 0 : 1;
