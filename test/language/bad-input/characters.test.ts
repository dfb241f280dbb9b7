import { expect, it, vi } from "vitest";
import { format } from "../../../language/format/format.ts";
import { dumpTree } from "../../../language/syntax/dump.ts";
import { parse } from "../../../language/syntax/parse.ts";
import { createSource, positionAt } from "../../../language/text/source.ts";
import { examine } from "../../fuzz/examine.ts";
import { corpusCases } from "../../support/corpus.ts";
import { processorTime } from "../../support/processor-time.ts";

// Many inputs: a busy machine takes its time.
vi.setConfig({ testTimeout: 300_000 });

const policies = corpusCases("valid").map(({ text }) => text);
const plain = "gate g {\n  require a > 1\n}\n";

function errors(text: string): string[] {
  const source = createSource("p", text);
  return parse(source).diagnostics.map(({ code, span }) => {
    const { line, column } = positionAt(source, span.start);
    return `${line}:${column} ${code}`;
  });
}

const treeOf = (text: string): string => {
  const source = createSource("p", text);
  return dumpTree(source, parse(source).file);
};

it("reads a file with a byte order mark, and writes it without one", () => {
  expect(errors(`\uFEFF${plain}`)).toEqual([]);
  expect(format(createSource("p", `\uFEFF${plain}`)).text).toBe(plain);
});

it("takes every way to end a line for the same file, also where ways are mixed", () => {
  for (const text of policies) {
    const tree = treeOf(text);
    for (const end of ["\r\n", "\r"]) {
      const other = text.replaceAll("\n", end);
      expect(errors(other)).toEqual([]);
      expect(treeOf(other)).toBe(tree);
      expect(format(createSource("p", other)).text).toBe(text);
    }
  }
  expect(errors(plain.replace("\n", "\r"))).toEqual([]);
  expect(errors("gate g {\r  require a > # 1\r\n}\n")).toEqual(["2:15 syntax/bad-character"]);
});

it("names a character that is no part of the language at its place, once a line", () => {
  for (const character of [
    "\0",
    "\u0007",
    "\u001B",
    "\u00A0",
    "\u2028",
    "\uFFFD",
    "\uD800",
    "\u{1F600}",
    "\u2264",
    ";",
    "@",
  ]) {
    expect(errors(plain.replace("a > 1", `a > ${character} 1`)), character).toEqual(["2:15 syntax/bad-character"]);
    expect(errors(`${character}\n${plain}`), character).toEqual(["1:1 syntax/bad-character"]);
    expect(errors(plain.replace("a > 1", `a > ${character.repeat(50)} 1`)), character).toEqual([
      "2:15 syntax/bad-character",
    ]);
  }
});

it("names characters that are not shown wherever they stand, in texts and comments too", () => {
  for (const character of ["\u200B", "\u202E", "\u2066"]) {
    expect(errors(`policy p {\n  owner "a${character}b"\n}\n`)).toEqual(["2:11 syntax/hidden-character"]);
    expect(errors(`// a${character}b\n${plain}`)).toEqual(["1:5 syntax/hidden-character"]);
  }
});

it("bears a NUL or a lone half of a character anywhere in a policy", () => {
  for (const text of policies) {
    for (let at = 0; at < text.length; at += 97) {
      for (const character of ["\0", "\uD800", "\r", "\uFEFF"]) {
        const { problem } = examine(text.slice(0, at) + character + text.slice(at));
        expect(problem, `${JSON.stringify(character)} at ${at}`).toBeUndefined();
      }
    }
  }
});

it("says at once of ten megabytes that they are not read, and reads just under the limit in a bounded time", () => {
  const policy = policies[0] ?? "";
  const begin = processorTime();
  for (const text of [
    policy.repeat(Math.ceil((10 * 1024 * 1024) / policy.length)),
    "x".repeat(10 * 1024 * 1024),
    `"${"a".repeat(10 * 1024 * 1024)}`,
    "{".repeat(10 * 1024 * 1024),
    "\n".repeat(10 * 1024 * 1024),
  ]) {
    expect(errors(text)).toEqual(["1:1 syntax/too-large"]);
    expect(format(createSource("p", text)).text === text).toBe(true);
  }
  expect(processorTime() - begin).toBeLessThan(5_000);
  const size = 4 * 1024 * 1024;
  for (const text of [
    `"${"a".repeat(size - 2)}"`,
    "\0".repeat(size),
    "\n".repeat(size),
    `//${"a".repeat(size - 2)}`,
    "9".repeat(size),
  ]) {
    const started = processorTime();
    errors(text);
    expect(processorTime() - started).toBeLessThan(20_000);
  }
});
