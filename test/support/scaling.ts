import { readFileSync } from "node:fs";
import { format } from "../../language/format/format.ts";
import { check } from "../../language/semantics/check.ts";
import { lex } from "../../language/syntax/lex.ts";
import { parse } from "../../language/syntax/parse.ts";
import { createSource } from "../../language/text/source.ts";

const policy = readFileSync(new URL("../corpus/valid/flight_delays/policy.retrain", import.meta.url), "utf8");

const shapes: Readonly<Record<string, (times: number) => string>> = {
  policies: (times) =>
    Array.from({ length: times }, (_, index) =>
      policy.replace("language 1", "").replace(/policy \w+/, `policy p${index}`),
    ).join(""),
  "broken statements": (times) => `gate g {\n${"  require a >\n  foo bar\n".repeat(times * 20)}}\n`,
  // Above 16,000 tokens their array is a large object, which doubles the lexer's cost a token, once and for all.
  "stray braces": (times) => "}".repeat(times * 100),
  comments: (times) => "/* b */ gate g { require a > 1 // t\n }\n".repeat(times * 20),
  "long lists": (times) => `policy p { train { command [${'"a", '.repeat(times * 200)}] } }`,
};

const phases: Readonly<Record<string, (text: string) => () => void>> = {
  lexer: (text) => () => lex(text),
  parser: (text) => () => parse(createSource("p", text)),
  checker: (text) => {
    const source = createSource("p", text);
    const read = parse(source);
    return () => check([{ source, ...read }]);
  },
  formatter: (text) => () => format(createSource("p", text)),
};

/** Lengths of the texts, in repetitions of their shape. */
const sizes = [8, 32, 128] as const;

/** Milliseconds of the processor below which a measurement is too coarse: some kernels count in steps of 4 ms. */
const leastBatch = 100;

/** What one repetition of a shape costs at one size. */
type Measured = { readonly size: number; readonly work: () => void; readonly runs: number; least: number };

/**
 * For each phase and shape the slope of time against length on logarithmic axes, fitted to three sizes that span a factor of
 * 16: 1 is linear, 2 quadratic. Measured is the processor's time of this thread, so that other work on the machine does not
 * count; at each size the same amount of text is worked through, in turns, and the least of several turns counts. What is
 * above the goal after two turns gets up to six more. Needs `--expose-gc` and a large young heap: the collector's share, which
 * grows with what is alive and not with the text, is left out.
 */
export function measureSlopes(goal: number): Map<string, number> {
  const slopes = new Map<string, number>();
  for (const [phase, prepare] of Object.entries(phases)) {
    for (const [shape, write] of Object.entries(shapes)) {
      slopes.set(
        `${phase}: ${shape}`,
        slopeOf((size) => prepare(write(size)), goal),
      );
    }
  }
  return slopes;
}

function slopeOf(prepare: (size: number) => () => void, goal: number): number {
  const largest = Math.max(...sizes);
  const whole = prepare(largest);
  let once = cost(whole, 1);
  for (let warm = 0; warm < 2; warm += 1) once = cost(whole, 1 + Math.ceil(leastBatch / Math.max(once, 1)));
  const batch = Math.max(1, Math.ceil(leastBatch / Math.max(once, 0.1)));
  const measured = sizes.map((size): Measured => {
    const work = prepare(size);
    return { size, work, runs: (batch * largest) / size, least: Number.POSITIVE_INFINITY };
  });
  let slope = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < 2 || (turn < 8 && slope > goal); turn += 1) {
    for (const one of measured) one.least = Math.min(one.least, cost(one.work, one.runs));
    slope = fitted(measured);
  }
  return slope;
}

/** Milliseconds of one run, on average over some. */
function cost(work: () => void, runs: number): number {
  globalThis.gc?.();
  const begin = process.threadCpuUsage();
  for (let run = 0; run < runs; run += 1) work();
  const { user, system } = process.threadCpuUsage(begin);
  return (user + system) / 1000 / runs;
}

/** The slope of the line through the points by least squares. */
function fitted(points: readonly Measured[]): number {
  const xs = points.map(({ size }) => Math.log(size));
  const ys = points.map(({ least }) => Math.log(least));
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(xs), mean(ys)];
  const products = xs.map((value, index) => (value - x) * ((ys[index] ?? 0) - y));
  return mean(products) / mean(xs.map((value) => (value - x) ** 2));
}
