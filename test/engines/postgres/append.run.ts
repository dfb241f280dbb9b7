/** Appends records until it has written its number of them or is killed: `append.run.ts ROOT PREFIX COUNT SHARED`. Prints each key once its record is durable. */
import { openLedger } from "../../../runtime/ledger/open.ts";

const [root = "", prefix = "", count = "0", shared = "0"] = process.argv.slice(2);
const ledger = await openLedger({ kind: "postgres", secret: "retrain/ledger-url" }, root);
for (let index = 0; index < Number(count); index += 1) {
  const keys = [`${prefix}-${index}`, ...(index < Number(shared) ? [`shared-${index}`] : [])];
  for (const key of keys) {
    const body = { key, process: process.pid, text: "x".repeat(index % 500) };
    const { written } = await ledger.append({ chain: "local/flights", key, kind: "tick", at: index, body });
    process.stdout.write(`${written ? "wrote" : "found"} ${key}\n`);
  }
}
await ledger.close();
