import { afterAll, beforeAll, expect, it } from "vitest";
import type { RolloutState } from "../../runtime/rollout/state.ts";
import type { Chapter } from "./rehearsal/chapters.ts";
import { type Hit, type Lived, live } from "./rehearsal/lives.ts";
import { Plan } from "./rehearsal/plan.ts";
import { type Ground, prepareGround } from "./rehearsal/rehearsal.ts";
import { HOUR } from "./rehearsal/rows.ts";
import type { Strike } from "./rehearsal/strike.ts";
import { WINDOWS } from "./rehearsal/windows.ts";

/** How many kills, and the seed of their moments: `RETRAIN_FAULTS_KILLS=40 RETRAIN_FAULTS_SEED=7 vitest run --project faults`. */
const KILLS = Number(process.env["RETRAIN_FAULTS_KILLS"] ?? 12);
const SEED = Number(process.env["RETRAIN_FAULTS_SEED"] ?? Date.now() % 1_000_000);
const MINUTES_A_LIFE = 2;

let ground: Ground;
let whole: Lived;

beforeAll(async () => {
  ground = await prepareGround();
  whole = await live(ground, () => []);
}, 180_000);

afterAll(() => ground.remove());

it("a life that nobody disturbs passes all four chapters, and a second one is the same in every field", async () => {
  const outcomes = Object.entries(whole.portrait.records)
    .filter(([key]) => /^run\/[^/]+\/ended$/.test(key))
    .map(([, record]) => (record as { body: { outcome: string } }).body.outcome);
  expect(outcomes).toEqual(["promoted", "promoted", "refused", "rolled_back"]);
  expect(whole.portrait.verified).toBe(true);
  expect(whole.portrait.unpaired).toEqual([]);
  expect(whole.portrait.aliases).toMatchObject({ champion: "2" });
  expect(whole.portrait.route).toMatchObject({ champion: "2", share: 0, mirror: 0 });
  const second = await live(ground, () => []);
  expect(second.portrait).toEqual(whole.portrait);
}, 180_000);

it("a version is looked after from the end of its run to the end of its keep, also where no tick is due", () => {
  const states = Object.values(whole.portrait.records).flatMap((record) => {
    const { rollout } = (record as { body: { rollout?: { state: RolloutState } } }).body;
    return rollout === undefined ? [] : [rollout.state];
  });
  const kept = states.filter(({ start, phase }) => start.challenger === "2" && phase === "ended");
  const [first] = kept.map(({ recordedAt, promotedAt }) => recordedAt - (promotedAt ?? 0));
  expect(first).toBe(3 * HOUR);
});

it("killed where the last things of a run and of a keep are done, a life makes up for them", async () => {
  const refused = WINDOWS.refused.find(({ name }) => name === "end of the run");
  if (refused === undefined) throw new Error("a refused run without an end");
  const fixed: Record<Chapter["name"], Strike> = {
    "first model": { how: "effect", effect: "route", side: "after", nth: 1 },
    promoted: { how: "effect", effect: "route", side: "before", nth: 3 },
    refused: { how: "window", window: { ...refused, begins: ({ kind }) => kind === "run_ended" }, delay: 0 },
    "rolled back": { how: "effect", effect: "route", side: "after", nth: 2 },
  };
  const lived = await live(ground, (chapter) => [fixed[chapter]]);
  expect(lived.hits.length).toBeGreaterThanOrEqual(3);
  expect(lived.portrait).toEqual(whole.portrait);
}, 180_000);

it(
  `killed ${KILLS} times, every life ends as the undisturbed one, each effect done once (seed ${SEED})`,
  async () => {
    const plan = new Plan(SEED, whole.lengths);
    const hits: Hit[] = [];
    const begun = performance.now();
    for (let number = 1; hits.length < KILLS; number += 1) {
      if (number > KILLS) throw new Error(`only ${hits.length} of the kills hit a living process`);
      const lived = await live(ground, (chapter) => plan.chapter(chapter));
      hits.push(...lived.hits);
      for (const hit of lived.hits) say(`  life ${number}: ${describe(hit)}`);
      expect(lived.portrait, `life ${number} of seed ${SEED}`).toEqual(whole.portrait);
      expect(lived.left).toEqual([]);
    }
    const seconds = Math.round((performance.now() - begun) / 1000);
    say(`${hits.length} kills in ${seconds} s with seed ${SEED}: ${JSON.stringify(countBy(hits))}`);
    if (KILLS >= 40) expect(STEPS.filter((step) => !hits.some(({ strike }) => windowOf(strike) === step))).toEqual([]);
    const effects = hits.flatMap(({ strike }) => (strike.how === "effect" ? [strike.side] : []));
    const atLeast = Math.min(5, Math.floor(KILLS / 8));
    expect(effects.filter((side) => side === "before").length).toBeGreaterThanOrEqual(atLeast);
    expect(effects.filter((side) => side === "after").length).toBeGreaterThanOrEqual(atLeast);
  },
  KILLS * MINUTES_A_LIFE * 60_000,
);

/** Every step of a run, and every part of a rollout: a quick dose kills in the window of each. */
const STEPS = "snapshot,validate,train,evaluate,gate,register,shadow,canary,full,promotion,rollback".split(",");

function windowOf(strike: Hit["strike"]): string | undefined {
  return strike.how === "window" ? strike.window.name : undefined;
}

/** For whoever reads the log of a dose. */
function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function describe({ chapter, strike, after }: Hit): string {
  return `${chapter}, ${nameOf(strike)}, newest record ${after}`;
}

function nameOf(strike: Hit["strike"]): string {
  switch (strike.how) {
    case "window":
      return `${strike.window.name}${strike.also === undefined ? "" : ` with the ${strike.also}`}`;
    case "effect":
      return `${strike.effect} ${strike.side === "before" ? "between intent and effect" : "between effect and record"}`;
    case "recovery":
      return `while going on (${Math.round(strike.delay)} ms)`;
  }
}

function countBy(hits: readonly Hit[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { strike } of hits) {
    const name = strike.how === "recovery" ? "while going on" : nameOf(strike);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
