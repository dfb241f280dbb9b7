import { hash } from "node:crypto";

/**
 * Where a key stands between 0 (inclusive) and 1 (exclusive) under a salt: the first 48 bits of SHA-256. The same key and
 * salt always give the same place, so a key stays with its version while a share stands, and stays there as the share grows.
 */
export function placeOf(key: string, salt: string): number {
  return hash("sha256", `${salt}\0${key}`, "buffer").readUIntBE(0, 6) / 2 ** 48;
}

/** True for a part of all keys that is as large as `share`, 0 to 1. */
export function isChosen(key: string, salt: string, share: number): boolean {
  if (share <= 0) return false;
  return share >= 1 || placeOf(key, salt) < share;
}
