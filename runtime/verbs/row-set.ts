import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Engine } from "../engine/engine.ts";
import type { Snapshot } from "../sources/source.ts";

/** One hash over the row sets of all datasets. */
export function combinedRowSet(snapshots: Readonly<Record<string, Pick<Snapshot, "rowSet">>>): string {
  const hashes = Object.entries(snapshots).map(([name, { rowSet }]) => `${name} ${rowSet}`);
  return createHash("sha256").update(hashes.sort().join("\n")).digest("hex");
}

/** The row set that a snapshot would have now; undefined when a source cannot say. Asked only after a validation stop, so the rows may be written out and thrown away. */
export async function rowSetNow(engine: Engine): Promise<string | undefined> {
  const now = engine.clock.now();
  const folder = join(resolve(engine.root, engine.plan.bindings.work), ".scratch", "row-set");
  const snapshots: Record<string, Snapshot> = {};
  try {
    for (const dataset of engine.plan.datasets) {
      if (dataset.holdout === undefined) continue;
      const answer = await engine.source.snapshot(dataset, join(folder, dataset.name), now);
      if ("kind" in answer) return undefined;
      snapshots[dataset.name] = answer;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return combinedRowSet(snapshots);
}
