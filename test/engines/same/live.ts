import { nextDue } from "../../../runtime/triggers/due.ts";
import type { TickBody } from "../../../runtime/verbs/tick.ts";
import type { EngineWorld } from "../../support/engine-world.ts";
import { Acts } from "./acts.ts";
import type { Carrier } from "./carrier.ts";
import type { Chapter, Story } from "./story.ts";

/** Lives a story through and gives the trace of its decisions. Without a carrier it is told by `retrain run` and `retrain watch` on this machine. */
export async function live(
  { chapters }: Pick<Story, "chapters">,
  world: EngineWorld,
  carrier?: Carrier,
): Promise<readonly string[]> {
  for (const chapter of chapters) {
    world.story({ train: chapter.train, evaluate: chapter.evaluate });
    if (chapter.say !== undefined) {
      const { code, said } = await world.say(...chapter.say);
      if (code !== 0) throw new Error(said);
    }
    if (chapter.replay !== undefined) await world.replay(...chapter.replay);
    const left = carrier === undefined ? await liveHere(chapter, world) : await liveThere(chapter, world, carrier);
    if (left.length > 0) return [...(await world.trace()), `NOT SEEN: ${left[0]?.when}`];
  }
  return world.trace();
}

/** Where a chapter's clock is to go: an instant, or so many minutes on from `now`. */
function endOf(until: string, now: number): number {
  const minutes = /^\+(\d+)m$/.exec(until)?.[1];
  return minutes === undefined ? Date.parse(until) : now + Number(minutes) * 60_000;
}

/** One process: it is killed and begun again where a story says so. */
async function liveHere(chapter: Chapter, world: EngineWorld): Promise<Acts["left"]> {
  const { policy } = world;
  const commands: string[][] = [];
  if (chapter.order !== undefined) commands.push(["run", policy, "--because", chapter.order]);
  if (chapter.until !== undefined) {
    const ledger = await world.ledger();
    const now = (await ledger.clockPosition(world.environment)) ?? 0;
    await ledger.close();
    commands.push([
      "watch",
      policy,
      "--until",
      new Date(endOf(chapter.until, now)).toISOString().replace(".000Z", "Z"),
    ]);
  }
  let begun: ReturnType<EngineWorld["begin"]> | undefined;
  let isKilled = false;
  const acts = new Acts(world, chapter.acts, (await world.trace()).length, {
    // One process reads its policy as it begins.
    "compile again": async () => {
      await world.changePolicy();
      isKilled = true;
      begun?.child.kill("SIGKILL");
    },
    kill: async () => {
      isKilled = true;
      begun?.child.kill("SIGKILL");
    },
  });
  world.onJump = () => acts.look();
  for (const command of commands) {
    do {
      isKilled = false;
      begun = world.begin(...command);
      const { code, said } = await begun.ended;
      // 3 is a run that has failed, which is a story of its own.
      if (code !== 0 && code !== 3 && !isKilled) throw new Error(`${code}: ${said.slice(-2_000)}`);
    } while (isKilled);
  }
  world.onJump = async () => {};
  return acts.left;
}

async function liveThere(chapter: Chapter, world: EngineWorld, carrier: Carrier): Promise<Acts["left"]> {
  const acts = new Acts(world, chapter.acts, (await world.trace()).length, {
    tick: ({ at }) => {
      if (at !== undefined) world.setClock(at);
      return carrier.tick();
    },
    "compile again": async () => {
      await world.changePolicy();
      await carrier.tick();
    },
    ...carrier.acts,
  });
  const ticked = async () => {
    await Promise.all(Array.from({ length: chapter.ticks }, () => carrier.tick()));
    for (let run = await openRun(world); run !== undefined; run = undefined) await acts.during(carrier.run(run));
  };
  if (chapter.order !== undefined) {
    const { code, said } = await world.say("run", world.policy, "--because", chapter.order);
    if (code !== 0) throw new Error(said);
    await ticked();
  }
  if (chapter.until !== undefined) {
    const end = endOf(chapter.until, world.now());
    for (let due = await dueTick(world); due < end; due = await dueTick(world)) {
      if (due > world.now()) world.setClock(new Date(due).toISOString());
      await ticked();
    }
    if (end > world.now()) world.setClock(new Date(end).toISOString());
    await ticked();
  }
  return acts.left;
}

async function openRun(world: EngineWorld): Promise<string | undefined> {
  const records = await world.records(["run_started", "run_ended"]);
  const ended = new Set(records.flatMap(({ kind, run }) => (kind === "run_ended" ? [run] : [])));
  return records.findLast(({ kind, run }) => kind === "run_started" && !ended.has(run))?.run;
}

/** When a tick can decide something new. */
async function dueTick(world: EngineWorld): Promise<number> {
  const newest = (await world.records(["tick", "firing", "suppressed"])).at(-1);
  if (newest === undefined) return world.now();
  return nextDue(world.plan.monitor, (newest.body as TickBody).state, newest.at);
}
