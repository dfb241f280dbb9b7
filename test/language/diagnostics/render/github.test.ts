import { expect, it } from "vitest";
import type { Diagnostic, Severity } from "../../../../language/diagnostics/diagnostic.ts";
import { renderGithub } from "../../../../language/diagnostics/render/github.ts";
import { sourcesOf } from "../../../../language/diagnostics/render/position.ts";
import { createSource } from "../../../../language/text/source.ts";

const path = "a,b:c%.retrain";
const source = createSource(path, "one\ntwo three\n");

function found(severity: Severity, message: string, start = 4, end = 7): Diagnostic {
  return { code: "gate/slide", severity, message, span: { path, start, end }, labels: [], help: "Do: it.", fixes: [] };
}

it("writes commands with what has a meaning in them escaped, in texts and in properties", () => {
  const { annotations, summary } = renderGithub([found("warning", "100%: a, b\r\nc\u0007")], sourcesOf([source]));
  expect(annotations).toBe(
    "::warning file=a%2Cb%3Ac%25.retrain,line=2,col=1,endColumn=4,title=gate/slide::100%25: a, b\\u{d}%0Ac\\u{7}%0ADo: it.\n",
  );
  expect(summary).toBe("");
});

it("gives an end line instead of columns where a place spans lines", () => {
  expect(renderGithub([found("info", "m", 0, 5)], sourcesOf([source])).annotations).toContain(
    "::notice file=a%2Cb%3Ac%25.retrain,line=1,endLine=2,title",
  );
});

it("shows ten of each kind and lists the rest in the summary", () => {
  const all = (["error", "warning", "info"] as const).flatMap((severity) =>
    Array.from({ length: 12 }, (_, index) => found(severity, `number ${index}`)),
  );
  const { annotations, summary, left } = renderGithub(all, sourcesOf([source]));
  expect(annotations.match(/^::error /gm)).toHaveLength(10);
  expect(annotations.match(/^::warning /gm)).toHaveLength(10);
  expect(annotations.match(/^::notice /gm)).toHaveLength(10);
  expect(left).toBe(6);
  expect(summary.match(/number 1[01] /g)).toHaveLength(6);
});

it("keeps the summary below one MiB and says how many rows are left out", () => {
  const all = Array.from({ length: 30_000 }, () => found("error", `\u00e9${"x|<b>".repeat(20)}`));
  const { summary } = renderGithub(all, sourcesOf([source]));
  expect(new TextEncoder().encode(summary).length).toBeLessThanOrEqual(1024 * 1024);
  expect(new TextEncoder().encode(summary).length).toBeGreaterThan(1000 * 1024);
  expect(summary).toMatch(/\n\d+ more are not listed\.\n$/);
  expect(summary).not.toContain("<b>");
  const rows = summary.split("\n").filter((line) => line.startsWith("| a"));
  expect(rows.length + Number(/(\d+) more are not/.exec(summary)?.[1])).toBe(29_990);
});
