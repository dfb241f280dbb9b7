import { expect, it } from "vitest";
import type { RolloutRecord } from "../../../runtime/rollout/records.ts";
import { replay } from "./replay.ts";
import { DAY, flights, HOUR, start, World } from "./world.ts";

const smoking = { ...start("r2", "2", "1"), smoke: 2 };

it("asks the smoke requests once, before the first change of the route and never again", async () => {
  const world = new World();
  world.aliases.set("challenger", { version: "2", fence: 0 });
  const rollout = flights();
  const { state } = await world.live(await world.context(rollout, smoking));
  expect(state.outcome).toBe("promoted");
  expect(world.smokeAsked).toBe(1);
  const effects = await world.ledger.list({ chain: "local/flights", kinds: ["effect"] });
  expect(effects[0]?.body).toMatchObject({ sentence: "version 2 answered 2 smoke requests" });
  expect(world.routes).toHaveLength(4);
  await replay(world, rollout);
});

it.each([
  ["beside a champion", "1"],
  ["as the first model", null],
])("a version that fails its smoke requests %s is refused, and no route is touched", async (_what, champion) => {
  const world = new World();
  const found = world.route;
  const answers = [{ request: "smoke.jsonl:2", status: 500, milliseconds: 3, error: "exception: no table" }];
  world.smoke = { kind: "failed", sentence: "smoke.jsonl:2 was answered with 500", answers };
  const { state } = await world.live(await world.context(flights(), { ...start("r2", "2", champion), smoke: 2 }));
  expect(state).toMatchObject({ phase: "ended", outcome: "refused", effects: [] });
  expect(state.because).toContain("version 2 was refused: smoke.jsonl:2 was answered with 500");
  expect(world.route).toBe(found);
  const records = await world.ledger.list({ chain: "local/flights", run: "r2" });
  const events = records.map(({ body }) => (body as Partial<RolloutRecord>).rollout?.event);
  expect(events).toContainEqual(expect.objectContaining({ kind: "failed", permanent: true, answers }));
  expect([...world.messages.values()]).toEqual([expect.stringMatching(/^refused: /)]);
});

it("smoke requests without an answer are asked again, then held, and never let traffic through", async () => {
  const world = new World();
  world.smoke = { kind: "unanswered", sentence: "smoke.jsonl:1 was not answered", answers: [] };
  const held = await world.live(await world.context(flights(), smoking), ({ state }) => state.phase === "holding");
  expect(held.state.hold?.reason).toBe("smoke_unanswered");
  expect(held.state.because).toMatch(/no traffic was moved: smoke\.jsonl:1 was not answered; the share is held until/);
  expect(world.smokeAsked).toBeGreaterThan(3);
  const { state } = await world.live(await world.context(flights(), smoking));
  expect(state.outcome).toBe("refused");
  expect(world.routes).toEqual([]);
  const late = new World();
  late.smoke = world.smoke;
  const context = await late.context(flights(), smoking);
  await late.live(context, ({ state }) => state.phase === "holding");
  late.smoke = { kind: "passed", sentence: "answered", answers: [] };
  expect((await late.live(context)).state.outcome).toBe("promoted");
});

it("smoke requests wait during a freeze, and a person may end the rollout before they are answered", async () => {
  const world = new World();
  world.smoke = { kind: "unanswered", sentence: "not answered", answers: [] };
  const context = await world.context(flights(), smoking);
  await world.live(context, () => world.smokeAsked === 1);
  const until = world.now + DAY;
  world.frozen = (now) => (now < until ? { until, because: "peak" } : null);
  await world.live(context, () => world.now > until - 2 * HOUR);
  expect(world.smokeAsked).toBe(1);
  const body = { command: "rollback", by: "ana", proof: "claimed", because: "enough" };
  await world.ledger.append({
    chain: "local/flights",
    key: "c1",
    kind: "command",
    run: "r2",
    at: world.now,
    body,
  });
  expect((await world.live(context)).state.outcome).toBe("aborted");
  expect(world.routes).toEqual([]);
});
