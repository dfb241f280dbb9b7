import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { FileNode } from "../../syntax/tree.ts";
import type { Source } from "../../text/source.ts";
import type { Diagnostic } from "../diagnostic.ts";
import { type Region, regionAt, regionsOf } from "../suppress/regions.ts";

/** A finding as it can be found again after lines have moved. */
export interface Finding {
  readonly code: string;
  /** The policy that it is about; the path of the file for what stands beside policies. */
  readonly policy: string;
  /** 16 hexadecimal digits. */
  readonly fingerprint: string;
}

/**
 * Names the diagnostics of some files independently of lines, columns and layout: by code, policy, the words of the statement
 * and of the place in it, and, among findings that are equal in all of that, their order. A finding keeps its name until its
 * statement is changed. The result has one entry a diagnostic, in the same order.
 */
export function fingerprints(
  diagnostics: readonly Diagnostic[],
  files: readonly { readonly source: Source; readonly file: FileNode }[],
): Finding[] {
  const read = new Map(files.map((one) => [one.source.path, one]));
  const regions = new Map<string, readonly Region[]>();
  const seen = new Map<string, number>();
  return diagnostics.map((found) => {
    const { path, start, end } = found.span;
    const one = read.get(path);
    let ofFile = regions.get(path);
    if (ofFile === undefined) {
      ofFile = one === undefined ? [] : regionsOf(one.file);
      regions.set(path, ofFile);
    }
    const region = regionAt(ofFile, start);
    const text = one?.source.text ?? "";
    const statement = region === undefined ? "" : words(text.slice(region.start, Math.max(region.end, region.start)));
    const policy = region?.policy ?? path;
    const key = JSON.stringify([found.code, policy, statement, words(text.slice(start, end))]);
    const order = seen.get(key) ?? 0;
    seen.set(key, order + 1);
    const digest = bytesToHex(sha256(utf8ToBytes(`${key}${order}`)));
    return { code: found.code, policy, fingerprint: digest.slice(0, 16) };
  });
}

/** A text without comments at its lines' ends and with single spaces, so that the formatter changes no name. */
function words(text: string): string {
  return text
    .replace(/\/\/[^\r\n]*/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}
