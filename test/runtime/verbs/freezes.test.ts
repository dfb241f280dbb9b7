import { expect, it } from "vitest";
import { NEW_MONITOR } from "../../../runtime/triggers/state.ts";
import { tick } from "../../../runtime/triggers/tick.ts";
import { freezeInForce, freezesByHand } from "../../../runtime/verbs/freezes.ts";
import { MemoryLedger } from "../../support/memory-ledger.ts";
import { data, monitor } from "../triggers/monitor.ts";

const CHAIN = "local/flights";
const HOUR = 3_600_000;

async function ledgerWith(...bodies: readonly object[]): Promise<MemoryLedger> {
  const ledger = new MemoryLedger();
  for (const [at, body] of bodies.entries()) {
    await ledger.append({ chain: CHAIN, key: `command/${at}`, kind: "command", at: at * HOUR, body });
  }
  return ledger;
}

const freeze = (until: number, because: string) => ({ command: "freeze", scope: "all", until, because, by: "ana" });

it("a freeze holds from its record to its end, and the longest of several counts", async () => {
  const ledger = await ledgerWith(freeze(5 * HOUR, "peak"), freeze(9 * HOUR, "audit"), { command: "hold" });
  const freezes = await freezesByHand(ledger, CHAIN);
  expect(freezeInForce(freezes, 0)?.because).toBe("peak");
  expect(freezeInForce(freezes, HOUR)?.because).toBe("audit");
  expect(freezeInForce(freezes, 9 * HOUR)).toBeUndefined();
});

it("unfreeze ends every freeze before it and none after it", async () => {
  const lifted = await ledgerWith(freeze(9 * HOUR, "peak"), freeze(9 * HOUR, "audit"), { command: "unfreeze" });
  expect(await freezesByHand(lifted, CHAIN)).toEqual([]);
  const again = await ledgerWith(freeze(9 * HOUR, "peak"), { command: "unfreeze" }, freeze(7 * HOUR, "again"));
  expect(await freezesByHand(again, CHAIN)).toEqual([
    { scope: "all", from: 2 * HOUR, until: 7 * HOUR, because: "again" },
  ]);
});

it("no run starts during a freeze by hand or once the review of risk high is overdue", () => {
  const plan = monitor([data("t.1")]);
  const input = {
    now: 1_000 * HOUR,
    runs: [],
    answers: { "t.1": { truth: true, value: 1, sentence: "it has gained rows" } },
  } as const;
  expect(tick(plan, NEW_MONITOR, input).outcome.kind).toBe("fire");
  const frozen = { scope: "all", from: 0, until: 1_001 * HOUR, because: "peak" } as const;
  expect(tick(plan, NEW_MONITOR, { ...input, freezes: [frozen] }).outcome).toMatchObject({
    kind: "suppressed",
    reasons: [{ reason: "freeze", detail: "peak" }],
  });
  expect(tick(plan, NEW_MONITOR, { ...input, freezes: [{ ...frozen, scope: "rollout" }] }).outcome.kind).toBe("fire");
  expect(tick(plan, NEW_MONITOR, { ...input, reviewOverdueAt: input.now }).outcome).toMatchObject({
    kind: "suppressed",
    reasons: [{ reason: "review" }],
  });
  expect(tick(plan, NEW_MONITOR, { ...input, reviewOverdueAt: input.now + 1 }).outcome.kind).toBe("fire");
});
