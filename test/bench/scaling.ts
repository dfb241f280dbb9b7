import { readFileSync } from "node:fs";
import { format } from "../../language/format/format.ts";
import { check } from "../../language/semantics/check.ts";
import { lex } from "../../language/syntax/lex.ts";
import { parse } from "../../language/syntax/parse.ts";
import { createSource } from "../../language/text/source.ts";

/**
 * Prints, for lexer, parser, checker and formatter and for texts of several shapes, the slope of time against length on
 * logarithmic axes between two sizes a factor of 16 apart: 1 is linear, 2 quadratic. Run it on a quiet machine and with a large
 * young heap (`--min-semi-space-size=256 --max-semi-space-size=256`), else the collector's share is measured too.
 */
const policy = readFileSync(new URL("../corpus/valid/flight_delays/policy.retrain", import.meta.url), "utf8");

const shapes: Readonly<Record<string, (times: number) => string>> = {
  policies: (times) =>
    Array.from({ length: times }, (_, index) =>
      policy.replace("language 1", "").replace(/policy \w+/, `policy p${index}`),
    ).join(""),
  "broken statements": (times) => `gate g {\n${"  require a >\n  foo bar\n".repeat(times * 20)}}\n`,
  "stray braces": (times) => "}".repeat(times * 400),
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

function cost(work: () => void): number {
  const measured = Array.from({ length: 5 }, () => {
    const begin = performance.now();
    work();
    return performance.now() - begin;
  });
  return Math.min(...measured);
}

const goal = 1.15;
const slopes: Record<string, number> = {};
for (const [phase, prepare] of Object.entries(phases)) {
  for (const [name, shape] of Object.entries(shapes)) {
    cost(prepare(shape(64)));
    const ratio = cost(prepare(shape(128))) / cost(prepare(shape(8)));
    slopes[`${phase}: ${name}`] = Math.log(ratio) / Math.log(16);
  }
}
for (const [name, slope] of Object.entries(slopes)) {
  console.log(`slope of the ${name}: ${slope.toFixed(2)} (goal ${goal}) ${slope <= goal ? "met" : "MISSED"}`);
}
process.exitCode = Math.max(...Object.values(slopes)) > goal ? 1 : 0;
