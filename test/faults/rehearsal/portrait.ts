import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { LedgerRecord } from "../../../runtime/ledger/ledger.ts";
import { openLedgerForReading } from "../../../runtime/ledger/open.ts";
import type { Rehearsal } from "./rehearsal.ts";

/** Everything that a life has left, without what differs between two lives that nobody disturbed. */
export interface Portrait {
  readonly verified: boolean;
  /** Every record, by its key. */
  readonly records: Readonly<Record<string, unknown>>;
  /** Keys of each run's records in the order of the ledger; those of the monitor under an empty name. */
  readonly order: Readonly<Record<string, readonly string[]>>;
  readonly clock: number | undefined;
  readonly route: unknown;
  readonly versions: unknown;
  readonly aliases: unknown;
  readonly monitor: unknown;
  /** Idempotency key and event of every notification that was received. */
  readonly messages: readonly string[];
  /** Records without which an effect would have been done twice or not at all: intents without exactly one effect. */
  readonly unpaired: readonly string[];
}

/** Latency is measured in real time: its numbers differ from life to life, its verdict does not. */
function isMeasuredLatency(value: object): boolean {
  return "requirement" in value && JSON.stringify(value).includes("latency");
}

/** Fields of a finding about latency that hold measured numbers or words made of them. */
const MEASURED_IN_A_FINDING = new Set(["estimate", "interval", "bound", "sentence", "flip", "values", "method"]);

/** The same numbers in sentences of stages. */
const MEASURED_IN_WORDS = /latency, 99%\) is [\d.]+ m?s \(95 % upper bound [\d.]+ m?s, n = \d+\):/g;

/** A body without what is measured in real time: how long a step took (`measured`), and the numbers of latency. */
function still(value: unknown): unknown {
  if (typeof value === "string") return value.replace(MEASURED_IN_WORDS, "latency, 99%) is measured:");
  if (Array.isArray(value)) return value.map(still);
  if (typeof value !== "object" || value === null) return value;
  const measured = isMeasuredLatency(value);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !(measured && MEASURED_IN_A_FINDING.has(name)) && name !== "measured")
      .map(([name, inner]) => [name, still(inner)]),
  );
}

/** `ENVIRONMENT/POLICY` of the rehearsal. */
export const CHAIN = "local/parcels";

export async function portray(life: Rehearsal): Promise<Portrait> {
  const ledger = await openLedgerForReading({ kind: "sqlite", path: ".retrain/ledger.db" }, life.folder);
  try {
    const list = await ledger.list({ chain: CHAIN });
    const registry = join(life.folder, ".retrain/registry/parcels");
    const { fence: _, ...route } = (await (
      await fetch(`http://127.0.0.1:${life.ground.ports.server}/route`)
    ).json()) as { fence: number };
    const tally = await life.tally();
    const monitor = list.findLast((one) => ["tick", "firing", "suppressed"].includes(one.kind));
    return {
      verified: (await ledger.verify()).broken === undefined,
      records: Object.fromEntries(
        list.map(({ key, kind, run, at, body }) => [key, { kind, run, at, body: still(body) }]),
      ),
      order: orderOf(list),
      clock: await ledger.clockPosition("local"),
      route,
      versions: versionsOf(registry),
      aliases: aliasesOf(registry),
      monitor: monitor === undefined ? undefined : (monitor.body as { state: unknown }).state,
      messages: Object.entries(tally.messages)
        .map(([key, { event }]) => `${key} ${event}`)
        .sort(),
      unpaired: unpaired(list),
    };
  } finally {
    await ledger.close();
  }
}

function orderOf(list: readonly LedgerRecord[]): Record<string, string[]> {
  const order = Map.groupBy(list, ({ run = "" }) => run);
  return Object.fromEntries([...order].map(([run, records]) => [run, records.map(({ key }) => key)]));
}

function versionsOf(registry: string): unknown {
  const folder = join(registry, "versions");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name, "version.json"), "utf8")) as unknown);
}

/** Which version each alias names. Its fence counts the lives that moved it. */
function aliasesOf(registry: string): unknown {
  const file = join(registry, "aliases.json");
  if (!existsSync(file)) return {};
  const { aliases } = JSON.parse(readFileSync(file, "utf8")) as { aliases: Record<string, { version: string | null }> };
  return Object.fromEntries(Object.entries(aliases).map(([name, { version }]) => [name, version]));
}

/** Every intent is followed by exactly one record that its effect was done, or given up because the rollout turned back. */
function unpaired(list: readonly LedgerRecord[]): string[] {
  const done = new Map<string, number>();
  const count = (key: string) => done.set(key, (done.get(key) ?? 0) + 1);
  for (const record of list) {
    if (record.key.endsWith("/register/effect")) count(record.key.replace(/effect$/, "intent"));
    const event = (record.body as { rollout?: { event?: { kind?: string; key?: string } } }).rollout?.event;
    if (event?.kind === "done") count(`${event.key}/intent`);
  }
  return list.filter(({ kind, key }) => kind === "intent" && done.get(key) !== 1).map(({ key }) => key);
}
