import { openLedger } from "../../../runtime/ledger/open.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { ledgerContract } from "../../support/ledger-contract.ts";

ledgerContract("a ledger in SQLite", (host) =>
  openLedger({ kind: "sqlite", path: "state/ledger.db" }, temporaryFolder(), host),
);
