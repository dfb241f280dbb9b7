import fc from "fast-check";
import { differ, NO_TALLY } from "./differ.ts";
import { histories } from "./histories.ts";
import { cases, differInDecision, differInVerdict, programs } from "./requirements.ts";

/**
 * Compares runtime and reference on random histories, requirements and programs: `node test/reference/differential.run.ts --count 100000 [--seed N]`.
 * Prints how many of what were compared, and the smallest difference found with the seed that repeats it; exit code 1 when there is one.
 */
function option(name: string): number | undefined {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : Number(process.argv[at + 1]);
}

const count = option("--count") ?? 10_000;
const seed = option("--seed") ?? Date.now() % 2 ** 31;

function compare<T>(
  name: string,
  arbitrary: fc.Arbitrary<T>,
  check: (given: T) => string | undefined,
  tally: object,
): void {
  const began = performance.now();
  const property = fc.property(arbitrary, (given) => {
    const difference = check(given);
    if (difference !== undefined) throw new Error(difference);
  });
  const result = fc.check(property, { numRuns: count, seed });
  const seconds = Math.round((performance.now() - began) / 1000);
  console.log(`${name}: ${result.numRuns} compared in ${seconds} s, seed ${seed}`, JSON.stringify(tally));
  if (!result.failed) return;
  process.exitCode = 1;
  const told = result.errorInstance instanceof Error ? result.errorInstance.message : "it did not end in time";
  console.log(`difference after ${result.numShrinks} shrinks: ${told}\n${fc.stringify(result.counterexample)}`);
}

const verdicts = {};
const ticks = { ...NO_TALLY };
compare("programs", programs, differInDecision, {});
compare("requirements", cases, (given) => differInVerdict(given, verdicts), verdicts);
compare("histories", histories, (history) => differ(history, ticks), ticks);
