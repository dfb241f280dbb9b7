import { fuzz } from "./fuzz.ts";

/** `node test/fuzz/fuzz.run.ts [INPUTS] [SEED]`: mutated policies through lexer, parser, checker and formatter. Ends with 1 when one of them crashes, hangs or is slow. */
const count = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? Date.now() % 1_000_000);
console.log(`${count.toLocaleString("en")} inputs, seed ${seed}`);
const begin = performance.now();
const { inputs, parsed, slowest, problems } = await fuzz(count, seed);
const seconds = (performance.now() - begin) / 1000;
for (const { input, problem, text } of problems) {
  console.log(`\ninput ${input}: ${problem}\n${JSON.stringify(text)}`);
}
const share = (100 * parsed) / inputs;
console.log(
  `${inputs.toLocaleString("en")} inputs in ${seconds.toFixed(0)} s, ${share.toFixed(1)} % past the parser, slowest ${slowest.toFixed(1)} ms, ${problems.length} problems`,
);
process.exitCode = problems.length > 0 || share < 30 ? 1 : 0;
