import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { canonicalJson } from "../../compiler/plan/canonical.ts";
import { LedgerError } from "../../runtime/ledger/error.ts";
import type { Lease, Ledger } from "../../runtime/ledger/ledger.ts";
import { openLedger } from "../../runtime/ledger/open.ts";
import { entry } from "../support/ledger-contract.ts";
import { MemoryLedger } from "../support/memory-ledger.ts";

const root = mkdtempSync(join(tmpdir(), "retrain-property-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const actors = ["one", "two", "three"] as const;
const ttl = 100;

/** What an actor does to the ledger, or the world to it. */
type Step =
  | {
      readonly do: "append";
      readonly actor: number;
      readonly key: number;
      readonly leased: boolean;
      readonly body: fc.JsonValue;
    }
  | { readonly do: "acquire" | "renew" | "release"; readonly actor: number; readonly name: string }
  | { readonly do: "pass"; readonly time: number }
  | { readonly do: "die"; readonly actor: number }
  | { readonly do: "crash" }
  | { readonly do: "clock"; readonly to: number };

const actor = fc.nat({ max: actors.length - 1 });
const name = fc.constantFrom("p", "q");
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("append"),
      actor,
      key: fc.nat(12),
      leased: fc.boolean(),
      body: fc.jsonValue(),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom("acquire", "acquire", "renew", "release"), actor, name }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("pass"), time: fc.nat(2 * ttl) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("die"), actor }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("crash") }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("clock"), to: fc.integer({ min: -5, max: 5 }) }) },
);

/** Actors with the leases they believe to hold, in one world with one ledger. Lives of an actor are told apart by a number, as processes are by their start time. */
class World {
  time = 0;
  readonly dead = new Set<string>();
  readonly lives = actors.map(() => 0);
  readonly beliefs = new Map<string, Lease>();

  holder(of: number): string {
    return `${actors[of]}-${this.lives[of]}`;
  }

  /** Does one step and tells everything that can be seen of it. */
  async take(what: Step, ledger: Ledger): Promise<unknown> {
    switch (what.do) {
      case "pass":
        this.time += what.time;
        return undefined;
      case "die":
        this.dead.add(this.holder(what.actor));
        this.lives[what.actor] = (this.lives[what.actor] ?? 0) + 1;
        return undefined;
      case "crash":
        return undefined;
      case "clock":
        await ledger.moveClock("local", what.to);
        return ledger.clockPosition("local");
      case "acquire": {
        const answer = await ledger.acquire(what.name, this.holder(what.actor), ttl);
        if (!("held" in answer)) this.beliefs.set(`${what.actor} ${what.name}`, answer);
        return answer;
      }
      case "renew":
      case "release": {
        const lease = this.beliefs.get(`${what.actor} ${what.name}`);
        if (lease === undefined) return undefined;
        return what.do === "renew" ? ledger.renew(lease, ttl) : ledger.release(lease);
      }
      case "append": {
        const lease = what.leased ? this.beliefs.get(`${what.actor} p`) : undefined;
        const key = `${lease === undefined ? "free" : "leased"}-${what.key}`;
        const chain = lease === undefined ? "local/free" : "local/leased";
        const body = { fence: lease?.fence ?? 0, value: what.body };
        try {
          return await ledger.append(entry(key, { chain, at: this.time, body }), lease);
        } catch (error) {
          if (error instanceof LedgerError) return error.code;
          throw error;
        }
      }
    }
  }
}

async function fencesOf(ledger: Ledger): Promise<readonly number[]> {
  const records = await ledger.list({ chain: "local/leased" });
  return records.map((record) => (record.body as { readonly fence: number }).fence);
}

it("SQLite answers as the model in memory does, whatever is appended, leased, lost and opened again", async () => {
  let opened = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      opened += 1;
      const binding = { kind: "sqlite", path: `${opened}.db` } as const;
      const real = new World();
      const model = new World();
      const memory = new MemoryLedger({ now: () => model.time, isDead: (holder) => model.dead.has(holder) });
      const open = () => openLedger(binding, root, { now: () => real.time, isDead: (holder) => real.dead.has(holder) });
      const left: Ledger[] = [await open()];
      for (const what of steps) {
        // A crash closes nothing: the next life opens the file beside what was left.
        if (what.do === "crash") left.push(await open());
        const ledger = left.at(-1);
        if (ledger === undefined) throw new Error("a ledger is open");
        expect(await real.take(what, ledger)).toEqual(await model.take(what, memory));
      }
      const ledger = await open();
      for (const chain of ["local/free", "local/leased"]) {
        expect(await ledger.list({ chain })).toEqual(await memory.list({ chain }));
      }
      expect(await ledger.verify()).toEqual(await memory.verify());
      expect((await ledger.verify()).broken).toBeUndefined();
      const fences = await fencesOf(ledger);
      expect(fences).toEqual(fences.toSorted((left, right) => left - right));
      for (const one of [...left, ledger]) await one.close();
      for (const suffix of ["", "-wal", "-shm"]) rmSync(join(root, `${opened}.db${suffix}`), { force: true });
    }),
    { numRuns: 400 },
  );
});

it("in every order of five steps of three actors, records under a lease never go back to an older fence", async () => {
  const moves: Step[] = [{ do: "pass", time: ttl + 1 }];
  for (const which of [0, 1, 2]) {
    moves.push({ do: "acquire", actor: which, name: "p" }, { do: "release", actor: which, name: "p" });
    moves.push({ do: "append", actor: which, key: 0, leased: true, body: null });
  }
  let explored = 0;
  let fenced = 0;
  for (let code = 0; code < moves.length ** 5; code += 1) {
    const world = new World();
    const ledger = new MemoryLedger({ now: () => world.time });
    const owners = new Map<number, string>();
    let rest = code;
    for (let index = 0; index < 5; index += 1) {
      const move = moves[rest % moves.length];
      rest = Math.floor(rest / moves.length);
      if (move === undefined) throw new Error("every code names a move");
      const answer = await world.take(move.do === "append" ? { ...move, key: index } : move, ledger);
      if (answer === "fenced") fenced += 1;
      if (typeof answer === "object" && answer !== null && "fence" in answer) {
        const { fence, holder } = answer as Lease;
        if ((owners.get(fence) ?? holder) !== holder) throw new Error(`fence ${fence} was given to two holders`);
        owners.set(fence, holder);
      }
    }
    let last = 0;
    for (const fence of await fencesOf(ledger)) {
      // Of one chain, records without a lease carry 0.
      if (fence < last) throw new Error(`order ${code} went back from fence ${last} to ${fence}`);
      last = fence;
    }
    explored += 1;
  }
  expect(explored).toBe(100_000);
  expect(fenced).toBeGreaterThan(1_000);
});

it("canonical JSON means the same, whatever the order of keys, and is its own canonical form", () => {
  const shuffle = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shuffle);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, item]) => [key, shuffle(item)]),
    );
  };
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(canonicalJson(JSON.parse(text))).toBe(text);
      expect(canonicalJson(shuffle(value))).toBe(text);
    }),
    { numRuns: 2_000 },
  );
});
