import { join } from "node:path";
import type { NodeResult, RunContext } from "../engine/context.ts";
import { runFolder } from "../engine/engine.ts";
import { championOf, readHistory } from "../engine/history.ts";
import type { SnapshotFacts } from "../engine/run-records.ts";
import type { Snapshot } from "../sources/source.ts";
import { combinedRowSet } from "./row-set.ts";

/** Fixes the rows of a run: training and holdout of every dataset with a label. Word `ready`, `refused` when the labels do not suffice, `broken` when a source cannot be read. */
export async function snapshot(context: RunContext): Promise<NodeResult> {
  const { engine, run } = context;
  const now = engine.clock.now();
  const snapshots: Record<string, Snapshot> = {};
  for (const dataset of engine.plan.datasets) {
    if (dataset.holdout === undefined) continue;
    const answer = await engine.source.snapshot(dataset, join(runFolder(engine, run), "data", dataset.name), now);
    if ("kind" in answer) {
      const facts = { reason: answer.reason };
      const sentence = `dataset \`${dataset.name}\`: ${answer.detail}`;
      if (answer.reason === "labels_immature") return { word: "refused", sentence, facts };
      return {
        word: "broken",
        sentence: `${sentence}; correct the data or the policy's \`source\`, then run again`,
        facts,
      };
    }
    snapshots[dataset.name] = answer;
  }
  const champion = championOf(await readHistory(engine.ledger, engine.chain));
  const rowSet = combinedRowSet(snapshots);
  const facts: SnapshotFacts = { snapshots, rowSet, ...(champion === undefined ? {} : { champion: champion.version }) };
  const parts = Object.values(snapshots).map(
    (one) =>
      `${one.dataset}: ${one.training.rows.toLocaleString("en")} training rows, ${one.holdout.rows.toLocaleString("en")} holdout rows`,
  );
  return { word: "ready", sentence: parts.join("; "), facts: { ...facts } };
}
