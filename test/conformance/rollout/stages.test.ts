import { expect, it } from "vitest";
import type { Command, Look } from "../../../runtime/rollout/event.ts";
import { begin, step } from "../../../runtime/rollout/machine.ts";
import { stageOf } from "../../../runtime/rollout/stages.ts";
import type { RolloutState, Start } from "../../../runtime/rollout/state.ts";
import type { Truth } from "../../../runtime/triggers/streak.ts";
import { flights, start, T0 } from "../../runtime/rollout/world.ts";
import cases from "./stages.json" with { type: "json" };

interface Step {
  /** Since the rollout began, `25h1m`. */
  readonly at: string;
  /** What differs from a look at which all is well. */
  readonly look?: Partial<Omit<Look, "frozen">> & { readonly frozen?: boolean; readonly condition?: Truth };
  readonly command?: Command["command"];
  readonly phase?: string;
  readonly stage?: string;
}

interface Case {
  readonly name: string;
  readonly champion?: null;
  readonly firstModel?: Start["firstModel"];
  readonly steps: readonly Step[];
  readonly outcome?: string;
  readonly notified?: readonly string[];
}

function instant(text: string): number {
  const [, hours = "0", minutes = "0"] = /^(\d+)h(?:(\d+)m)?$/.exec(text) ?? [];
  return T0 + (Number(hours) * 60 + Number(minutes)) * 60_000;
}

function lookOf(at: number, written: NonNullable<Step["look"]>): Look {
  const { condition = false, frozen = false, ...patch } = written;
  return {
    kind: "look",
    at,
    traffic: "converged",
    observedShare: 1,
    verdict: "pass",
    sentence: "as in the case",
    minimumMet: true,
    conditions: [{ id: "rollback.1", truth: condition, sentence: "the condition holds" }],
    foreignRevision: null,
    restored: true,
    ...patch,
    frozen: frozen ? { until: at + 1e9, because: "peak" } : null,
  };
}

// The file is read as data: its shape is the interface above.
for (const { name, champion, firstModel, steps, outcome, notified } of cases as unknown as readonly Case[]) {
  it(`does what rule 4 says: ${name}`, () => {
    const rollout = flights();
    const from = {
      ...start("r2", "2", champion === null ? null : "1"),
      ...(firstModel === undefined ? {} : { firstModel }),
    };
    let state: RolloutState = begin(rollout, from);
    const told: string[] = [];
    /** Does what is asked for; every effect succeeds at once. */
    const settle = (at: number): void => {
      for (let [head] = state.effects; head !== undefined; [head] = state.effects) {
        if (head.kind === "notify") told.push(head.event);
        state = step(rollout, state, { kind: "done", at, key: head.key, revision: state.revision + 1 }).state;
      }
    };
    for (const { at, look, command, phase, stage } of steps) {
      const now = instant(at);
      if (command !== undefined) {
        state = step(rollout, state, {
          kind: "command",
          at: now,
          record: 1,
          command,
          by: "ana",
          proof: "oidc",
          because: "",
        }).state;
        settle(now);
      }
      if (look !== undefined) {
        // Looked at until nothing changes, as the driver does.
        for (let before = ""; before !== `${state.phase} ${state.stage}`; ) {
          before = `${state.phase} ${state.stage}`;
          state = step(rollout, state, lookOf(now, look)).state;
          settle(now);
        }
      }
      if (phase !== undefined) expect(state.phase, at).toBe(phase);
      if (stage !== undefined) expect(stageOf(rollout, state).name, at).toBe(stage);
    }
    if (outcome !== undefined) expect(state.outcome).toBe(outcome);
    if (notified !== undefined) expect(told).toEqual(notified);
  });
}
