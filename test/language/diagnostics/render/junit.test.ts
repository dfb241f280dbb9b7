import { expect, it } from "vitest";
import type { Diagnostic, Severity } from "../../../../language/diagnostics/diagnostic.ts";
import { renderJunit } from "../../../../language/diagnostics/render/junit.ts";
import { sourcesOf } from "../../../../language/diagnostics/render/position.ts";
import { createSource } from "../../../../language/text/source.ts";
import { checkText } from "../../../support/check-text.ts";
import { corpusCases } from "../../../support/corpus.ts";
import { readXml } from "../../../support/xml.ts";

const path = `a&"b'<c>.retrain`;
const sources = sourcesOf([createSource(path, "one\ntwo three\n"), createSource("clean.retrain", "")]);
const found = (severity: Severity, message: string): Diagnostic => ({
  code: "gate/slide",
  severity,
  message,
  span: { path, start: 4, end: 7 },
  labels: [],
  help: "Do <it> & more.\nThen that.",
  fixes: [],
});

it("writes a suite a file and a case a diagnostic, of which only those fail that fail the check", () => {
  const text = renderJunit(
    [found("error", '`a` < "b"'), found("warning", "w")],
    sources,
    (one) => one.severity === "error",
  );
  const { attributes, children } = readXml(text);
  expect(Object.fromEntries(attributes)).toEqual({ name: "retrain check", tests: "3", failures: "1", errors: "0" });
  expect(children.map((suite) => suite.attributes.get("name"))).toEqual([path, "clean.retrain"]);
  const [first, second] = children[0]?.children ?? [];
  expect(Object.fromEntries(first?.attributes ?? [])).toEqual({
    name: "gate/slide at 2:1",
    classname: path,
    file: path,
    line: "2",
  });
  expect(first?.children.map(({ name, attributes, text }) => [name, attributes.get("message"), text])).toEqual([
    ["failure", '`a` < "b"', `${path}:2:1: error: \`a\` < "b"\nDo <it> & more.\nThen that.`],
  ]);
  expect(second?.children.map(({ name }) => name)).toEqual(["system-out"]);
  expect(children[1]?.children.map(({ attributes, children }) => [attributes.get("name"), children.length])).toEqual([
    ["check", 0],
  ]);
});

it("stays well-formed whatever stands in a message", () => {
  const nasty = [
    "\u0000\u0007\u001b[31m",
    "]]>",
    "<!--",
    "\uD800",
    "\uFFFE\uFFFF",
    "\u202E",
    "&amp;",
    "\r\n\t",
    "\u{1F600}",
  ];
  const text = renderJunit(
    nasty.map((each) => found("error", each)),
    sources,
    () => true,
  );
  const { children } = readXml(text);
  const messages = children[0]?.children.map((each) => each.children[0]?.attributes.get("message"));
  expect(messages).toEqual([
    "\\u{0}\\u{7}\\u{1b}[31m",
    "]]>",
    "<!--",
    "\\u{d800}",
    "\\u{fffe}\\u{ffff}",
    "\\u{202e}",
    "&amp;",
    "\\u{d}\\u{a} ",
    "\u{1F600}",
  ]);
});

it("writes what the corpus gives as well-formed reports with every diagnostic", () => {
  let cases = 0;
  for (const { name, text } of [...corpusCases("syntax"), ...corpusCases("semantics")]) {
    const { source, diagnostics } = checkText(text, `${name}.retrain`);
    if (diagnostics.length === 0) continue;
    const { children } = readXml(renderJunit(diagnostics, sourcesOf([source]), () => true));
    expect(children[0]?.children, name).toHaveLength(diagnostics.length);
    cases += 1;
  }
  expect(cases).toBeGreaterThan(100);
});

it.each([
  "<a><b></a></b>",
  '<a b="1" b="2"/>',
  "<a>&nbsp;</a>",
  "<a>1 & 2</a>",
  '<a b="<"/>',
  "<a/><a/>",
  "<a>\u0007</a>",
  "<a",
])("reads no document that is not well-formed, so that the tests above say something: %s", (text) => {
  expect(() => readXml(text)).toThrow();
});
