import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { NoAnswer } from "./answer.ts";
import type { InputFile } from "./files.ts";

/** Larger files are known by size, time and their last bytes: reading them only for a digest would double a run's reading. */
const wholeBelow = 1 << 30;
const footerBytes = 1 << 16;

/** SHA-256 (hex) of the bytes; above 1 GiB `quick:` and that of size, modification time and the last 64 KiB. Throws NoAnswer where the file changed since it was opened. */
export async function digestFile(file: InputFile): Promise<string> {
  const hash = createHash("sha256");
  const quick = file.bytes > wholeBelow;
  if (quick) {
    hash.update(`${file.bytes}|${file.modified}|`);
    const handle = await open(file.path, "r");
    try {
      const tail = Buffer.alloc(footerBytes);
      const { bytesRead } = await handle.read(tail, 0, footerBytes, file.bytes - footerBytes);
      hash.update(tail.subarray(0, bytesRead));
    } finally {
      await handle.close();
    }
  } else {
    for await (const chunk of createReadStream(file.path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  }
  const after = await stat(file.path);
  if (after.size !== file.bytes || after.mtimeMs !== file.modified) {
    throw new NoAnswer("source_unavailable", `${file.path} was written while it was read; try again once it is whole`);
  }
  return quick ? `quick:${hash.digest("hex")}` : hash.digest("hex");
}
