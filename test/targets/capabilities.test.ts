import { expect, it } from "vitest";
import type { Engines } from "../../compiler/plan/engines.ts";
import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import { targets } from "../../targets/registry.ts";
import type { Capability } from "../../targets/shared/capability.ts";
import { conditionUses } from "../../targets/shared/constructs/condition-uses.ts";
import { type ConstructId, constructIds, constructs } from "../../targets/shared/constructs/constructs.ts";
import { rowsOf } from "../../targets/shared/table.ts";
import type { Target } from "../../targets/target.ts";
import { CASES, casePlan, PODS, VERTEX } from "../support/capability-cases.ts";
import { argoBindings } from "../support/engine-plan.ts";
import { enginePlans } from "../support/engine-policies.ts";

/** What a target says of a plan, by code and line. */
function said(target: Target, plan: PipelinePlan): { code: string; severity: string; line: number }[] {
  return target
    .check(plan, (place) => ({ path: place.file, start: place.line, end: place.line }))
    .map(({ code, severity, span }) => ({ code, severity, line: span.start }));
}

/** A cell against a policy that has the construct: refused there and with its code, or compiled. */
function expectCell(target: Target, id: ConstructId, { support }: Capability, plan: PipelinePlan): void {
  const what = `${id} on ${target.name}: ${support}`;
  const lines = constructs[id].find(plan, target.name).map(({ place }) => place.line);
  const found = said(target, plan);
  const errors = found.filter(({ severity }) => severity === "error");
  if (support === "refused") {
    expect(lines, `${what}: the policy has it`).not.toEqual([]);
    expect(errors, what).toEqual(
      expect.arrayContaining(lines.map((line) => ({ code: constructs[id].code, severity: "error", line }))),
    );
    return;
  }
  const warned = lines.map((line) => ({ code: "target/not-yet-carried-out", severity: "warning", line }));
  if (support === "pending") expect(found, what).toEqual(expect.arrayContaining(warned));
  // A policy of the corpus may have other constructs, which this engine refuses; its own is not among them.
  const refusals = errors.filter(({ line }) => lines.includes(line));
  expect(CASES[id].corpus === undefined ? errors : refusals, what).toEqual([]);
  if (errors.length === 0) expect(target.emit(plan).length, what).toBeGreaterThan(0);
}

it.each([...targets.values()])("every cell of the column of $name is what the engine does", (target) => {
  for (const id of constructIds) expectCell(target, id, target.capabilities[id], casePlan(id));
});

const OPTIONS: Readonly<Record<string, Engines>> = { "platform: vertex": VERTEX, "executor: kubernetes": PODS };

it("every cell that an option of the environment changes is what the engine does with the option", () => {
  for (const target of targets.values()) {
    for (const { option, capabilities } of target.variants) {
      const engines = OPTIONS[option];
      if (engines === undefined) throw new Error(`no environment has ${option}`);
      for (const id of constructIds) {
        const plan = casePlan(id, engines);
        expectCell(target, id, capabilities[id] ?? target.capabilities[id], plan);
      }
    }
  }
});

it("every policy of the table has the construct on some engine, and hardly anything has all of them", () => {
  for (const id of constructIds) {
    const plan = casePlan(id);
    expect(
      [...targets.keys()].some((target) => constructs[id].find(plan, target).length > 0),
      id,
    ).toBe(true);
  }
  const plain = casePlan("gate");
  const absent = constructIds.filter((id) =>
    [...targets.keys()].every((key) => constructs[id].find(plain, key).length === 0),
  );
  expect(absent.length).toBeGreaterThan(30);
});

it("whatever the runtime has no answer to is a row of the table", () => {
  const plans = [...constructIds.map((id) => casePlan(id)), ...enginePlans(argoBindings, 50).map(({ plan }) => plan)];
  for (const plan of plans) {
    const covered = constructIds
      .filter((id) => constructs[id].chapter === "conditions")
      .flatMap((id) => constructs[id].find(plan, "local").map(({ place }) => place));
    for (const { construct, place } of conditionUses(plan)) expect(covered, construct).toContain(place);
  }
});

it("names are short enough for a table, and no two rows have one name", () => {
  const names = constructIds.map((id) => constructs[id].name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name.length, name).toBeLessThanOrEqual(39);
});

it("the table that tools read says which diagnostic refuses a construct", () => {
  const rows = [...targets.values()].flatMap((target) => rowsOf(target));
  expect(rows).toHaveLength(4 * constructIds.length);
  for (const row of rows) {
    const code = { refused: constructs[row.id].code, pending: "target/not-yet-carried-out" }[row.support as "refused"];
    expect(row.code).toBe(code);
    expect(row.how).not.toBe("");
  }
});
