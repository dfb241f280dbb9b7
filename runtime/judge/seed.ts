import { sha256 } from "@noble/hashes/sha2.js";
import type { Seed } from "../stats/random.ts";
import type { Context, Qualifiers } from "./context.ts";

/** Seed of a bootstrap: the first 128 bits of SHA-256 over policy digest, requirement id, row-set hash and slice, each on a line of its own. */
export function seedOf(context: Context, { id }: Qualifiers, slice = ""): Seed {
  const text = [context.policyDigest, id, context.rowSet ?? "", slice].join("\n");
  const view = new DataView(sha256(new TextEncoder().encode(text)).buffer);
  return [view.getUint32(0), view.getUint32(4), view.getUint32(8), view.getUint32(12)];
}
