import { expect, it } from "vitest";
import { childKeys, childrenOf, walk } from "../../../language/syntax/child-keys.ts";
import { keywords, wordsThatBeginNoOperand } from "../../../language/syntax/keywords.ts";
import { parse } from "../../../language/syntax/parse.ts";
import type { NodeKind, TreeNode } from "../../../language/syntax/tree.ts";
import { createSource, spanText } from "../../../language/text/source.ts";
import { corpusCases } from "../../support/corpus.ts";
import { everythingElse } from "../../support/everything-else.ts";

const read = (text: string) => parse(createSource("p", text));
const codes = (text: string): string[] => read(text).diagnostics.map((each) => each.code);

function kindsIn(text: string): Set<NodeKind> {
  const kinds = new Set<NodeKind>();
  walk(read(text).file, (node) => {
    kinds.add(node.kind);
    return undefined;
  });
  return kinds;
}

it("reads every construct of the language", () => {
  expect(codes(everythingElse)).toEqual([]);
  const kinds = new Set([
    ...corpusCases("valid").flatMap(({ text }) => [...kindsIn(text)]),
    ...kindsIn(everythingElse),
  ]);
  expect([...kinds].sort()).toEqual(
    Object.keys(childKeys)
      .filter((kind) => kind !== "Broken")
      .sort(),
  );
});

it("takes every keyword for a name where a name is wanted", () => {
  for (const keyword of keywords) {
    expect(codes(`gate ${keyword} { require x.${keyword} > 1, clustered by ${keyword} }`), keyword).toEqual([]);
    const mayBegin = !wordsThatBeginNoOperand.has(keyword as never);
    expect(codes(`gate g { require ${keyword} > 1 }`).length === 0, keyword).toBe(mayBegin);
    expect(
      codes(`gate g { require ${keyword}(a) > 1 require f(${keyword}) > 1 require ${keyword}.x > 1 }`),
      keyword,
    ).toEqual([]);
  }
});

it("ends a condition before `at` when no confidence follows", () => {
  expect(codes("gate g { require a > 1 at least 2 of { require b > 1 } }")).toEqual([]);
  expect(codes("gate g { require a > 1 at 95% confidence at least 2 of { require b > 1 } }")).toEqual([]);
  expect(codes('scenario "s" for p { at 0h a = 1 at 1h b = 2 }')).toEqual([]);
});

it("lets columns be named like the words that may follow a column", () => {
  expect(
    codes('policy p { dataset d { columns { a number in category one category from category b text from "raw" } } }'),
  ).toEqual([]);
  expect(codes("policy p { dataset d { columns { a number optional text } } }")).toEqual(["syntax/missing-part"]);
});

it("gives every node a span inside of its parent's, in the order of the text", () => {
  const check = (node: TreeNode, text: string): void => {
    let before = node.span.start;
    for (const child of childrenOf(node)) {
      expect(child.span.start, `${child.kind} in ${node.kind}`).toBeGreaterThanOrEqual(before);
      expect(child.span.end, `${child.kind} in ${node.kind}`).toBeLessThanOrEqual(node.span.end);
      before = child.kind === "Quantifier" ? child.span.start : child.span.end;
      check(child, text);
    }
  };
  for (const text of [
    everythingElse,
    ...[...corpusCases("valid"), ...corpusCases("syntax")].map((each) => each.text),
  ]) {
    check(read(text).file, text);
  }
});

it("keeps names with the place at which they stand", () => {
  const source = createSource("p", everythingElse);
  walk(parse(source).file, (node) => {
    if (node.kind === "Name") expect(spanText(source, node.span)).toBe(node.text);
    if (node.kind === "Quantity") expect(spanText(source, node.span)).toBe(node.raw);
    return undefined;
  });
});

it("lists comments in the order of the text, apart from the tree", () => {
  const { comments } = read("// a\ngate g { /* b */ }\n// c");
  expect(comments.map((each) => `${each.kind} ${each.text}`)).toEqual(["line // a", "block /* b */", "line // c"]);
});

it("says once that a file is too large, and does not read it", () => {
  const { file, diagnostics } = read("x".repeat(4 * 1024 * 1024 + 1));
  expect(diagnostics.map((each) => each.code)).toEqual(["syntax/too-large"]);
  expect(file.declarations.map((each) => each.kind)).toEqual(["Broken"]);
});

it("answers any depth of nesting with a diagnostic", () => {
  for (const depth of [1, 10, 60, 70, 1_000, 100_000, 1_000_000]) {
    for (const [open, code] of [
      ["{", 1],
      ["policy p {\n", 1],
      ["gate g { require a(", 20],
      ["train { command [", 20],
      ["gate g { any of {\n", 1],
    ] as const) {
      const times = open.length > 1 ? Math.min(depth, 200_000) : depth;
      const found = codes(code === 1 ? open.repeat(times) : open + open.slice(-1).repeat(times));
      expect(found.length).toBeGreaterThan(0);
      if (times > 64) expect(found).toContain("syntax/too-deep");
    }
    expect(codes("/*".repeat(depth)).length).toBeGreaterThan(0);
    expect(codes('"'.repeat(depth * 2 + 1)).length).toBeGreaterThan(0);
  }
});

it("keeps what stands around a broken statement", () => {
  const { file } = read(
    'policy p {\n  risk\n  owner "x"\n  gate g {\n    require a >\n    require b > 1\n  }\n}\npolicy q { risk low }',
  );
  const kinds: string[] = [];
  walk(file, (node) => {
    if (["Policy", "Risk", "Prose", "Gate", "Requirement", "Broken"].includes(node.kind)) kinds.push(node.kind);
    return undefined;
  });
  // `risk` takes the next word for its level, as line breaks mean nothing; the text behind it is then out of place.
  expect(kinds).toEqual(["Policy", "Broken", "Gate", "Broken", "Requirement", "Policy", "Risk"]);
});

it("what stands between entries and is none of them is a mistake at its place, also where nothing else in the file is wrong", () => {
  for (const block of ['env { A = "x", B = "y" }', "env { , }", "resources { cpu 1, memory 2Gi }"]) {
    const text = `policy a {\n  train { command ["x"] ${block} }\n}\n`;
    const found = parse(createSource("a.retrain", text)).diagnostics;
    expect(
      found.map(({ span }) => text.slice(span.start, span.end)),
      block,
    ).toEqual([","]);
  }
});
