import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** Hexadecimal digits of the digest in a derived name. */
const DIGITS = 8;

function slugOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
}

/**
 * A name that every engine takes: small letters, digits and hyphens, a letter first, at most `limit` characters (at least 20).
 * A text that is such a name already and needs no shortening is kept; any other gets a slug and eight digits of its SHA-256, so that two texts never share a name but by a collision of the digest.
 */
export function engineName(text: string, limit: number): string {
  const kept = text.replaceAll("_", "-");
  const isPlain = /^[a-z][a-z0-9]*([-_][a-z0-9]+)*$/.test(text) && !text.includes("-");
  if (isPlain && kept.length <= limit) return kept;
  const digest = bytesToHex(sha256(utf8ToBytes(text))).slice(0, DIGITS);
  const room = limit - DIGITS - 1;
  const slug = slugOf(text).slice(0, room).replace(/-+$/, "");
  const head = /^[a-z]/.test(slug) ? slug : `p${slug === "" ? "" : `-${slug}`}`.slice(0, room);
  return `${head}-${digest}`;
}

/** Longest that the policy's part of an engine's object may be: with the ending of the monitor it fits a CronWorkflow's 52 characters. */
const POLICY_PART = 44;

/** Name of what an engine holds to retrain by a policy: Argo's WorkflowTemplate, KFP's pipeline. The runtime starts runs of it. */
export function retrainName(policy: string): string {
  return `${engineName(policy, POLICY_PART)}-retrain`;
}
