import { ledgerContract } from "./ledger-contract.ts";
import { MemoryLedger } from "./memory-ledger.ts";

ledgerContract("a ledger in memory", async (host) => new MemoryLedger(host));
