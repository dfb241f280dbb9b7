/** 128 bits as four unsigned 32-bit numbers; not all of them zero. */
export type Seed = readonly [number, number, number, number];

/** A source of unsigned 32-bit numbers. */
export type Generator = () => number;

/**
 * xoshiro128** 1.1 of D. Blackman and S. Vigna (2018): the same numbers for the same seed on every machine.
 * A seed of all zeros, which the generator cannot leave, is replaced by 1, 2, 3, 4.
 */
export function xoshiro128(seed: Seed): Generator {
  let [a, b, c, d] = seed.some((part) => part >>> 0 !== 0) ? seed : ([1, 2, 3, 4] as const);
  const rotate = (x: number, by: number) => (x << by) | (x >>> (32 - by));
  return () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return result;
  };
}

/** A whole number 0..count-1, each with a probability that differs from 1/count by less than one part in 2^32/count. */
export function below(next: Generator, count: number): number {
  return Math.floor((next() * count) / 4294967296);
}

/** A number 0 <= u < 1 in steps of 2^-32. */
export function uniform(next: Generator): number {
  return next() / 4294967296;
}
