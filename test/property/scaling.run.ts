import { readFileSync } from "node:fs";
import { parse } from "../../language/syntax/parse.ts";
import { createSource } from "../../language/text/source.ts";

/**
 * Prints, for texts of several shapes, the slope of time against length on logarithmic axes between two sizes a factor of 16
 * apart: 1 is linear, 2 quadratic.
 */
const policy = readFileSync(new URL("../corpus/valid/flight_delays/policy.retrain", import.meta.url), "utf8");

const shapes: Readonly<Record<string, (times: number) => string>> = {
  policies: (times) => policy.replace("language 1", "").repeat(times),
  "broken statements": (times) => `gate g {\n${"  require a >\n  foo bar\n".repeat(times * 20)}}\n`,
  "stray braces": (times) => "}".repeat(times * 400),
  comments: (times) => "/* b */ gate g { require a > 1 // t\n }\n".repeat(times * 20),
  "long lists": (times) => `policy p { train { command [${'"a", '.repeat(times * 200)}] } }`,
};

function milliseconds(text: string): number {
  const source = createSource("p", text);
  const measured = Array.from({ length: 5 }, () => {
    const start = performance.now();
    parse(source);
    return performance.now() - start;
  });
  return Math.min(...measured);
}

const slopes: Record<string, number> = {};
for (const [name, shape] of Object.entries(shapes)) {
  milliseconds(shape(64));
  slopes[name] = Math.log(milliseconds(shape(128)) / milliseconds(shape(8))) / Math.log(16);
}
console.log(JSON.stringify(slopes));
