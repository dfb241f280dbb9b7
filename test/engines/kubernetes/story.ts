import { afterAll, beforeAll, describe, it } from "vitest";
import type { WorldOrder } from "../../support/engine-world.ts";
import type { PostgresServer } from "../../support/postgres.ts";
import { logOf, podsOf, told, workflow, workflows } from "./workflow.ts";
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

/** A life on the cluster: a new ledger, an empty disk, the committed files, and stories that follow one another in it. */
export interface Life {
  /** A story of this life; what it came to goes into the table. The runs that it started are its own. */
  readonly story: (name: string, body: (on: ClusterWorld) => Promise<void>) => void;
}

export function life(
  name: string,
  server: () => PostgresServer,
  order: Pick<WorldOrder, "policy" | "shape">,
  tell: (life: Life) => void,
): void {
  describe(name, () => {
    let opened: ClusterWorld | undefined;
    beforeAll(async () => {
      opened = await ClusterWorld.open(server(), order);
    }, LONG);
    afterAll(() => opened?.close(), LONG);
    tell({
      story(title, body) {
        it(title, { timeout: LONG }, async () => {
          if (opened === undefined) throw new Error("the world did not open");
          const on = opened;
          await recount(title, on, () => body(on));
        });
      },
    });
  });
}

/** Tells a story; what it came to goes into the table, and what is known of one that fails to the terminal. */
async function recount(name: string, on: ClusterWorld, body: () => Promise<void>): Promise<void> {
  const before = await on.runs();
  const began = performance.now();
  let passed = false;
  try {
    await body();
    passed = true;
  } catch (error) {
    await explain(on);
    throw error;
  } finally {
    const seconds = (performance.now() - began) / 1000;
    const runs = (await on.runs().catch(() => [])).slice(before.length);
    rows.push({ name, seconds, passed, argo: await argoEnds(runs, on), ledger: await ledgerEnds(runs, on) });
  }
}

async function argoEnds(runs: readonly string[], on: ClusterWorld): Promise<string> {
  const found = await Promise.all(runs.map((run) => workflow(on.workflowOf(run)).catch(() => undefined)));
  return found.map((one) => one?.status?.phase ?? "none").join(", ");
}

async function ledgerEnds(runs: readonly string[], on: ClusterWorld): Promise<string> {
  const records = await on.world.records(["run_ended"]).catch(() => []);
  const outcomeOf = (run: string) =>
    (records.find((one) => one.run === run)?.body as { outcome?: string } | undefined)?.outcome;
  return runs.map((run) => outcomeOf(run) ?? "open").join(", ");
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
