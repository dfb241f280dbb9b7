import { parseArgs } from "node:util";
import { fuzz } from "./fuzz.ts";
import { mutate, poolOf } from "./mutate.ts";
import { inputRandom } from "./random.ts";
import { corpusSeeds } from "./seeds.ts";

/**
 * `node test/fuzz/fuzz.run.ts [INPUTS] [SEED] [--workers N]`: mutated policies through lexer, parser, checker and formatter.
 * Ends with 1 when one of them crashes, hangs, is slow or is formatted to something else, or when fewer than 30 % get past
 * the parser. `--input N` prints one input of a seed instead.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { workers: { type: "string", default: "1" }, input: { type: "string" } },
});
const count = Number(positionals[0] ?? 1_000_000);
const seed = Number(positionals[1] ?? Date.now() % 1_000_000);
const workers = Number(values.workers);
for (const [name, value] of Object.entries({ INPUTS: count, SEED: seed, "--workers": workers })) {
  if (Number.isSafeInteger(value) && value >= (name === "SEED" ? 0 : 1)) continue;
  console.error(`${name} is a whole number`);
  process.exit(2);
}

const show = (value: number): string => value.toLocaleString("en");

const pool = values.input === undefined ? undefined : poolOf(corpusSeeds());
if (pool !== undefined) {
  process.stdout.write(mutate(pool, inputRandom(seed, Number(values.input))).text);
} else {
  console.log(`${show(count)} inputs, seed ${seed}, workers ${workers}`);
  const begin = performance.now();
  const seconds = (): number => (performance.now() - begin) / 1000;
  const onProgress = (done: number): void => {
    if (process.stderr.isTTY)
      process.stderr.write(`\r${show(done)} inputs, ${show(Math.round(done / seconds()))} a second `);
  };
  const { inputs, parsed, characters, slowest, problems } = await fuzz({ count, seed, workers, onProgress });
  const took = seconds();
  for (const { input, kind, problem } of problems) console.log(`\ninput ${input}: ${kind}: ${problem}`);
  const share = (100 * parsed) / inputs;
  const { user, system } = process.cpuUsage();
  console.log(
    `inputs           ${show(inputs)} of ${show(count)}, ${show(Math.round(characters / inputs))} characters on average`,
  );
  console.log(`past the parser  ${share.toFixed(1)} % (at least 30 % are asked for)`);
  console.log(`problems         ${problems.length} (crashes, hangs, slow inputs, differences of the formatter)`);
  console.log(`slowest          input ${slowest.input}, ${slowest.took.toFixed(1)} ms of the processor`);
  console.log(
    `time             ${took.toFixed(0)} s, ${((user + system) / 1e6).toFixed(0)} s of the processor, ${show(Math.round(inputs / took))} inputs a second`,
  );
  console.log(`seed             ${seed}`);
  process.exitCode = problems.length > 0 || inputs < count || share < 30 ? 1 : 0;
}
