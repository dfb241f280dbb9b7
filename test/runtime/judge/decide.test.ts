import { expect, it } from "vitest";
import type { Requirement } from "../../../compiler/plan/condition.ts";
import { decide } from "../../../runtime/judge/decide.ts";
import type { Finding } from "../../../runtime/judge/finding.ts";

const place = { file: "p.retrain", line: 1, column: 1, endLine: 1, endColumn: 2 };

function requirement(id: string, role: Requirement["role"] = "require"): Requirement {
  return { kind: "requirement", id, role, text: id, place, test: { kind: "schema", dataset: "flights" } };
}

function found(id: string, verdict: Finding["verdict"], more: Partial<Finding> = {}): Finding {
  return { requirement: id, role: "require", text: id, verdict, sentence: `${id} says ${verdict}`, ...more };
}

const three = ["a", "b", "c"].map((id) => requirement(id));

it("says why in the words of the finding that brought the decision about", () => {
  const findings = [found("a", "pass"), found("b", "inconclusive", { reason: "stale" }), found("c", "fail")];
  expect(decide({ id: "gate.offline", requirements: three }, findings)).toMatchObject({
    verdict: "fail",
    sentence: "gate.offline fails: c says fail",
  });
  expect(decide({ id: "gate.offline", requirements: three.slice(0, 2) }, findings)).toMatchObject({
    verdict: "inconclusive",
    reason: "stale",
    sentence: "gate.offline is inconclusive (stale): b says inconclusive",
  });
  expect(decide({ id: "gate.offline", requirements: three.slice(0, 1) }, findings).sentence).toBe(
    "gate.offline passes: 1 of 1 requirements hold",
  );
});

it("takes a requirement that was never judged as inconclusive", () => {
  const decision = decide({ id: "gate.offline", requirements: three }, [found("a", "pass"), found("b", "pass")]);
  expect(decision).toMatchObject({ verdict: "inconclusive", reason: "cancelled" });
});

it("records advisory and warning findings and never counts them", () => {
  const requirements = [requirement("a"), requirement("b", "advisory"), requirement("c", "warn")];
  const findings = [found("a", "pass"), found("b", "fail", { role: "advisory" }), found("c", "fail", { role: "warn" })];
  const decision = decide({ id: "gate.offline", requirements }, findings);
  expect(decision.verdict).toBe("pass");
  expect(decision.findings).toHaveLength(3);
  expect(decide({ id: "validate.flights", requirements: [requirement("c", "warn")] }, findings)).toMatchObject({
    verdict: "pass",
    sentence: "validate.flights passes: nothing is required",
  });
});

it("leaves skipped findings out, and does not pass where nothing else is left", () => {
  const skipped = found("b", "skipped", { reason: "no_champion" });
  const some = decide({ id: "gate.offline", requirements: three.slice(0, 2) }, [found("a", "pass"), skipped]);
  expect(some.verdict).toBe("pass");
  const none = decide({ id: "gate.offline", requirements: three.slice(1, 2) }, [skipped]);
  expect(none).toMatchObject({ verdict: "inconclusive", reason: "no_champion" });
});

it("leaves skipped members out of groups: all stays all, at least two stays two", () => {
  const group = (atLeast: number, members: readonly Requirement[]) => ({
    kind: "group" as const,
    id: "gate.offline.1",
    atLeast,
    members: [...members],
    place,
  });
  const findings = [
    found("a", "pass"),
    found("b", "skipped", { reason: "no_champion" }),
    found("c", "skipped", { reason: "no_champion" }),
  ];
  const verdict = (atLeast: number, members: readonly Requirement[]) =>
    decide({ id: "gate.offline", requirements: [group(atLeast, members)] }, findings).verdict;
  expect(verdict(3, three)).toBe("pass");
  expect(verdict(2, three)).toBe("inconclusive");
  expect(verdict(1, three)).toBe("pass");
  expect(verdict(1, three.slice(1))).toBe("inconclusive");
});

it("hands on what happens on inconclusive and does not apply it", () => {
  const onInconclusive = { action: "proceed", because: "known gap" } as const;
  const program = { id: "gate.offline", requirements: three, onInconclusive, observeOnly: true };
  const decision = decide(program, []);
  expect(decision).toMatchObject({ verdict: "inconclusive", onInconclusive, observeOnly: true });
});
