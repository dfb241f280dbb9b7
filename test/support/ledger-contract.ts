import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { exportRecords, takeCheckpoints } from "../../runtime/ledger/export.ts";
import type { Entry, Lease, LeaseHeld, Ledger } from "../../runtime/ledger/ledger.ts";

export interface LedgerHost {
  readonly now: () => number;
  readonly isDead: (holder: string) => boolean;
}

/** A lease that must be had. */
function held(answer: Lease | LeaseHeld): Lease {
  if ("held" in answer) throw new Error(`the lease is held by ${answer.holder}`);
  return answer;
}

export function entry(key: string, more: Partial<Entry> = {}): Entry {
  return { chain: "local/flights", key, kind: "tick", at: 986_774_400_000, body: { key }, ...more };
}

/** What every ledger must do, told once: `open` gives a new, empty one. */
export function ledgerContract(what: string, open: (host: LedgerHost) => Promise<Ledger>): void {
  const host = { time: 1_000_000, dead: new Set<string>() };
  const fresh = (): Promise<Ledger> => {
    host.time = 1_000_000;
    host.dead.clear();
    return open({ now: () => host.time, isDead: (holder) => host.dead.has(holder) });
  };

  it(`${what} numbers the records of each chain from 1 and links each to the one before`, async () => {
    const ledger = await fresh();
    const first = await ledger.append(entry("a"));
    const second = await ledger.append(entry("b", { kind: "decision", run: "r1", body: { x: [1, null, "é"] } }));
    const other = await ledger.append(entry("a", { chain: "local/other" }));
    expect([first.record.sequence, second.record.sequence, other.record.sequence]).toEqual([1, 2, 1]);
    expect(first.record.previous).toBe("0".repeat(64));
    expect(second.record.previous).toBe(first.record.hash);
    expect(second.record).toMatchObject({ run: "r1", kind: "decision", body: { x: [1, null, "é"] } });
    expect("run" in first.record).toBe(false);
    expect(await ledger.chains()).toEqual(["local/flights", "local/other"]);
    expect(await ledger.verify()).toEqual({ records: 3 });
    await ledger.close();
  });

  it(`${what} hashes the canonical JSON of a record`, async () => {
    const ledger = await fresh();
    const { record } = await ledger.append(entry("k", { run: "r", body: { b: 1e21, a: "\u20ac", "": -0 } }));
    const text = `{"at":986774400000,"body":{"":0,"a":"\u20ac","b":1e+21},"chain":"local/flights","key":"k","kind":"tick","previous":"${"0".repeat(64)}","run":"r","sequence":1}`;
    expect(record.hash).toBe(createHash("sha256").update(text).digest("hex"));
    await ledger.close();
  });

  it(`${what} writes a key once and gives back the first record ever after`, async () => {
    const ledger = await fresh();
    const first = await ledger.append(entry("a", { body: 1 }));
    const again = await ledger.append(entry("a", { body: 2, kind: "effect" }));
    expect(first.written).toBe(true);
    expect(again).toEqual({ record: first.record, written: false });
    expect(await ledger.find("local/flights", "a")).toEqual(first.record);
    expect(await ledger.find("local/flights", "b")).toBeUndefined();
    expect(await ledger.find("local/other", "a")).toBeUndefined();
    await ledger.close();
  });

  it(`${what} refuses what JSON cannot hold, and writes nothing`, async () => {
    const ledger = await fresh();
    for (const body of [
      Number.NaN,
      { a: Number.POSITIVE_INFINITY },
      [undefined],
      new Date(0),
      "\ud800",
      undefined,
      1n,
    ]) {
      await expect(ledger.append(entry("a", { body }))).rejects.toThrow(TypeError);
    }
    await expect(ledger.append(entry("a", { at: 0.5 }))).rejects.toThrow(/whole milliseconds/);
    await expect(ledger.append(entry(""))).rejects.toThrow(TypeError);
    expect(await ledger.list({ chain: "local/flights" })).toEqual([]);
    await ledger.close();
  });

  it(`${what} lists by kind, run, place and direction`, async () => {
    const ledger = await fresh();
    for (let index = 1; index <= 9; index += 1) {
      await ledger.append(
        entry(`k${index}`, { kind: index % 3 === 0 ? "look" : "tick", run: index < 5 ? "r1" : "r2" }),
      );
    }
    const keys = async (filter: Omit<Parameters<Ledger["list"]>[0], "chain">) =>
      (await ledger.list({ chain: "local/flights", ...filter })).map((record) => record.key).join(" ");
    expect(await keys({ kinds: ["look"] })).toBe("k3 k6 k9");
    expect(await keys({ kinds: ["look", "tick"], run: "r2" })).toBe("k5 k6 k7 k8 k9");
    expect(await keys({ kinds: [] })).toBe("");
    expect(await keys({ after: 6 })).toBe("k7 k8 k9");
    expect(await keys({ newest: true, limit: 2 })).toBe("k9 k8");
    expect(await keys({ limit: 2 })).toBe("k1 k2");
    expect(await keys({ limit: 0 })).toBe("");
    expect(await keys({ newest: true, kinds: ["look"], after: 3, limit: 1 })).toBe("k9");
    await ledger.close();
  });

  it(`${what} gives a lease to one holder until it expires, with a fence that only grows`, async () => {
    const ledger = await fresh();
    const first = held(await ledger.acquire("p", "one", 1_000));
    expect(await ledger.acquire("p", "two", 1_000)).toEqual({ held: true, holder: "one", until: 1_001_000 });
    expect(held(await ledger.acquire("p", "one", 2_000))).toEqual(first);
    host.time += 1_999;
    expect(await ledger.acquire("p", "two", 1_000)).toEqual({ held: true, holder: "one", until: 1_002_000 });
    expect(await ledger.renew(first, 500)).toBe(true);
    host.time += 500;
    const second = held(await ledger.acquire("p", "two", 1_000));
    expect(second.fence).toBeGreaterThan(first.fence);
    expect(await ledger.renew(first, 1_000)).toBe(false);
    await ledger.release(first);
    expect(await ledger.acquire("p", "three", 1_000)).toMatchObject({ held: true, holder: "two" });
    await ledger.release(second);
    const third = held(await ledger.acquire("p", "two", 1_000));
    expect(third.fence).toBeGreaterThan(second.fence);
    expect(held(await ledger.acquire("q", "one", 1_000)).fence).toBe(1);
    await ledger.close();
  });

  it(`${what} keeps a lease that ran out with its holder until another takes it`, async () => {
    const ledger = await fresh();
    const lease = held(await ledger.acquire("p", "one", 100));
    host.time += 10_000;
    expect((await ledger.append(entry("late"), lease)).written).toBe(true);
    expect(await ledger.renew(lease, 100)).toBe(true);
    expect(await ledger.acquire("p", "two", 100)).toMatchObject({ held: true, holder: "one" });
    await ledger.close();
  });

  it(`${what} replaces a holder that is proven dead at once`, async () => {
    const ledger = await fresh();
    const first = held(await ledger.acquire("p", "one", 1_000_000));
    host.dead.add("one");
    const second = held(await ledger.acquire("p", "two", 1_000));
    expect(second.fence).toBe(first.fence + 1);
    await ledger.close();
  });

  it(`${what} refuses records of a holder whose lease has gone to another, was released or was never given`, async () => {
    const ledger = await fresh();
    const first = held(await ledger.acquire("p", "one", 100));
    expect((await ledger.append(entry("a"), first)).written).toBe(true);
    host.time += 101;
    const second = held(await ledger.acquire("p", "two", 100));
    await expect(ledger.append(entry("b"), first)).rejects.toMatchObject({ name: "LedgerError", code: "fenced" });
    await expect(ledger.append(entry("a"), first)).rejects.toMatchObject({ code: "fenced" });
    expect((await ledger.append(entry("b"), second)).written).toBe(true);
    await ledger.release(second);
    await expect(ledger.append(entry("c"), second)).rejects.toMatchObject({ code: "fenced" });
    const unknown = { name: "none", holder: "two", fence: 1 };
    await expect(ledger.append(entry("c"), unknown)).rejects.toMatchObject({ code: "fenced" });
    expect((await ledger.list({ chain: "local/flights" })).map((record) => record.key)).toEqual(["a", "b"]);
    await ledger.close();
  });

  it(`${what} refuses an older lease of the same holder`, async () => {
    const ledger = await fresh();
    const old = held(await ledger.acquire("p", "one", 1_000));
    await ledger.release(old);
    const current = held(await ledger.acquire("p", "one", 1_000));
    await expect(ledger.append(entry("a"), old)).rejects.toMatchObject({ code: "fenced" });
    expect(await ledger.renew(old, 1_000)).toBe(false);
    await ledger.release(old);
    expect((await ledger.append(entry("a"), current)).written).toBe(true);
    await ledger.close();
  });

  it(`${what} keeps the first plan of a digest`, async () => {
    const ledger = await fresh();
    await ledger.putPlan("d1", '{"a":1}');
    await ledger.putPlan("d1", '{"a":2}');
    expect(await ledger.plan("d1")).toBe('{"a":1}');
    expect(await ledger.plan("d2")).toBeUndefined();
    await ledger.close();
  });

  it(`${what} moves a clock forward only`, async () => {
    const ledger = await fresh();
    expect(await ledger.clockPosition("local")).toBeUndefined();
    await ledger.moveClock("local", -5);
    expect(await ledger.clockPosition("local")).toBe(-5);
    await ledger.moveClock("local", 986_774_400_000);
    await ledger.moveClock("local", 1_000);
    expect(await ledger.clockPosition("local")).toBe(986_774_400_000);
    expect(await ledger.clockPosition("other")).toBeUndefined();
    await ledger.close();
  });

  it(`${what} compares with checkpoints taken before`, async () => {
    const ledger = await fresh();
    for (const key of ["a", "b", "c"]) await ledger.append(entry(key));
    const [checkpoint] = await takeCheckpoints(ledger);
    if (checkpoint === undefined) throw new Error("a ledger with records gives a checkpoint");
    await ledger.append(entry("d"));
    expect(checkpoint).toMatchObject({ chain: "local/flights", sequence: 3 });
    expect(await ledger.verify(undefined, [checkpoint])).toEqual({ records: 4 });
    const other = { ...checkpoint, hash: "f".repeat(64) };
    expect((await ledger.verify("local/flights", [other])).broken).toMatchObject({ sequence: 3 });
    const beyond = { ...checkpoint, sequence: 6 };
    expect((await ledger.verify(undefined, [beyond])).broken).toEqual({
      chain: "local/flights",
      sequence: 5,
      what: "records 5 to 6 are missing: the checkpoint saw record 6, the chain ends before",
    });
    const gone = { ...checkpoint, chain: "local/gone", sequence: 1 };
    expect((await ledger.verify(undefined, [gone])).broken).toMatchObject({ chain: "local/gone", sequence: 1 });
    await ledger.close();
  });

  it(`${what} gives its records as lines, each with its hash`, async () => {
    const ledger = await fresh();
    const records = [];
    for (let index = 0; index < 1_001; index += 1) records.push((await ledger.append(entry(`k${index}`))).record);
    records.push((await ledger.append(entry("z", { chain: "local/other" }))).record);
    const lines = await Array.fromAsync(exportRecords(ledger));
    expect(lines.map((line) => JSON.parse(line))).toEqual(records);
    // Whoever has the lines alone can check them: the hash is that of the line without it.
    for (const line of lines.slice(0, 3)) {
      const { hash } = JSON.parse(line) as { readonly hash: string };
      const rest = line.replace(`"hash":"${hash}",`, "");
      expect(createHash("sha256").update(rest).digest("hex")).toBe(hash);
    }
    expect(await Array.fromAsync(exportRecords(ledger, "local/other"))).toHaveLength(1);
    await ledger.close();
  });
}
