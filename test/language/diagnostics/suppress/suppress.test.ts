import { expect, it } from "vitest";
import type { Diagnostic } from "../../../../language/diagnostics/diagnostic.ts";
import { applyFixes } from "../../../../language/diagnostics/fix/apply.ts";
import { diagnostic } from "../../../../language/diagnostics/report.ts";
import { applySuppressions } from "../../../../language/diagnostics/suppress/suppress.ts";
import { parse } from "../../../../language/syntax/parse.ts";
import { createSource } from "../../../../language/text/source.ts";

const path = "p.retrain";

/** A warning at the first occurrence of a word. */
function warningAt(text: string, word: string): Diagnostic {
  const start = text.indexOf(word);
  return diagnostic("policy/image-without-digest", { path, start, end: start + word.length }, { image: word });
}

function left(text: string, ...words: readonly string[]): string[] {
  const source = createSource(path, text);
  const found = words.map((word) => warningAt(text, word));
  return applySuppressions({ source, ...parse(source) }, found).map(
    (one) => `${one.code} ${text.slice(one.span.start, one.span.end)}`,
  );
}

const ignore = "// retrain-ignore policy/image-without-digest: a reason";

it("sets aside what the next statement gives, and nothing after it", () => {
  const text = `gate g {\n  ${ignore}\n\n  // another comment\n  require one > 1\n  require two > 1\n}\n`;
  expect(left(text, "one", "two")).toEqual(["policy/image-without-digest two"]);
});

it("sets aside what the statement on its line gives, and nothing before or after it", () => {
  const text = `gate g {\n  require zero > 1\n  require one > 1 ${ignore}\n  require two > 1\n}\n`;
  expect(left(text, "zero", "one", "two")).toEqual([
    "policy/image-without-digest zero",
    "policy/image-without-digest two",
  ]);
});

it("holds for a statement over several lines from its first to its last", () => {
  const text = `policy p { train {\n  command ["a",\n    "one"] ${ignore}\n} }\n`;
  expect(left(text, '"one"')).toEqual([]);
});

it("holds for the head of a block and not for its statements", () => {
  const text = `policy p {\n rollout {\n  ${ignore}\n  stage head {\n    traffic 5%\n    require inner > 1\n  }\n }\n}\n`;
  expect(left(text, "head", "5%", "inner")).toEqual(["policy/image-without-digest inner"]);
  const behind = text.replace(`  ${ignore}\n`, "").replace("stage head {", `stage head { ${ignore}`);
  expect(left(behind, "head", "5%", "inner")).toEqual(["policy/image-without-digest inner"]);
});

it("does not reach over the end of a block", () => {
  const text = `gate g {\n  require zero > 1\n  ${ignore}\n}\ngate one { require x > 1 }\n`;
  expect(left(text, "one")).toEqual([
    "lint/ignore-unused policy/image-without-digest",
    "policy/image-without-digest one",
  ]);
});

it("reads several codes, several comments and comments between stars", () => {
  const text = `gate g {\n  /* retrain-ignore gate/slide,\n     policy/image-without-digest: a\n     reason */\n  require one > 1\n}\n`;
  expect(left(text, "one")).toEqual(["lint/ignore-unused gate/slide"]);
  const twice = `gate g {\n  // retrain-ignore gate/slide: x\n  ${ignore}\n  require one > 1\n}\n`;
  expect(left(twice, "one")).toEqual(["lint/ignore-unused gate/slide"]);
});

it("asks for a code and a reason, and hides nothing without them", () => {
  for (const written of [
    "// retrain-ignore",
    "// retrain-ignore : reason",
    "// retrain-ignore policy/image-without-digest",
    "// retrain-ignore policy/image-without-digest:   ",
  ]) {
    expect(left(`gate g {\n  ${written}\n  require one > 1\n}\n`, "one").map((one) => one.split(" ")[0])).toEqual([
      "lint/ignore-incomplete",
      "policy/image-without-digest",
    ]);
  }
});

it("takes no other comment for one of its own", () => {
  const text =
    "gate g {\n  // retrain-ignored, and text: about retrain-ignore\n  // see retrain-ignore x: y\n  require one > 1\n}\n";
  expect(left(text, "one")).toEqual(["policy/image-without-digest one"]);
});

it("says what was meant by an unknown code, and that errors are never set aside", () => {
  const text = "gate g {\n  // retrain-ignore gate/slid, gate/always-holds, __proto__: reason\n  require one > 1\n}\n";
  const source = createSource(path, text);
  const found = applySuppressions({ source, ...parse(source) }, []);
  expect(found.map(({ message }) => message)).toEqual([
    "there is no diagnostic `gate/slid`, did you mean `gate/slide`?",
    "`gate/always-holds` is an error and cannot be ignored",
    "there is no diagnostic `__proto__`",
  ]);
});

it("keeps an error whose code is set aside as a warning", () => {
  const text = `gate g {\n  ${ignore}\n  require one > 1\n}\n`;
  const source = createSource(path, text);
  const error: Diagnostic = { ...warningAt(text, "one"), severity: "error" };
  expect(applySuppressions({ source, ...parse(source) }, [error])).toContain(error);
});

it("calls nothing unused where the file does not parse, or where the area is judged elsewhere", () => {
  expect(left(`gate g {\n  ${ignore}\n  require one > 1\n  require\n}\n`)).toEqual([]);
  expect(left("gate g {\n  // retrain-ignore policy/review-overdue: soon\n  require one > 1\n}\n")).toEqual([]);
});

it("removes an unused comment with its line, from behind a statement, and one code of several", () => {
  const fixed = (text: string): string => {
    const source = createSource(path, text);
    const found = applySuppressions({ source, ...parse(source) }, []);
    return applyFixes(new Map([[path, text]]), found).texts.get(path) ?? "";
  };
  expect(fixed(`gate g {\n  ${ignore}\n  require one > 1\n}\n`)).toBe("gate g {\n  require one > 1\n}\n");
  expect(fixed(`gate g {\r\n  require one > 1 ${ignore}\r\n}\r\n`)).toBe("gate g {\r\n  require one > 1\r\n}\r\n");
  expect(fixed("gate g {\n  // retrain-ignore gate/slide, target/x: r\n  require one > 1\n}\n")).toBe(
    "gate g {\n  // retrain-ignore target/x: r\n  require one > 1\n}\n",
  );
});
