/** Bytes of a length in a snapshot of Node: 64 bits, little-endian. */
const LENGTH = 8;
/** Least and most modules that Node has of its own; a count beyond is none. */
const FEWEST = 50;
const MOST = 2_000;
const LONGEST_NAME = 200;

/**
 * A snapshot of Node without its last part, the code cache of all of Node's own modules: 4 MB that every start reads and copies, while
 * what a check runs stands in the frozen heap. A module that is loaded later is compiled then. The part is a count, and for each module
 * its name and its bytes, each after its length; it ends where the file ends. Undefined where no such part, or more than one, is found.
 */
export function withoutCodeCache(snapshot: Buffer): Buffer | undefined {
  const starts: number[] = [];
  for (let at = 0; at + 2 * LENGTH < snapshot.length; at += 1) {
    const count = lengthAt(snapshot, at, MOST);
    if (count !== undefined && count >= FEWEST && endOf(snapshot, at, count) === snapshot.length) starts.push(at);
  }
  const [start] = starts;
  if (start === undefined || starts.length > 1) return undefined;
  return Buffer.concat([snapshot.subarray(0, start), Buffer.alloc(LENGTH)]);
}

/** Where a code cache that starts at a place ends; undefined where none stands there. */
function endOf(snapshot: Buffer, start: number, count: number): number | undefined {
  let at = start + LENGTH;
  for (let module = 0; module < count; module += 1) {
    const name = lengthAt(snapshot, at, LONGEST_NAME);
    if (name === undefined) return undefined;
    const from = at + LENGTH;
    if (!/^[\w/.-]+$/.test(snapshot.toString("latin1", from, from + name))) return undefined;
    at = from + name;
    const code = lengthAt(snapshot, at, snapshot.length);
    if (code === undefined) return undefined;
    at += LENGTH + code;
  }
  return at;
}

/** A length, where one stands at a place and is not above `most`. */
function lengthAt(snapshot: Buffer, at: number, most: number): number | undefined {
  if (at + LENGTH > snapshot.length || snapshot.readUInt32LE(at + 4) !== 0) return undefined;
  const length = snapshot.readUInt32LE(at);
  return length <= most ? length : undefined;
}
