import type { OnInconclusive, Requirement, RequirementGroup } from "../../compiler/plan/condition.ts";
import type { Decision, Finding, FindingGroup, Reason, Verdict } from "./finding.ts";

/** What `decide` reads of a program: a gate, a `validate` block, or the requirements of a stage. */
export interface Decidable {
  readonly id: string;
  readonly requirements: readonly (Requirement | RequirementGroup)[];
  readonly onInconclusive?: OnInconclusive | undefined;
  readonly observeOnly?: boolean | undefined;
}

interface Counted {
  readonly verdict: Verdict;
  readonly reason?: Reason;
  /** The finding that brought it about. */
  readonly because?: Finding;
}

/**
 * Combines the findings of a program. Requirements are joined by Kleene's "and", the members of a group by counting the best and the worst case
 * of `at least k`. Advisory and warning findings never count. Skipped ones (no champion) are left out; where nothing else is
 * left the answer is inconclusive(no_champion). A requirement without a finding was never judged: inconclusive(cancelled). A program without any
 * requirement that decides passes. What happens on inconclusive is not applied here but handed on.
 */
export function decide(program: Decidable, findings: readonly Finding[]): Decision {
  const byId = new Map(findings.map((finding) => [finding.requirement, finding]));
  const of = (requirement: Requirement) => byId.get(requirement.id) ?? neverJudged(requirement);
  const listed = program.requirements.map((entry) =>
    entry.kind === "requirement" ? of(entry) : groupOf(entry, entry.members.map(of)),
  );
  const counted = listed.flatMap((entry) => {
    const one = "group" in entry ? groupCount(entry) : findingCount(entry);
    return one === undefined ? [] : [one];
  });
  const asked = listed.some((entry) =>
    ("group" in entry ? entry.members : [entry]).some((one) => one.role === "require"),
  );
  const whole = asked && counted.length === 0 ? noChampion : atLeast(counted, counted.length);
  return {
    program: program.id,
    verdict: whole.verdict,
    ...(whole.reason === undefined ? {} : { reason: whole.reason }),
    sentence: sentenceOf(program.id, whole, counted),
    findings: listed,
    ...(program.onInconclusive === undefined ? {} : { onInconclusive: program.onInconclusive }),
    ...(program.observeOnly === undefined ? {} : { observeOnly: program.observeOnly }),
  };
}

const noChampion: Counted = { verdict: "inconclusive", reason: "no_champion" };

/**
 * `at least k of n`, three-valued: pass where k pass already, fail where too many fail for k to pass, else inconclusive. With k = n it is "all",
 * with k = 1 "any".
 */
export function atLeast(members: readonly Counted[], k: number): Counted {
  const passed = members.filter((one) => one.verdict === "pass");
  const failed = members.filter((one) => one.verdict === "fail");
  if (passed.length >= k) return { verdict: "pass" };
  if (members.length - failed.length < k) {
    const because = failed[0]?.because;
    return because === undefined ? { verdict: "fail" } : { verdict: "fail", because };
  }
  const open = members.find((one) => one.verdict === "inconclusive");
  return {
    verdict: "inconclusive",
    reason: open?.reason ?? "no_data",
    ...(open?.because === undefined ? {} : { because: open.because }),
  };
}

function neverJudged(requirement: Requirement): Finding {
  const { id, role, text } = requirement;
  return { requirement: id, role, text, verdict: "inconclusive", reason: "cancelled", sentence: "It was never judged" };
}

/** A finding as it counts; undefined where it does not. */
function findingCount(finding: Finding): Counted | undefined {
  const { role, verdict, reason } = finding;
  if (role !== "require" || verdict === "skipped") return undefined;
  return { verdict, because: finding, ...(verdict === "inconclusive" ? { reason: reason ?? "no_data" } : {}) };
}

function groupOf({ id, atLeast: k }: RequirementGroup, members: readonly Finding[]): FindingGroup {
  return { group: id, atLeast: k, verdict: countMembers(members, k)?.verdict ?? "inconclusive", members };
}

function groupCount({ members, atLeast: k }: FindingGroup): Counted | undefined {
  return countMembers(members, k);
}

/** A group without its skipped members: `all of` stays all of the rest; otherwise k stays, and where fewer than k are left nothing can be said. */
function countMembers(members: readonly Finding[], k: number): Counted | undefined {
  const deciding = members.filter((one) => one.role === "require");
  const counted = deciding.flatMap((one) => findingCount(one) ?? []);
  if (counted.length === 0) return undefined;
  const needed = k >= deciding.length ? counted.length : k;
  return counted.length < needed ? noChampion : atLeast(counted, needed);
}

function sentenceOf(id: string, whole: Counted, counted: readonly Counted[]): string {
  const passed = counted.filter((one) => one.verdict === "pass").length;
  const because = whole.because === undefined ? "" : `: ${whole.because.sentence}`;
  switch (whole.verdict) {
    case "pass":
      return counted.length === 0
        ? `${id} passes: nothing is required`
        : `${id} passes: ${passed} of ${counted.length} requirements hold`;
    case "fail":
      return `${id} fails${because}`;
    case "inconclusive":
      return `${id} is inconclusive (${whole.reason ?? "no_data"})${because}`;
  }
}
