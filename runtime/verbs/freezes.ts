import type { Ledger } from "../ledger/ledger.ts";
import type { FreezeFact } from "../triggers/input.ts";

/** Body of a person's `freeze`: a `command` record about a policy, not about a run. It holds from its record's time. */
export interface FreezeRecord {
  readonly command: "freeze";
  readonly scope: FreezeFact["scope"];
  /** Epoch milliseconds on the policy's clock, exclusive. */
  readonly until: number;
  readonly because: string;
  readonly by: string;
}

/** Body of a person's `unfreeze`: it ends every freeze by hand before it. */
export interface UnfreezeRecord {
  readonly command: "unfreeze";
  readonly because: string;
  readonly by: string;
}

/** Freezes that people have set by hand and not lifted, oldest first, also those that are over. */
export async function freezesByHand(ledger: Pick<Ledger, "list">, chain: string): Promise<readonly FreezeFact[]> {
  const records = await ledger.list({ chain, kinds: ["command"] });
  let standing: FreezeFact[] = [];
  for (const { body, at } of records) {
    const { command } = body as Partial<FreezeRecord | UnfreezeRecord>;
    if (command === "unfreeze") standing = [];
    if (command !== "freeze") continue;
    const { scope, until, because } = body as FreezeRecord;
    standing.push({ scope, from: at, until, because });
  }
  return standing;
}

/** The freezes in force at an instant, the one that holds longest first. */
export function freezesInForce<Freeze extends FreezeFact>(freezes: readonly Freeze[], now: number): readonly Freeze[] {
  return freezes
    .filter((freeze) => freeze.from <= now && now < freeze.until)
    .toSorted((one, other) => other.until - one.until);
}

/** The freeze that holds longest of those in force at an instant. */
export function freezeInForce(freezes: readonly FreezeFact[], now: number): FreezeFact | undefined {
  return freezesInForce(freezes, now)[0];
}
