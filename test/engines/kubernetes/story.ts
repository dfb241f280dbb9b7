import { it } from "vitest";
import type { WorldOrder } from "../../support/engine-world.ts";
import type { PostgresServer } from "../../support/postgres.ts";
import { logOf, podsOf, told, workflows } from "./workflow.ts";
import { ClusterWorld } from "./world.ts";

interface Row {
  readonly name: string;
  readonly seconds: number;
  readonly passed: boolean;
  /** How the workflows of runs ended, as Argo says. */
  readonly argo: string;
  /** How the runs ended, as the ledger says. */
  readonly ledger: string;
}

const rows: Row[] = [];
const LONG = 1_200_000;

/** What a story is given: its world, and the server of its ledger. */
export interface Scene {
  readonly on: ClusterWorld;
  readonly postgres: PostgresServer;
}

/** A story of its own: a new ledger, an empty disk, the committed files. What it came to goes into the table. */
export function story(
  name: string,
  server: () => PostgresServer,
  order: Pick<WorldOrder, "policy" | "shape">,
  body: (scene: Scene) => Promise<void>,
): void {
  it(name, { timeout: LONG }, async () => {
    const began = performance.now();
    const postgres = server();
    const on = await ClusterWorld.open(postgres, order);
    let passed = false;
    try {
      await body({ on, postgres });
      passed = true;
    } catch (error) {
      await explain(on);
      throw error;
    } finally {
      const seconds = (performance.now() - began) / 1000;
      rows.push({ name, seconds, passed, argo: await argoEnds(on), ledger: await ledgerEnds(on) });
      await on.close();
    }
  });
}

async function argoEnds(on: ClusterWorld): Promise<string> {
  const found = await on.runWorkflows().catch(() => []);
  const started = [...found].sort((a, b) => (a.status?.startedAt ?? "").localeCompare(b.status?.startedAt ?? ""));
  return started.map(({ status }) => status?.phase ?? "none").join(", ");
}

async function ledgerEnds(on: ClusterWorld): Promise<string> {
  const trace = await on.world.trace().catch(() => []);
  return trace.flatMap((line) => / ended (\w+) after/.exec(line)?.[1] ?? []).join(", ");
}

/** Everything that is known about a story that failed. */
async function explain(on: ClusterWorld): Promise<void> {
  const say = (text: string) => process.stdout.write(`${text}\n`);
  for (const one of await workflows().catch(() => [])) {
    say(`${one.metadata.name}: ${one.status?.phase ?? "none"} ${one.status?.message ?? ""}`);
    for (const line of told(one)) say(`  ${line}`);
    for (const { metadata, status } of await podsOf(one.metadata.name).catch(() => [])) {
      say(`  pod ${metadata.name} ${status.phase}`);
      say((await logOf(metadata.name).catch(String)).replace(/^/gm, "    | "));
    }
  }
  for (const line of await on.world.trace().catch(() => [])) say(line);
}

/** The table of all stories that were told. */
export function table(): string {
  const cells = rows.map(({ name, seconds, passed, argo, ledger }) => [
    passed ? "passed" : "FAILED",
    `${seconds.toFixed(0)} s`,
    name,
    argo,
    ledger,
  ]);
  const all = [["", "time", "story", "Argo", "ledger"], ...cells];
  const width = (column: number) => Math.max(...all.map((row) => row[column]?.length ?? 0));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(width(column)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
