import { readFileSync } from "node:fs";
import { secretFile } from "../../files/secrets.ts";
import { LedgerError } from "../error.ts";

/** Where a server of PostgreSQL is, and how a person is told of it: without its password. */
export interface Address {
  readonly url: string;
  readonly shown: string;
}

/** Variable in which generated steps find the address. */
const VARIABLE = "RETRAIN_LEDGER_URL";

/** The address that the secret `secret/key` holds: the variable RETRAIN_LEDGER_URL where it is set, else the file of the secret on this machine. Throws LedgerError (`unavailable`). */
export function addressOf(secret: string, root: string): Address {
  const given = process.env[VARIABLE];
  if (given !== undefined && given !== "") return parsed(given, `the variable ${VARIABLE}`);
  const file = secretFile(root, secret);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new LedgerError(
      "unavailable",
      `the address of the ledger is not known: set ${VARIABLE} to it, or write it to ${file} (secret \`${secret}\`)`,
    );
  }
  return parsed(text.trim(), file);
}

function parsed(url: string, from: string): Address {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (address === undefined || !/^postgres(ql)?:$/.test(address.protocol)) {
    throw new LedgerError("unavailable", `${from} holds no address such as postgresql://user@host:5432/database`);
  }
  const user = address.username === "" ? "" : `${address.username}@`;
  return { url, shown: `postgresql://${user}${address.host}${address.pathname}` };
}
