import { expect, it } from "vitest";
import { format } from "../../../language/format/format.ts";
import { parse } from "../../../language/syntax/parse.ts";
import { createSource } from "../../../language/text/source.ts";
import { formatProblem } from "../../fuzz/format-proof.ts";
import { corpusSeeds } from "../../fuzz/seeds.ts";

it("formats every file of the corpus to the same tree with all comments, what does not parse as it is, and leaves the result alone", () => {
  const files = corpusSeeds();
  expect(files.length).toBeGreaterThan(430);
  let broken = 0;
  for (const { text } of files) {
    for (const written of [
      text,
      text.replaceAll("\n", "\r\n"),
      text.replaceAll(/ +/gu, " "),
      text.replaceAll(/\n{2,}/gu, "\n"),
    ]) {
      const source = createSource("policy.retrain", written);
      const read = parse(source);
      if (read.diagnostics.length > 0) broken += 1;
      const formatted = format(source, read);
      expect(formatted.diagnostics.filter(({ code }) => code.startsWith("internal/"))).toEqual([]);
      expect(formatProblem(source, read, formatted.text), written.slice(0, 200)).toBeUndefined();
    }
  }
  expect(broken).toBeGreaterThan(100);
});

it("finds each thing that a formatter could do wrong", () => {
  const text = "gate g {\n  require a > 1 // c\n  require b >\n}\n";
  const source = createSource("policy.retrain", text);
  const read = parse(source);
  const problem = (formatted: string): string | undefined => formatProblem(source, read, formatted);
  expect(problem(text)).toBeUndefined();
  expect(problem(text.replace("1", "2"))).toContain("something else");
  expect(problem(text.replace(" // c", ""))).toContain("comment");
  expect(problem(text.replace("require b >", "require  b >"))).toBeDefined();
  expect(problem(text.replace("a > 1", "a >  1"))).toContain("again");
});
