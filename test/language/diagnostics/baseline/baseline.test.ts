import { expect, it } from "vitest";
import { baselineText, compareWithBaseline, makeBaseline } from "../../../../language/diagnostics/baseline/baseline.ts";
import { fingerprints } from "../../../../language/diagnostics/baseline/fingerprint.ts";
import type { Diagnostic } from "../../../../language/diagnostics/diagnostic.ts";
import { diagnostic } from "../../../../language/diagnostics/report.ts";
import { format } from "../../../../language/format/format.ts";
import { parse } from "../../../../language/syntax/parse.ts";
import { createSource } from "../../../../language/text/source.ts";

const text = `policy p {
  train { image "a" }
  evaluate { image "a" }
}
gate beside { require a > 1 }
`;

/** One warning at every `image`, and one at the gate. */
function findings(of: string, path = "p.retrain") {
  const source = createSource(path, of);
  const { file } = parse(source);
  const found: Diagnostic[] = [...of.matchAll(/image *("\w+")|beside/g)].map((match) => {
    const start = match.index;
    return diagnostic(
      "policy/image-without-digest",
      { path, start, end: start + match[0].length },
      { image: match[0] },
    );
  });
  return { source, found, names: fingerprints(found, [{ source, file }]) };
}

const key = ({ names }: ReturnType<typeof findings>) => names.map((one) => `${one.policy} ${one.fingerprint}`);

it("names a finding the same after lines moved, comments came and the formatter ran", () => {
  const first = findings(text);
  expect(new Set(key(first)).size).toBe(3);
  expect(first.names.map(({ policy }) => policy)).toEqual(["p", "p", "p.retrain"]);
  const moved = `// new\n\n${text.replace("  train", "  risk low\n\n  // why\n  train").replace('image "a" }', 'image    "a" // x\n }')}`;
  expect(key(findings(moved))).toEqual(key(first));
  expect(key(findings(format(createSource("p.retrain", moved)).text))).toEqual(key(first));
});

it("names a finding anew when its statement or its policy changes", () => {
  const first = key(findings(text));
  const other = key(findings(text.replace('image "a"', 'image "b"')));
  expect(other[0]).not.toBe(first[0]);
  expect(key(findings(text.replace("policy p", "policy q")))[0]).not.toBe(first[0]);
});

it("hides what it holds, shows what is new, and reports what does not occur", () => {
  const before = findings(text);
  const baseline = makeBaseline(before.found, before.names);
  const written = createSource(".retrain-baseline.json", baselineText(baseline));
  const now = findings(text.replace('image "a"', 'image "b"'));
  const compared = compareWithBaseline(baseline, written, now.found, now.names, () => true);
  expect(compared.hidden).toBe(2);
  expect(compared.diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
    'policy/image-without-digest image `image "b"` is not pinned by digest',
    "lint/baseline-stale `policy/image-without-digest` of p is in the baseline, and does not occur",
  ]);
  const [, stale] = compared.diagnostics;
  expect(written.text.slice(stale?.span.start, stale?.span.end)).toMatch(/^"[0-9a-f]{16}"$/);
  expect(
    compareWithBaseline(baseline, written, now.found, now.names, (policy) => policy !== "p").diagnostics,
  ).toHaveLength(1);
});

it("holds a finding of each occurrence: the second one of a kind is new", () => {
  const once = findings('policy p { train { image "a" } }');
  const twice = findings('policy p { train { image "a" image "a" } }');
  const baseline = makeBaseline(once.found, once.names);
  const written = createSource(".retrain-baseline.json", baselineText(baseline));
  expect(compareWithBaseline(baseline, written, twice.found, twice.names, () => true).diagnostics).toHaveLength(1);
});

it("never holds errors or findings about what was set aside", () => {
  const { found, names } = findings(text);
  const [first, ...others] = found;
  if (first === undefined) throw new Error("nothing was found");
  const error: Diagnostic = { ...first, severity: "error" };
  const baseline = makeBaseline([error, ...others], names);
  expect(baseline.findings).toHaveLength(2);
  const whole = makeBaseline(found, names);
  const written = createSource(".retrain-baseline.json", baselineText(whole));
  expect(compareWithBaseline(whole, written, [error, ...others], names, () => true).diagnostics).toContain(error);
  const unused = diagnostic("lint/ignore-unused", first.span, { code: "x" });
  expect(makeBaseline([unused], names).findings).toEqual([]);
});

it("writes the same bytes in whichever order things were found", () => {
  const { found, names } = findings(text);
  const bytes = baselineText(makeBaseline(found, names));
  expect(baselineText(makeBaseline(found.toReversed(), names.toReversed()))).toBe(bytes);
});
