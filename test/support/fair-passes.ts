/** Small, fixed generator: a test gives the same answer every time. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
}

/**
 * Share of 4,000 simulated runs in which a model that says yes at `rate` in every one of `groups` groups of `rows` rows passes a limit
 * on the largest difference, whose upper bound lies 2.8 standard errors above what was seen.
 */
export function fairPasses(groups: number, rate: number, limit: number, rows: number): number {
  const random = generator(7);
  const error = Math.sqrt((rate * (1 - rate)) / rows);
  let passed = 0;
  for (let run = 0; run < 4_000; run += 1) {
    const rates = Array.from({ length: groups }, () => rate + error * normal(random));
    if (Math.max(...rates) - Math.min(...rates) + 2.8 * error <= limit) passed += 1;
  }
  return passed / 4_000;
}
