import type { Dataset } from "../../../compiler/plan/dataset.ts";
import type { Unanswered, Value } from "../../judge/observation.ts";
import type { DataSource } from "../source.ts";
import { answered } from "./answer.ts";
import { binnedPair } from "./bins.ts";
import { readClassPredictions } from "./classes.ts";
import { Engine, type Session } from "./engine.ts";
import { gained, newest } from "./gained.ts";
import { gapPair, twoSamples } from "./gap.ts";
import { findLeaks, type TrainingRows } from "./leaks.ts";
import { readLabelledLog, readLoggedScores } from "./log.ts";
import { measureData } from "./measure.ts";
import { readPredictions } from "./predictions.ts";
import { schemaDifference } from "./schema.ts";
import { measureSlices } from "./slices.ts";
import { takeSnapshot } from "./snapshot.ts";
import type { Context } from "./view.ts";

export interface DuckDbSourceOptions {
  /** Absolute folder that relative addresses start in and never leave. */
  readonly root: string;
  /** Folder for temporary files; it is made when it is needed. */
  readonly scratch: string;
  /** Memory limit of the data engine, for example `512MB` (the default). */
  readonly memory?: string;
  /** The clock is a rehearsal's: rows later than it are not a fault of the feed. Default: false. */
  readonly rehearsal?: boolean;
}

export interface DuckDbSource extends DataSource {
  /** Newest event time in the whole source, epoch milliseconds. */
  newest(dataset: Dataset): Promise<Value | Unanswered>;
  /**
   * Whether predicted rows were among the training rows of one of the versions: by time against each window, by key where a folder
   * of training rows is given. `rows_mismatch` names how many; undefined: none.
   */
  leaks(uri: string, key: readonly string[], trainings: readonly TrainingRows[]): Promise<Unanswered | undefined>;
  close(): Promise<void>;
}

export type { TrainingRows };

/** Parquet, CSV and JSON lines read by an embedded DuckDB without network; it is loaded by the first question. */
export function openDuckDbSource(options: DuckDbSourceOptions): DuckDbSource {
  const engine = new Engine(options.scratch, options.memory ?? "512MB");
  const context: Context = { root: options.root, rehearsal: options.rehearsal ?? false, timesChecked: new Set() };
  const ask = <T>(subject: string, work: (session: Session) => Promise<T>): Promise<T | Unanswered> =>
    answered(subject, () => engine.use(work));
  const source = (dataset: Dataset): string => dataset.source.uri;
  return {
    gained: (dataset, since, labelled, now) =>
      ask(source(dataset), (session) => gained(session, context, dataset, since, labelled, now)),
    newest: (dataset) => ask(source(dataset), (session) => newest(session, context, dataset)),
    measure: (dataset, measure, window, now, reference) =>
      ask(source(dataset), (session) => measureData(session, context, dataset, measure, window, now, reference)),
    slices: (dataset, measure, by, window, now, reference) =>
      ask(source(dataset), (session) => measureSlices(session, context, dataset, measure, by, window, now, reference)),
    bins: (dataset, measure, reference, current, now) =>
      ask(source(dataset), (session) => binnedPair(session, context, dataset, measure, reference, current, now)),
    gap: (dataset, measure, reference, current, now) =>
      ask(source(dataset), (session) => gapPair(session, context, dataset, measure, reference, current, now)),
    samples: (dataset, measure, reference, current, now) =>
      ask(source(dataset), (session) => twoSamples(session, context, dataset, measure, reference, current, now)),
    schema: (dataset, window, now) =>
      ask(source(dataset), (session) => schemaDifference(session, context, dataset, window, now)),
    snapshot: (dataset, folder, now) =>
      ask(source(dataset), (session) => takeSnapshot(session, context, dataset, folder, now)),
    predictions: (uri, groups, holdout, classes) =>
      ask(uri, (session) =>
        classes === true
          ? readClassPredictions(session, context, uri, groups, holdout)
          : readPredictions(session, context, uri, groups, holdout),
      ),
    leaks: (uri, key, trainings) => ask(uri, (session) => findLeaks(session, context, uri, key, trainings)),
    labelledLog: (dataset, log, version, window, now, groups) =>
      ask(source(dataset), (session) => readLabelledLog(session, context, dataset, log, version, window, now, groups)),
    loggedScores: (log, version, window, now) =>
      ask(log, (session) => readLoggedScores(session, context, log, version, window, now)),
    close: () => engine.close(),
  };
}
