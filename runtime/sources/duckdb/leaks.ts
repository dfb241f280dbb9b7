import type { Unanswered } from "../../judge/observation.ts";
import type { Window } from "../source.ts";
import { count, type Session } from "./engine.ts";
import { openPredictions, words } from "./predictions.ts";
import { timestamp } from "./quote.ts";
import { openTable } from "./table.ts";
import { type Context, keyText, typed } from "./view.ts";

/** The holdout against the training window of each version, by its name: rows_mismatch where they overlap. */
export function leaks(holdout: Window, trained: Readonly<Record<string, Window>>): Unanswered | undefined {
  for (const [version, training] of Object.entries(trained)) {
    if (holdout.start < training.end && training.start < holdout.end) {
      return mismatch(
        `the holdout, ${words(holdout)}, overlaps the rows that the ${version} was trained on, ${words(training)}: it would be judged on what it has seen`,
      );
    }
  }
  return undefined;
}

/** The rows that a version was trained on. `uri`: folder of its snapshot's training part, where it is still there. */
export interface TrainingRows {
  readonly version: string;
  readonly window: Window;
  readonly uri?: string;
}

/** Holdout rows whose time or key lies in the training rows of one of the versions: rows_mismatch, or undefined where there are none. Throws NoAnswer. */
export async function findLeaks(
  session: Session,
  context: Context,
  uri: string,
  key: readonly string[],
  trainings: readonly TrainingRows[],
): Promise<Unanswered | undefined> {
  const table = await openPredictions(session, context, uri, ["key", "time"]);
  const time = typed(table, "time", "timestamp");
  for (const { version, window, uri: folder } of trainings) {
    const row = await session.row(
      `SELECT count(*) AS n, count(*) FILTER (WHERE ${time.value} >= ${timestamp(window.start)} AND ${time.value} < ${timestamp(window.end)}) AS leaks FROM ${table.from}`,
    );
    const leaks = count(row, "leaks");
    if (leaks > 0) {
      return mismatch(
        `${table.shown}: ${leaks} of ${count(row, "n")} rows lie in the training window of version ${version}, ${words(window)}`,
      );
    }
    if (folder === undefined) continue;
    const training = await openTable(session, context.root, `${folder}/*.parquet`, "parquet", key);
    const shared = await session.row(
      `SELECT count(*) AS n FROM (SELECT ${keyText(["key"])} AS key FROM ${table.from}) AS scored
       SEMI JOIN (SELECT ${keyText(key)} AS key FROM ${training.from}) AS trained ON scored.key = trained.key`,
    );
    if (count(shared, "n") > 0)
      return mismatch(`${table.shown}: ${count(shared, "n")} keys are among the training rows of version ${version}`);
  }
  return undefined;
}

function mismatch(detail: string): Unanswered {
  return { kind: "unanswered", reason: "rows_mismatch", detail };
}
