import { hostname, userInfo } from "node:os";
import type { CommandRecord } from "../../runtime/rollout/records.ts";

/** Login and host of this terminal. */
export function loginHere(): string {
  return `${userInfo().username}@${hostname()}`;
}

/** Who gives an order at this terminal: the name given, or the login's. It is a claim, and the record says so. */
export function signature(as?: string): Pick<CommandRecord, "by" | "proof"> & { readonly login: string } {
  return { by: as ?? userInfo().username, proof: "claimed", login: loginHere() };
}
