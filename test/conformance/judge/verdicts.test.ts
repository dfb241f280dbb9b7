import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { Requirement } from "../../../compiler/plan/condition.ts";
import { Test } from "../../../compiler/plan/condition.ts";
import type { Context, Live } from "../../../runtime/judge/context.ts";
import { decide } from "../../../runtime/judge/decide.ts";
import type { Finding, Verdict } from "../../../runtime/judge/finding.ts";
import { holds, judge } from "../../../runtime/judge/judge.ts";
import type { Observation } from "../../../runtime/judge/observation.ts";

const lines = <T>(file: string): T[] =>
  readFileSync(new URL(file, import.meta.url), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line, (_, value) => tagged[value] ?? value) as T);

/** Numbers that JSON has no word for. */
const tagged: Record<string, number> = {
  NaN: Number.NaN,
  "+Inf": Number.POSITIVE_INFINITY,
  "-Inf": Number.NEGATIVE_INFINITY,
};

/** Rows and samples are written as a pattern that is repeated, or as blocks of `[rows, label, challenger, champion]`; `short` drops a column's last value. */
interface Written {
  readonly kind: string;
  readonly repeat?: number;
  readonly short?: string;
  readonly blocks?: readonly (readonly [number, number, number, number])[];
  readonly label?: readonly number[];
  readonly challenger?: readonly number[];
  readonly champion?: readonly number[];
  readonly values?: readonly number[];
}

interface Case {
  readonly name: string;
  readonly test: unknown;
  readonly observation: Written;
  readonly verdict: Verdict;
  readonly reason?: string;
  readonly live?: Live;
}

const context: Context = {
  task: "binary",
  decidesAt: 0.5,
  champion: true,
  firstModel: "absolute_gates_only",
  policyDigest: "0".repeat(64),
};

function requirement(test: Test, id = "gate.offline.1"): Requirement {
  const place = { file: "p.retrain", line: 1, column: 1, endLine: 1, endColumn: 2 };
  return { kind: "requirement", id, role: "require", text: "as written", place, test };
}

function observed(written: Written): Observation {
  const column = (name: string, pattern: readonly number[]) => {
    const all = Float64Array.from(Array.from({ length: written.repeat ?? 1 }, () => pattern).flat());
    return written.short === name ? all.slice(1) : all;
  };
  if (written.blocks !== undefined) {
    const from = (index: 1 | 2 | 3) =>
      Float64Array.from((written.blocks ?? []).flatMap((block) => Array<number>(block[0]).fill(block[index])));
    return { kind: "rows", label: from(1), challenger: from(2), champion: from(3), groups: {} };
  }
  if (written.kind === "rows") {
    return {
      kind: "rows",
      label: column("label", written.label ?? []),
      challenger: column("challenger", written.challenger ?? []),
      ...(written.champion === undefined ? {} : { champion: column("champion", written.champion) }),
      groups: {},
    };
  }
  if (written.kind === "sample") return { kind: "sample", values: column("values", written.values ?? []) };
  return written as unknown as Observation;
}

const cases = lines<Case>("verdicts.jsonl");

it("has a test of every kind in its data", () => {
  const kinds = new Set(cases.map(({ test }) => Test.parse(test).kind));
  expect([...kinds].sort()).toEqual(["change", "comparison", "range", "schema", "threshold"]);
});

for (const { name, test, observation, verdict, reason, live } of cases) {
  it(`judges: ${name}`, () => {
    const parsed = Test.parse(test);
    const seen = { ...context, ...(live === undefined ? {} : { live }) };
    const finding = judge(requirement(parsed), observed(observation), seen);
    expect({ verdict: finding.verdict, reason: finding.reason }, finding.sentence).toEqual({ verdict, reason });
    expect(finding.sentence).not.toMatch(/NaN|undefined|Infinity/);
    expect(JSON.parse(JSON.stringify(finding))).toEqual(finding);
    if (reason === "sample_ratio_mismatch") return;
    const truth = { pass: true, fail: false, inconclusive: "unknown" }[verdict];
    expect(holds(parsed, observed(observation), seen).truth).toBe(truth);
  });
}

it("combines verdicts as every completion of the unknown ones does", () => {
  const table = lines<{ members: Verdict[]; atLeast: number; expected: Verdict }>("combining.jsonl");
  const base = requirement({ kind: "schema", dataset: "flights" });
  const wrong = table.filter(({ members, atLeast, expected }) => {
    const requirements = members.map((_, index) => ({ ...base, id: `gate.g.${index}` }));
    const findings: Finding[] = members.map((verdict, index) => ({
      requirement: `gate.g.${index}`,
      role: "require",
      text: "",
      verdict,
      sentence: "",
      ...(verdict === "inconclusive" ? { reason: "stale" as const } : {}),
    }));
    const group = { kind: "group" as const, id: "gate.g", atLeast, members: requirements, place: base.place };
    const grouped = decide({ id: "gate.g", requirements: [group] }, findings).verdict;
    const joined = decide({ id: "gate.g", requirements }, findings).verdict;
    return grouped !== expected || (atLeast === members.length && joined !== expected);
  });
  expect(table.length).toBe(426);
  expect(wrong).toEqual([]);
});
