import { expect } from "vitest";
import type { Rollout } from "../../../compiler/plan/rollout.ts";
import { begin, step } from "../../../runtime/rollout/machine.ts";
import type { RolloutRecord } from "../../../runtime/rollout/records.ts";
import type { RolloutState } from "../../../runtime/rollout/state.ts";
import type { World } from "./world.ts";

/** Folds the events in the ledger over the beginning and compares with every state in it; gives their number. */
export async function replay(world: World, rollout: Rollout): Promise<number> {
  const records = (await world.ledger.list({ chain: "local/flights", run: "r2" })).flatMap((record) => {
    const body = record.body as Partial<RolloutRecord>;
    return body.rollout === undefined ? [] : [body.rollout];
  });
  let state: RolloutState | undefined;
  for (const { event, state: stored } of records) {
    if (event.kind === "begin") state = begin(rollout, event.start);
    else if (state !== undefined) state = { ...step(rollout, state, event).state, recordedAt: event.at };
    expect(state).toEqual(stored);
  }
  return records.length;
}
