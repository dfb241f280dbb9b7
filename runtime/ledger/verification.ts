import type { Checkpoint, Verification } from "./ledger.ts";
import { hashOf, noRecord, type StoredRecord } from "./record.ts";

type Broken = NonNullable<Verification["broken"]>;

/**
 * Walks one chain in the order it is stored and says what is wrong with the first record that is not as it was written.
 * A chain cannot show that its newest records were cut off or that all of it was written anew: checkpoints kept elsewhere can.
 */
export class ChainWalk {
  readonly #chain: string;
  readonly #checkpoints: ReadonlyMap<number, string>;
  #sequence = 0;
  #hash = noRecord;

  constructor(chain: string, checkpoints: readonly Checkpoint[] = []) {
    this.#chain = chain;
    this.#checkpoints = new Map(
      checkpoints.filter((point) => point.chain === chain).map((point) => [point.sequence, point.hash]),
    );
  }

  /** Sequence of the last record that was found to be right; 0 before the first. */
  get verified(): number {
    return this.#sequence;
  }

  next(record: StoredRecord): Broken | undefined {
    const expected = this.#sequence + 1;
    const { sequence } = record;
    if (sequence !== expected) return this.#outOfOrder(record, expected);
    const intact = hashOf(record) === record.hash;
    const follows = record.previous === this.#hash;
    if (!intact) {
      return this.#broken(
        sequence,
        follows
          ? "its content does not give its hash: it was changed after it was written"
          : "it is not the record that was written here: it was swapped with another or changed",
      );
    }
    if (!follows) {
      return this.#broken(
        sequence,
        sequence === 1
          ? "it is whole but is not the first of a chain: records before it were removed"
          : `it is whole but does not follow record ${sequence - 1}: one of the two was replaced`,
      );
    }
    const pinned = this.#checkpoints.get(sequence);
    if (pinned !== undefined && pinned !== record.hash) {
      return this.#broken(sequence, "it differs from the checkpoint: the chain was written anew up to here");
    }
    this.#sequence = sequence;
    this.#hash = record.hash;
    return undefined;
  }

  /** To be asked after the last record. */
  end(): Broken | undefined {
    const furthest = Math.max(0, ...this.#checkpoints.keys());
    if (furthest <= this.#sequence) return undefined;
    const first = this.#sequence + 1;
    return this.#broken(
      first,
      `${range(first, furthest)} missing: the checkpoint saw record ${furthest}, the chain ends before`,
    );
  }

  #outOfOrder(record: StoredRecord, expected: number): Broken {
    const { sequence } = record;
    if (sequence === this.#sequence) return this.#broken(sequence, "it stands there twice");
    if (sequence > expected && hashOf(record) === record.hash) {
      return this.#broken(expected, `${range(expected, sequence - 1)} missing`);
    }
    return this.#broken(expected, `a record numbered ${sequence} stands in its place`);
  }

  #broken(sequence: number, what: string): Broken {
    return { chain: this.#chain, sequence, what };
  }
}

function range(first: number, last: number): string {
  return first === last ? `record ${first} is` : `records ${first} to ${last} are`;
}
