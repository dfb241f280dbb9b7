import { expect, it } from "vitest";
import type { LookRequest } from "../../../runtime/rollout/observe.ts";
import type { RolloutState } from "../../../runtime/rollout/state.ts";
import { Crash, fine, flights, HOUR, MINUTE, stage, start, T0, World } from "./world.ts";

/** A short rollout, so that every point of its life can be cut. */
const short = flights({
  stages: [
    stage("shadow", "shadow", 1, { atLeast: HOUR, atMost: 2 * HOUR, check: HOUR / 2 }),
    stage("canary", "live", 0.1, { atLeast: HOUR, atMost: 2 * HOUR, check: HOUR / 2 }),
    stage("full", "live", 1, { atMost: HOUR, watch: HOUR, keepChampion: 3 * HOUR, check: HOUR / 2 }),
  ],
});

const holdsFrom = (from: number) => (request: LookRequest) => ({
  ...fine(request),
  conditions: [{ id: "rollback.1", truth: request.now >= from, sentence: "errors" }],
});

interface Life {
  readonly final: RolloutState;
  readonly earlier: RolloutState | undefined;
  readonly effects: readonly string[];
  readonly routes: readonly string[];
  readonly messages: readonly string[];
  readonly aliases: readonly string[];
  readonly records: number;
}

type Story = (world: World) => { readonly first?: boolean; readonly later?: boolean };

/** Lives a story to its end. At point number `cut` (from 0) the process dies once; a new one goes on. */
async function live(
  story: Story,
  cut: number | undefined,
  pause = 0,
): Promise<{ readonly life: Life; readonly points: number }> {
  const world = new World();
  const { first = false, later = false } = story(world);
  if (first) {
    world.route = { ...world.route, champion: undefined };
    world.aliases.clear();
  }
  world.aliases.set("challenger", { version: "2", fence: 0 });
  let points = 0;
  world.point = (name) => {
    points += 1;
    if (cut !== undefined && points === cut + 1) throw new Crash(name);
  };
  const toTheEnd = async (rounds: () => Promise<RolloutState>): Promise<RolloutState> => {
    try {
      return await rounds();
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      world.now += pause;
      return await rounds();
    }
  };
  const from = start("r2", "2", first ? null : "1");
  let earlier: RolloutState | undefined;
  let final: RolloutState;
  if (later) {
    await toTheEnd(
      async () => (await world.live(await world.context(short, from), ({ state }) => state.phase === "keeping")).state,
    );
    const second = { ...start("r3", "3", "2", world.now), revision: world.route.revision };
    final = await toTheEnd(async () => {
      const context = { ...(await world.context(short, second)), earlier: await world.context(short, from) };
      return (await world.live(context)).state;
    });
    earlier = await toTheEnd(async () => (await world.live(await world.context(short, from))).state);
  } else {
    final = await toTheEnd(async () => (await world.live(await world.context(short, from))).state);
  }
  const { effects, routes, messages, aliases, ledger } = world;
  expect((await ledger.verify()).broken).toBeUndefined();
  const life = {
    final,
    earlier,
    effects,
    routes,
    messages: [...messages.values()],
    aliases: [...aliases].map(([name, alias]) => `${name} ${alias.version}`).sort(),
    records: ledger.records.length,
  };
  return { life, points };
}

const stories: Readonly<Record<string, Story>> = {
  "a promotion to the end of its keep": () => ({}),
  "a rollback in the canary": (world) => {
    world.judge = holdsFrom(T0 + 1.5 * HOUR);
    return {};
  },
  "a rollback in the watch": (world) => {
    world.judge = holdsFrom(T0 + 2.5 * HOUR);
    return {};
  },
  "a refusal in shadow": (world) => {
    world.judge = (request) => ({ ...fine(request), verdict: "fail" });
    return {};
  },
  "an undecided canary that is held": (world) => {
    world.judge = (request) => ({
      ...fine(request),
      verdict: request.stage.name === "canary" ? "inconclusive" : "pass",
    });
    return {};
  },
  "a first model": () => ({ first: true }),
  "a first model that fails": (world) => {
    world.judge = holdsFrom(T0 + 5 * MINUTE);
    return { first: true };
  },
  "a later run that takes over": () => ({ later: true }),
  "a later run that is aborted because the earlier one goes back": (world) => {
    const rolledBack = holdsFrom(T0 + 3.2 * HOUR);
    world.judge = rolledBack;
    return { later: true };
  },
};

for (const [name, story] of Object.entries(stories)) {
  it(`${name}: killed before or after any append and any effect, it ends the same, each effect once`, async () => {
    const whole = await live(story, undefined);
    expect(new Set(whole.life.effects).size).toBe(whole.life.effects.length);
    expect(whole.points).toBeGreaterThan(15);
    for (let cut = 0; cut < whole.points; cut += 1) {
      const { life } = await live(story, cut);
      expect(life, `cut at point ${cut}`).toEqual(whole.life);
      // Minutes later: other instants, the same end, and nothing twice.
      const late = (await live(story, cut, 7 * MINUTE)).life;
      const sameEnd = ({ final, aliases }: Life) => [final.outcome, final.route, final.effects, aliases];
      expect(sameEnd(late), `cut at point ${cut}, resumed late`).toEqual(sameEnd(whole.life));
      expect(new Set(late.effects).size).toBe(late.effects.length);
    }
  });
}
