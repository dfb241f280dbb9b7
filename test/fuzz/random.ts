/** Whole numbers `0 <= n < bound`; the same seed gives the same numbers. */
export type Random = (bound: number) => number;

/** A generator of 32 bits of state (mulberry32, public domain), good enough to choose mutations. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * bound);
  };
}

/** One of some values; there must be one. */
export function pick<Value>(random: Random, values: readonly Value[]): Value {
  const value = values[random(values.length)];
  if (value === undefined) throw new Error("nothing to choose from");
  return value;
}

/** The numbers that make one input of a seed, the same whichever thread makes it. */
export function inputRandom(seed: number, input: number): Random {
  return randomFrom(Math.imul(seed, 0x9e3779b1) + input);
}
