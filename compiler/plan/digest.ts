import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { canonicalJson } from "./canonical.ts";
import type { PipelinePlan } from "./plan.ts";

/** A plan before its digest is known. */
export type Undigested = Omit<PipelinePlan, "policy"> & { readonly policy: Omit<PipelinePlan["policy"], "digest"> };

/**
 * What a policy means: SHA-256 (hex) of the canonical JSON of its plan without bindings, schema version and everything that
 * only says where it was written (file and places). Moving a policy or its lines keeps the digest; any change of a rule,
 * a limit or a default changes it.
 */
export function policyDigest(plan: Undigested): string {
  const { name, description, owner, risk } = plan.policy;
  const { model, datasets, monitor, retrain, programs, notify } = plan;
  const meaning = { policy: { name, description, owner, risk }, model, datasets, monitor, retrain, programs, notify };
  return bytesToHex(sha256(utf8ToBytes(canonicalJson(withoutPlaces(meaning)))));
}

function withoutPlaces(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPlaces);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, item]) => !(key === "place" && isPlace(item)))
      .map(([key, item]) => [key, withoutPlaces(item)]),
  );
}

/** A variable of a step may be called `place` too; a place has a line. */
function isPlace(value: unknown): boolean {
  return typeof value === "object" && value !== null && "endColumn" in value;
}
