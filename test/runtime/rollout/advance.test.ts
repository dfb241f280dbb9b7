import { expect, it } from "vitest";
import { advance } from "../../../runtime/rollout/advance.ts";
import type { LookRequest } from "../../../runtime/rollout/observe.ts";
import { loadRollout, type RolloutRecord } from "../../../runtime/rollout/records.ts";
import { isRunOver } from "../../../runtime/rollout/state.ts";
import { replay } from "./replay.ts";
import { DAY, fine, flights, HOUR, MINUTE, stage, start, T0, World } from "./world.ts";

const since = (at: number | null): number => ((at ?? Number.NaN) - T0) / DAY;

it("brings a good challenger through shadow, canary and full to the end of the keep", async () => {
  const world = new World();
  const context = await world.context(flights(), start("r2", "2", "1"));
  world.aliases.set("challenger", { version: "2", fence: 0 });
  const over = await world.live(context, ({ state }) => isRunOver(state));
  expect(since(world.now)).toBeCloseTo(3, 1);
  expect(since(over.state.promotedAt)).toBeCloseTo(2, 1);
  expect(over.state.phase).toBe("keeping");
  expect(world.route).toMatchObject({ champion: "1", challenger: "2", share: 1 });
  const { state } = await world.live(context);
  expect(state).toMatchObject({ phase: "ended", outcome: "promoted", effects: [] });
  expect(since(world.now)).toBeCloseTo(5, 1);
  expect(world.routes).toEqual([
    "1/2 share 0 mirror 1",
    "1/2 share 0.1 mirror 0",
    "1/2 share 1 mirror 0",
    "2/- share 0 mirror 0",
  ]);
  expect(Object.fromEntries([...world.aliases].map(([name, alias]) => [name, alias.version]))).toEqual({
    champion: "2",
  });
  expect([...world.messages.values()]).toEqual([
    "promoted: version 2 is promoted: it answers every request and is the champion",
  ]);
  expect(await loadRollout(world.ledger, "local/flights", "r2")).toEqual(state);
  expect((await world.ledger.verify()).broken).toBeUndefined();
});

it("the events in the ledger, folded over the beginning, give every state in it", async () => {
  const world = new World();
  const rollout = flights();
  world.judge = (request) => ({ ...fine(request), minimumMet: since(request.now) > 1.4 });
  await world.live(await world.context(rollout, start("r2", "2", "1")));
  expect(await replay(world, rollout)).toBeGreaterThan(20);
});

it("writes a quiet look down only every twelfth check", async () => {
  const world = new World();
  await world.live(await world.context(flights(), start("r2", "2", "1")));
  const looks = await world.ledger.list({ chain: "local/flights", kinds: ["look"] });
  // A day of shadow and four of watch and keep at an hour, a day of canary at five minutes.
  expect(looks.length).toBeGreaterThan(24);
  expect(looks.length).toBeLessThan(45);
});

it("rolls a canary back at the first look at which the condition holds, sees the traffic back, and says so", async () => {
  const world = new World();
  world.judge = (request) => {
    const truth = request.share > 0 && since(request.now) > 1.5;
    return {
      ...fine(request),
      conditions: [{ id: "rollback.1", truth, sentence: "challenger.error_rate 9.1 % > 5 %" }],
    };
  };
  const { state } = await world.live(await world.context(flights(), start("r2", "2", "1")));
  expect(state).toMatchObject({ phase: "ended", outcome: "rolled_back", promotedAt: null });
  expect(world.route).toMatchObject({ champion: "1", challenger: undefined, share: 0, mirror: 0 });
  expect([...world.messages.values()]).toEqual([
    "rolled_back: version 2 was rolled back: challenger.error_rate 9.1 % > 5 %; version 1 serves",
  ]);
  expect(since(state.rollback?.since ?? null)).toBeCloseTo(1.5, 1);
});

it("a rollback in the keep gives the alias back too", async () => {
  const world = new World();
  const context = await world.context(flights(), start("r2", "2", "1"));
  await world.live(context, ({ state }) => state.phase === "keeping");
  world.judge = (request) => ({
    ...fine(request),
    conditions: [{ id: "rollback.1", truth: true, sentence: "auc fell" }],
  });
  const { state } = await world.live(context);
  expect(state.outcome).toBe("rolled_back");
  expect(world.aliases.get("champion")?.version).toBe("1");
  expect(world.routes.at(-1)).toBe("1/- share 0 mirror 0");
});

it("never says rolled back before a request was seen, and pages when none comes", async () => {
  const world = new World();
  const context = await world.context(flights(), start("r2", "2", "1"));
  await world.live(context, ({ state }) => state.phase === "observing" && state.stage === 1);
  world.silent = true;
  world.judge = (request) => ({ ...fine(request), verdict: "fail", sentence: "error rate too high" });
  const { state } = await world.live(context);
  expect(state.outcome).toBe("rollback_failed");
  expect([...world.messages.values()].at(-1)).toMatch(/^rollback_failed: .*no request was seen/);
  world.silent = false;
  await world.ledger.append({
    chain: "local/flights",
    key: "c1",
    kind: "command",
    run: "r2",
    at: world.now,
    body: { command: "rollback", by: "ana", because: "again" },
  });
  expect((await world.live(context)).state.outcome).toBe("rolled_back");
});

it("a failed requirement in shadow stops mirroring and refuses", async () => {
  const world = new World();
  world.judge = (request) => ({ ...fine(request), verdict: "fail", sentence: "p99 80 ms > 50 ms" });
  const { state } = await world.live(await world.context(flights(), start("r2", "2", "1")));
  expect(state.outcome).toBe("refused");
  expect(world.routes).toEqual(["1/2 share 0 mirror 1", "1/- share 0 mirror 0"]);
  expect([...world.messages.values()]).toEqual([
    'refused: version 2 was refused: stage "shadow": p99 80 ms > 50 ms; version 1 serves',
  ]);
});

it("an undecided canary holds its share for twelve hours after MAX and then goes back", async () => {
  const world = new World();
  world.judge = (request) => ({ ...fine(request), verdict: request.stage.name === "canary" ? "inconclusive" : "pass" });
  const { state } = await world.live(await world.context(flights(), start("r2", "2", "1")));
  expect(state.outcome).toBe("rolled_back");
  expect(since(state.rollback?.since ?? null)).toBeCloseTo(1 + 3 + 0.5, 1);
  expect([...world.messages.values()][0]).toMatch(/^held: /);
});

it("an undecided watch is told and kept", async () => {
  const world = new World();
  world.judge = (request) => ({ ...fine(request), verdict: request.promotedAt === null ? "pass" : "inconclusive" });
  const { state } = await world.live(await world.context(flights(), start("r2", "2", "1")));
  expect(state.outcome).toBe("promoted");
  expect([...world.messages.values()].map((text) => text.split(":")[0])).toEqual(["promoted", "inconclusive"]);
});

it("a first model goes straight to full; rolled back it is taken out of service", async () => {
  const world = new World();
  world.route = { ...world.route, champion: undefined };
  world.aliases.clear();
  const context = await world.context(flights(), start("r1", "1", null));
  const over = await world.live(context, ({ state }) => state.phase === "watching");
  expect(over.state.promotedAt).toBe(T0);
  expect(world.routes).toEqual(["-/1 share 1 mirror 0"]);
  expect(world.aliases.get("champion")?.version).toBe("1");
  world.judge = (request) => ({
    ...fine(request),
    conditions: [{ id: "rollback.1", truth: true, sentence: "errors" }],
  });
  const { state } = await world.live(context);
  expect(state.outcome).toBe("rolled_back");
  expect(world.routes.at(-1)).toBe("-/- share 0 mirror 0");
  expect(world.aliases.has("champion")).toBe(false);
});

it("without a rollout the run ends at register", async () => {
  const world = new World();
  const { state, due } = await world.live(await world.context(undefined, start("r2", "2", "1")));
  expect([state.outcome, due, world.routes]).toEqual(["registered", undefined, []]);
});

it("waits out a server that is away, without ever advancing on it", async () => {
  const world = new World();
  const context = await world.context(flights(), start("r2", "2", "1"));
  world.trafficDown = true;
  const waiting = await world.live(context, () => world.now > T0 + 10 * MINUTE);
  expect(waiting.state.phase).toBe("entering");
  world.trafficDown = false;
  expect((await world.live(context)).state.outcome).toBe("promoted");
});

it("a challenger that does not load is refused before it answers anybody", async () => {
  const world = new World();
  world.doesNotLoad = "2";
  const { state } = await world.live(await world.context(flights(), start("r2", "2", "1")));
  expect(state.outcome).toBe("refused");
  expect(state.because).toContain("version 2 cannot be served: version 2 does not load");
});

it("sets a route that somebody else changed once more, and holds at the second time", async () => {
  const world = new World();
  const context = await world.context(flights(), start("r2", "2", "1"));
  await world.live(context, ({ state }) => state.phase === "observing" && state.stage === 1);
  world.meddle();
  const again = await world.live(context, ({ state }) => state.phase === "observing");
  expect(again.state.elsewhere).toBe(1);
  expect(world.route).toMatchObject({ share: 0.1 });
  world.meddle();
  const held = await world.live(context, ({ state }) => state.phase === "holding");
  expect(held.state.hold?.reason).toBe("route_changed_elsewhere");
  expect([...world.messages.values()].at(-1)).toMatch(/^held: somebody else changed the route a second time/);
  await world.ledger.append({
    chain: "local/flights",
    key: "c1",
    kind: "command",
    run: "r2",
    at: world.now,
    body: { command: "resume", by: "ana", because: "it was me" },
  });
  expect((await world.live(context)).state.outcome).toBe("promoted");
});

it("a later run ends an earlier keep at its first change of traffic", async () => {
  const world = new World();
  const first = await world.context(flights(), start("r2", "2", "1"));
  await world.live(first, ({ state }) => state.phase === "keeping");
  const second = {
    ...(await world.context(flights(), { ...start("r3", "3", "2", world.now), revision: world.route.revision })),
    earlier: first,
  };
  await world.live(second, ({ state }) => state.phase === "observing");
  expect(await loadRollout(world.ledger, "local/flights", "r2")).toMatchObject({ phase: "ended", outcome: "promoted" });
  expect(world.routes.at(-1)).toBe("2/3 share 0 mirror 1");
});

it("a later rollout is aborted when the earlier run's rollback condition holds", async () => {
  const world = new World();
  const first = await world.context(flights(), start("r2", "2", "1"));
  await world.live(first, ({ state }) => state.phase === "keeping");
  world.judge = (request) => ({
    ...fine(request),
    conditions: [{ id: "rollback.1", truth: true, sentence: "auc fell" }],
  });
  const second = {
    ...(await world.context(flights(), { ...start("r3", "3", "2", world.now), revision: world.route.revision })),
    earlier: first,
  };
  const { state } = await world.live(second);
  expect(state).toMatchObject({ outcome: "aborted" });
  expect((await world.live(first)).state.outcome).toBe("rolled_back");
  expect(world.routes.at(-1)).toBe("1/- share 0 mirror 0");
});

it("stops when another process has taken the lease", async () => {
  const world = new World();
  const context = await world.context(flights(), start("r2", "2", "1"));
  await world.live(context, ({ state }) => state.phase === "observing");
  if (world.lease !== undefined) await world.ledger.release(world.lease);
  await world.ledger.acquire("local/flights", "p2", HOUR);
  await expect(world.live(context)).rejects.toMatchObject({ code: "fenced" });
  expect(world.routes).toHaveLength(1);
});

it("a route changed by somebody else between two stages is noticed before ours is set", async () => {
  const world = new World();
  const context = await world.context(flights(), start("r2", "2", "1"));
  await world.live(context, ({ state }) => state.phase === "observing");
  let meddled = false;
  world.point = (name) => {
    if (meddled || !/^before append r2.rollout.*.intent$/.test(name)) return;
    meddled = true;
    world.meddle();
  };
  const { state } = await world.live(
    context,
    (advanced) => advanced.state.stage === 1 && advanced.state.phase === "observing",
  );
  expect([meddled, state.elsewhere, world.route.share]).toEqual([true, 1, 0.1]);
});

it("of two drivers at once the slower one takes over what the faster one has written", async () => {
  const world = new World();
  const rollout = flights();
  const fast = await world.context(rollout, start("r2", "2", "1"));
  await world.live(fast, ({ state }) => state.phase === "observing" && state.stage === 1);
  const slow = {
    ...fast,
    judge: async (request: LookRequest) => {
      await advance(fast);
      return { ...fine(request), verdict: "fail" as const, sentence: "seen by the slower one" };
    },
  };
  world.judge = (request) => ({ ...fine(request), verdict: "inconclusive" });
  world.now += 5 * MINUTE;
  const { state } = await advance(slow);
  // The faster look was written first; the slower one looked again from there and refused.
  expect(await loadRollout(world.ledger, "local/flights", "r2")).toEqual(state);
  expect((await world.ledger.verify()).broken).toBeUndefined();
  const keys = (await world.ledger.list({ chain: "local/flights" })).map((record) => record.key);
  expect(new Set(keys).size).toBe(keys.length);
  const looks = await world.ledger.list({ chain: "local/flights", run: "r2", newest: true });
  expect(
    looks.some((record) => (record.body as Partial<RolloutRecord>).rollout?.state.verdict === "inconclusive"),
  ).toBe(true);
  expect(state.outcome).toBe("rolled_back");
  expect(await replay(world, rollout)).toBeGreaterThan(5);
});

it("gives the alias back only after the route", async () => {
  const world = new World();
  const context = await world.context(flights(), start("r2", "2", "1"));
  await world.live(context, ({ state }) => state.phase === "watching");
  world.judge = (request) => ({
    ...fine(request),
    conditions: [{ id: "rollback.1", truth: true, sentence: "errors" }],
  });
  let down = true;
  world.point = () => {
    world.trafficDown = down;
  };
  world.now += HOUR;
  await advance(context);
  expect([world.route.share, world.aliases.get("champion")?.version]).toEqual([1, "2"]);
  down = false;
  world.trafficDown = false;
  const { state } = await world.live(context);
  expect([state.outcome, world.route.share, world.aliases.get("champion")?.version]).toEqual(["rolled_back", 0, "1"]);
});

it("tells the judge since when the route and the stage's evidence count", async () => {
  const world = new World();
  const asked: LookRequest[] = [];
  world.judge = (request) => {
    asked.push(request);
    const soon = request.now < (request.routedAt ?? 0) + 3 * MINUTE;
    return { ...fine(request), traffic: soon ? "converging" : "converged" };
  };
  await world.live(await world.context(flights(), start("r2", "2", "1")), ({ state }) => state.stage === 1);
  const shadow = asked.filter((request) => request.stage.name === "shadow");
  expect(shadow.every((request) => request.routedAt === T0 && !request.judgeConditions)).toBe(true);
  expect([...new Set(shadow.map((request) => request.since))]).toEqual([null, T0 + 3 * MINUTE]);
});

it("an approval that does not count is recorded with its reason, and the stage goes on waiting", async () => {
  const world = new World();
  const asked = stage("ok", "approval", 0, { atMost: DAY, approvers: "leads" });
  const full = stage("full", "live", 1, { atMost: DAY, watch: HOUR });
  const base = await world.context(flights({ stages: [asked, full] }), start("r2", "2", "1"));
  const context = {
    ...base,
    refuseApproval: async ({ by }: { by: string }) => (by === "ana" ? undefined : `${by} is no member`),
  };
  await advance(context);
  const approve = async (by: string) => {
    const body = { command: "approve", by, proof: "claimed", because: "" };
    const entry = {
      chain: context.chain,
      key: `approve/${by}`,
      kind: "approval",
      run: "r2",
      at: world.now,
      body,
    } as const;
    await world.ledger.append(entry);
    return (await advance(context)).state;
  };
  expect(await approve("dora")).toMatchObject({ approvedBy: null, stage: 0 });
  const told = (await world.ledger.list({ chain: context.chain, kinds: ["decision"], newest: true, limit: 1 }))[0];
  expect(told?.body).toMatchObject({ sentence: "the approval by dora (claimed) does not count: dora is no member" });
  expect(await approve("ana")).toMatchObject({ stage: 1 });
});

it("tells once, at a tenth of its longest time, that a stage will not have its minimum at the rate seen", async () => {
  const told = async (perHour: number) => {
    const world = new World();
    const canary = stage("canary", "live", 0.1, {
      atLeast: HOUR,
      atMost: 20 * HOUR,
      minimum: { count: 1_000, of: "requests" },
    });
    const full = stage("full", "live", 1, { atMost: DAY, watch: HOUR });
    const context = await world.context(flights({ stages: [canary, full] }), start("r2", "2", "1"));
    world.judge = (request) => {
      const counted = request.since === null ? 0 : Math.floor(((world.now - request.since) / HOUR) * perHour);
      const isCanary = request.stage.name === "canary";
      return { ...fine(request), ...(isCanary ? { counted, minimumMet: counted >= 1_000 } : {}) };
    };
    await world.live(context);
    const records = await world.ledger.list({ chain: context.chain, run: "r2" });
    const happened = records.flatMap(({ body, at }) => {
      const all = (body as Partial<RolloutRecord>).rollout?.happened ?? [];
      return all.filter(({ kind }) => kind === "cannot_conclude").map(({ sentence }) => ({ at, sentence }));
    });
    const messages = [...world.messages.values()].filter((text) => text.includes("will not conclude"));
    return { happened, messages };
  };
  const slow = await told(10);
  expect(slow.happened).toHaveLength(1);
  expect(slow.happened[0]?.sentence).toContain(
    "20 requests so far come to about 200 after its longest time, 1,000 are needed",
  );
  expect(((slow.happened[0]?.at ?? 0) - T0) / HOUR).toBeCloseTo(2, 0);
  expect(slow.messages).toHaveLength(1);
  expect(slow.messages[0]).toMatch(/^inconclusive: stage "canary" will not conclude/);
  expect(await told(60)).toEqual({ happened: [], messages: [] });
});

it("a change of the route counts from when it was done, on a clock that runs meanwhile", async () => {
  const world = new World();
  const context = await world.context(flights(), start("r2", "2", "1"));
  const { traffic } = context;
  const slow = {
    ...traffic,
    route: () => traffic.route(),
    setRoute: async (...words: Parameters<typeof traffic.setRoute>) => {
      world.now += 7_000;
      return traffic.setRoute(...words);
    },
  };
  const begun = world.now;
  const { state } = await advance({ ...context, traffic: slow });
  expect(state.routedAt).toBe(begun + 7_000);
});
