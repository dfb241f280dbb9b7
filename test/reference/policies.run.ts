import fc from "fast-check";
import { enginePlans } from "../support/engine-policies.ts";
import { NO_TALLY } from "./differ.ts";
import { differInPolicy, policyHistories } from "./policies.ts";

/** `npm run differential:policies [-- --count 1000] [--seed N]`: compiled policies of the corpus and generated ones, each carried through a random history by the runtime and by the references. Exit code 1 where they differ. */
function option(name: string): number | undefined {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : Number(process.argv[at + 1]);
}

const count = option("--count") ?? 1_000;
const seed = option("--seed") ?? Date.now() % 2 ** 31;
const plans = enginePlans({}, count);
const began = performance.now();
const tally = { ticks: { ...NO_TALLY }, programs: 0, rollouts: {} };
const differences: string[] = [];
for (const [index, given] of fc.sample(policyHistories, { numRuns: count, seed }).entries()) {
  const named = plans[(plans.length - 1 - (index % plans.length) + plans.length) % plans.length];
  if (named === undefined) throw new Error("no policy");
  const difference = differInPolicy(named.plan, given, tally);
  if (difference !== undefined) differences.push(`${named.name}: ${difference}`);
}
const seconds = ((performance.now() - began) / 1_000).toFixed(0);
console.log(
  `${count} policies x histories compared in ${seconds} s, of ${plans.length} policies, seed ${seed}: ${differences.length} differ`,
);
console.log(JSON.stringify(tally));
for (const difference of differences.slice(0, 5)) console.log(`\n${difference}`);
if (differences.length > 0) process.exitCode = 1;
