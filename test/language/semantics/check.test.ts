import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Diagnostic } from "../../../language/diagnostics/diagnostic.ts";
import { capped, check } from "../../../language/semantics/check.ts";
import { quantileSamples, requestsWithoutEvent } from "../../../language/semantics/sample-size.ts";
import { parse } from "../../../language/syntax/parse.ts";
import { createSource } from "../../../language/text/source.ts";
import { checkText } from "../../support/check-text.ts";

const corpus = join(import.meta.dirname, "../../corpus");
const plain = readFileSync(join(corpus, "semantics/plain/policy.retrain"), "utf8");

/** Applies one fix of a diagnostic to the text. */
function applied(text: string, found: Diagnostic, which: number): string {
  const edits = [...(found.fixes[which]?.edits ?? [])].sort((left, right) => right.span.start - left.span.start);
  return edits.reduce(
    (result, { span, text: written }) => result.slice(0, span.start) + written + result.slice(span.end),
    text,
  );
}

it("finds no error in the policies of the design, with templates, imports and guardrails resolved", () => {
  const read = (name: string, path: string) => {
    const source = createSource(path, readFileSync(join(corpus, "valid", name, "policy.retrain"), "utf8"));
    return { source, ...parse(source) };
  };
  const files = [
    read("demand_forecast", "demand_forecast.retrain"),
    read("flight_delays", "flight_delays.retrain"),
    read("fraud_scorer", "fraud_scorer.retrain"),
    read("shared_requirements", "shared/slo.retrain"),
  ];
  const { policies, diagnostics } = check(files, { guardrails: ["shared/slo.retrain"], freezes: [] });
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(policies.map(({ name, broken }) => `${name} ${broken}`)).toEqual([
    "shoes_forecast false",
    "toys_forecast false",
    "flight_delays false",
    "fraud_scorer false",
  ]);
  const canary = policies.at(-1)?.rollout?.stages.find(({ name }) => name === "canary");
  expect(canary?.requirements).toHaveLength(2);
});

it("says both readings of a bare percentage with numbers, and either fix settles it", () => {
  const text = plain.replace("drops 3pp below", "drops 3% below");
  const { diagnostics } = checkText(text);
  expect(diagnostics.map(({ code }) => code)).toEqual(["unit/bare-percent-margin"]);
  const [found] = diagnostics;
  if (found === undefined) throw new Error("nothing found");
  expect(found.help).toContain("from 0.9 to 0.87");
  expect(found.help).toContain("only to 0.873");
  expect(found.fixes).toHaveLength(2);
  for (const [which, margin] of [
    [0, "3pp"],
    [1, "relative 3%"],
  ] as const) {
    const fixed = applied(text, found, which);
    expect(fixed).toContain(`auc drops ${margin} below`);
    expect(checkText(fixed).diagnostics).toEqual([]);
  }
});

it("offers fixes that settle what they are offered for", () => {
  const edits: readonly (readonly [string, string])[] = [
    ["challenger.auc >= 0.80", "challenger.acu >= 0.80"],
    ["challenger.auc >= 0.80", "challenger.auc >= 80"],
    ["challenger.auc >= 0.80", "auc >= 0.80"],
    ["challenger.auc >= 0.80", "challenger.auc >= 80pp"],
    ["auc drops 3pp below", "auc rises 3pp above"],
    ["auc drops 3pp below", "auc drops 3pp above"],
    ["by 1pp", "by -1pp"],
    ["than champion.auc", "than challenger.auc"],
    ["for 2h..12h", "for 12h..2h"],
    ["at least 1_000 requests", "at least 1_000 rows"],
    ["Europe/Berlin", "Europe/Berln"],
    ["on promoted,", "on promted,"],
    ["psi(customers.spend)", "psi(spend)"],
    ["plan    category", "plan    string"],
    ["warn    psi(age)", "advisory psi(age)"],
  ];
  for (const [from, to] of edits) {
    const text = plain.replace(from, to);
    expect(text, to).not.toBe(plain);
    const { diagnostics } = checkText(text);
    expect(diagnostics, to).toHaveLength(1);
    const [found] = diagnostics;
    if (found === undefined) continue;
    const after = checkText(applied(text, found, 0)).diagnostics.map(({ code }) => code);
    expect(after, `${to}: ${found.code}`).not.toContain(found.code);
  }
});

it("judges review_by only when it is told which day it is", () => {
  const text = plain.replace("risk        low", "risk        low\n  review_by   2020-01-31");
  expect(checkText(text).diagnostics).toEqual([]);
  const today = Date.UTC(2020, 1, 1);
  expect(checkText(text, "a.retrain", { today }).diagnostics.map(({ code }) => code)).toEqual([
    "policy/review-overdue",
  ]);
  expect(checkText(text, "a.retrain", { today: Date.UTC(2020, 0, 31) }).diagnostics).toEqual([]);
  const high = text.replace("risk        low", "risk        high");
  expect(checkText(high, "a.retrain", { today }).diagnostics.map(({ code }) => code)).toEqual([
    "policy/review-overdue-high",
  ]);
});

it("reads a freeze from the first instant of its first day to the last of its last, as its zone counts days", () => {
  const freeze = '  freeze rollout 2026-11-25..2026-12-01 in "America/New_York" because "peak"\n\n  notify {';
  const { policies, diagnostics } = checkText(plain.replace("  notify {", freeze));
  expect(diagnostics).toEqual([]);
  const [read] = policies[0]?.freezes ?? [];
  expect(new Date(read?.from ?? 0).toISOString()).toBe("2026-11-25T05:00:00.000Z");
  expect(new Date(read?.until ?? 0).toISOString()).toBe("2026-12-02T05:00:00.000Z");
  // In Beirut, clocks jump from 00:00 to 01:00 on 29 March 2026: the day begins at 01:00.
  const gap = freeze
    .replace("America/New_York", "Asia/Beirut")
    .replace("2026-11-25..2026-12-01", "2026-03-29..2026-03-29");
  const [short] = checkText(plain.replace("  notify {", gap)).policies[0]?.freezes ?? [];
  expect(new Date(short?.from ?? 0).toISOString()).toBe("2026-03-28T22:00:00.000Z");
  expect((short?.until ?? 0) - (short?.from ?? 0)).toBe(23 * 3_600_000);
});

it("wants names of policies to be unique among all files", () => {
  const files = ["a.retrain", "b.retrain"].map((path) => {
    const source = createSource(path, plain);
    return { source, ...parse(source) };
  });
  const { policies, diagnostics } = check(files);
  expect(policies).toHaveLength(1);
  expect(diagnostics.map(({ code, span, labels }) => `${code} ${span.path} ${labels[0]?.span.path}`)).toEqual([
    "name/duplicate b.retrain a.retrain",
  ]);
});

it("shows errors first when it shows only some, and counts the rest", () => {
  const text = readFileSync(join(corpus, "semantics/several-in-trigger/policy.retrain"), "utf8").replace(
    /@sha256:[0-9a-f]{64}/gu,
    ":latest",
  );
  const { diagnostics } = checkText(text);
  const shown = capped(diagnostics, 4);
  expect(diagnostics.length).toBeGreaterThan(4);
  expect(shown.map(({ severity }) => severity)).toEqual(["error", "error", "error", "error", "info"]);
  expect(shown.at(-1)?.message).toBe(`${diagnostics.length - 4} more diagnostics are not shown`);
  expect(capped(diagnostics, 100)).toEqual(diagnostics);
});

it("asks for the requests that show a margin without any error, and for 299 to bound a p99", () => {
  expect(requestsWithoutEvent(0.01)).toBe(924);
  expect(quantileSamples(0.99, 0.95)).toBe(299);
  expect(quantileSamples(0.95, 0.95)).toBe(59);
});
