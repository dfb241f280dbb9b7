import { expect, it } from "vitest";
import { type ApprovalRules, approvalRefusal } from "../../../runtime/rollout/approval.ts";
import type { Look } from "../../../runtime/rollout/event.ts";
import { begin, step } from "../../../runtime/rollout/machine.ts";
import { DAY, flights, HOUR, stage, start, T0 } from "./world.ts";

const leads = { members: ["ana", "Ben@Example.com"], notAuthor: true };
const rules: ApprovalRules = {
  group: "fraud-leads",
  groups: { "fraud-leads": leads },
  risk: "medium",
  authors: ["Cleo", "cleo@example.com", "ana"],
};

it("a member who wrote nothing may approve, however the name is spelt", () => {
  expect(approvalRefusal({ by: "ben@example.com", proof: "claimed" }, rules)).toBeUndefined();
});

it("somebody else, an author and an unknown author do not count", () => {
  expect(approvalRefusal({ by: "dora", proof: "claimed" }, rules)).toMatch(/dora is no member of `fraud-leads`/);
  expect(approvalRefusal({ by: "Ana", proof: "claimed" }, rules)).toMatch(/leaves out the author/);
  expect(approvalRefusal({ by: "ben@example.com", proof: "oidc" }, { ...rules, authors: undefined })).toMatch(
    /not known who wrote the policy/,
  );
  const open = { ...rules, groups: { "fraud-leads": { ...leads, notAuthor: false } } };
  expect(approvalRefusal({ by: "ana", proof: "claimed" }, open)).toBeUndefined();
});

it("a group that the configuration does not list lets nobody through; no list at all lets everybody through", () => {
  expect(approvalRefusal({ by: "ana", proof: "oidc" }, { ...rules, group: "toString" })).toMatch(/lists no approvers/);
  expect(approvalRefusal({ by: "ana", proof: "oidc" }, { ...rules, group: undefined })).toMatch(/lists no approvers/);
  expect(approvalRefusal({ by: "dora", proof: "claimed" }, { ...rules, groups: undefined })).toBeUndefined();
});

it("at risk high a claimed name never counts, a proven one does", () => {
  const high = { ...rules, risk: "high" } as const;
  expect(approvalRefusal({ by: "ben@example.com", proof: "claimed" }, high)).toMatch(/proven identity/);
  expect(approvalRefusal({ by: "dora", proof: "claimed" }, { ...high, groups: undefined })).toMatch(/proven identity/);
  expect(approvalRefusal({ by: "ben@example.com", proof: "oidc" }, high)).toBeUndefined();
});

it("where undecided stages go on, one that waits for a person does not: without an approval in time the version is refused", () => {
  const asked = stage("ok", "approval", 0, { atMost: DAY, approvers: "leads" });
  const last = stage("full", "live", 1, { atMost: DAY, watch: DAY, keepChampion: DAY });
  const proceeds = { action: "proceed", because: "the metrics of this team are late" } as const;
  const rollout = flights({ stages: [asked, last], onInconclusive: proceeds });
  let state = begin(rollout, start("r2", "2", "1"));
  const looked: Omit<Look, "at"> = {
    kind: "look",
    traffic: "converged",
    observedShare: 0,
    verdict: "pass",
    sentence: "all is well",
    minimumMet: true,
    conditions: [{ id: "rollback.1", truth: false, sentence: "no errors" }],
    foreignRevision: null,
    restored: true,
    frozen: null,
  };
  for (let at = T0; at <= T0 + 3 * DAY; at += HOUR) {
    state = step(rollout, state, { ...looked, at }).state;
    for (let [head] = state.effects; head !== undefined; [head] = state.effects)
      state = step(rollout, state, { kind: "done", at, key: head.key, revision: state.revision + 1 }).state;
  }
  expect(state).toMatchObject({ phase: "ended", outcome: "refused", promotedAt: null });
});
