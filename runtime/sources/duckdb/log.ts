import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Dataset } from "../../../compiler/plan/dataset.ts";
import type { Instant } from "../../clock/clock.ts";
import { systemCode } from "../../files/error.ts";
import type { Sample, ScoredRows } from "../../judge/observation.ts";
import { HOUR, hourOfFile } from "../../server/hours.ts";
import type { Window } from "../source.ts";
import { NoAnswer } from "./answer.ts";
import { count, type Session } from "./engine.ts";
import { resolveAddress } from "./files.ts";
import { identifier, literal, timestamp } from "./quote.ts";
import { column, readColumns } from "./scored.ts";
import { type Context, field, keyText, mature, openView, refuseBad, seen } from "./view.ts";

/** Fields of a log line that are read. */
const fields = {
  key: "VARCHAR",
  time: "VARCHAR",
  version: "VARCHAR",
  mode: "VARCHAR",
  score: "DOUBLE",
  decision: "BOOLEAN",
  request: "VARCHAR",
};

/**
 * A version's logged answers in the window with the labels that are mature by `now`. Of the answers to one request the live one
 * counts, of the answers with one key the newest; an answer without a score has nothing to compare. Throws NoAnswer.
 */
export async function readLabelledLog(
  session: Session,
  context: Context,
  dataset: Dataset,
  log: string,
  version: string,
  window: Window,
  now: Instant,
  groups: readonly string[] = [],
): Promise<ScoredRows> {
  if (dataset.label === undefined)
    throw new NoAnswer("undefined_value", `dataset ${dataset.name} has no label to compare answers with`);
  const scope = seen(window, now);
  const files = await hourFiles(resolveAddress(context.root, log), scope);
  if (files.length === 0) throw new NoAnswer("no_data", `${log} has no hour of the prediction log in the window`);
  const answers = await loadAnswers(session, log, files, version, scope);
  if (answers === 0) throw new NoAnswer("no_data", `${log} has no scored answer of version ${version} in the window`);
  const view = await openView(session, context, dataset, [...dataset.key, dataset.label.column, ...groups]);
  const label = field(view, dataset.label.column);
  if (!["boolean", "number", "integer"].includes(label.type)) {
    throw new NoAnswer("schema_mismatch", `${view.table.shown}: label "${label.name}" must be boolean or a number`);
  }
  await session.run(
    `CREATE TEMP TABLE joined AS
     SELECT answers.key, answers.score, answers.decision, labels.* EXCLUDE (key)
     FROM answers JOIN (
       SELECT ${keyText(dataset.key)} AS key, arg_max(CAST(${label.value} AS DOUBLE), ${view.time.value}) AS label,
         bool_or(${label.bad ?? "false"}) AS bad, any_value(${label.raw}) AS raw${groups.map((name, at) => `, arg_max(coalesce(CAST(${identifier(name)} AS VARCHAR), ''), ${view.time.value}) AS group${at}`).join("")}
       FROM ${view.table.from} WHERE ${mature(view, now)} AND ${keyText(dataset.key)} IN (SELECT key FROM answers) GROUP BY 1
     ) AS labels ON answers.key = labels.key`,
  );
  const totals = await session.row(
    `SELECT count(*) AS n, count(decision) AS decided, count(*) FILTER (WHERE bad) AS bad, any_value(raw) FILTER (WHERE bad) AS example FROM joined`,
  );
  refuseBad(view, label, count(totals, "bad"), totals["example"]);
  const n = count(totals, "n");
  if (n === 0)
    throw new NoAnswer(
      "labels_immature",
      `none of the ${answers} answers of version ${version} has a mature label yet`,
    );
  const names = ["label", "score", ...(count(totals, "decided") === n ? ["decision"] : [])];
  const texts = groups.map((_, at) => `group${at}`);
  const selected = [...names.map((name) => `CAST(${name} AS DOUBLE) AS ${name}`), ...texts].join(", ");
  const read = await readColumns(session, `SELECT ${selected} FROM joined ORDER BY key`, names, texts);
  return {
    kind: "rows",
    label: column(read.numbers, "label"),
    challenger: column(read.numbers, "score"),
    ...(read.numbers.has("decision") ? { challengerDecision: column(read.numbers, "decision") } : {}),
    groups: Object.fromEntries(groups.map((name, at) => [name, read.texts[`group${at}`] ?? []])),
  };
}

/** Scores of a version's answers in the window, one a request (of a request answered live and mirrored the live one), in the order they came. Throws NoAnswer. */
export async function readLoggedScores(
  session: Session,
  context: Context,
  log: string,
  version: string,
  window: Window,
  now: Instant,
): Promise<Sample> {
  const scope = seen(window, now);
  const files = await hourFiles(resolveAddress(context.root, log), scope);
  if (files.length === 0) throw new NoAnswer("no_data", `${log} has no hour of the prediction log in the window`);
  const requests = await loadRequests(session, log, files, version, scope);
  if (requests === 0) throw new NoAnswer("no_data", `${log} has no scored answer of version ${version} in the window`);
  const read = await readColumns(session, "SELECT score FROM requests ORDER BY instant, request", ["score"], []);
  return { kind: "sample", values: column(read.numbers, "score") };
}

/** Files of the hours that overlap the window, oldest first; the others are not opened. */
async function hourFiles(folder: string, window: Window): Promise<readonly string[]> {
  let names: readonly string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw new NoAnswer(
      "source_unavailable",
      `the prediction log ${folder} cannot be read (${systemCode(error) ?? "unknown error"})`,
    );
  }
  return names
    .filter((name) => {
      const hour = hourOfFile(name);
      return hour !== undefined && hour * HOUR < window.end && (hour + 1) * HOUR > window.start;
    })
    .sort()
    .map((name) => join(folder, name));
}

/** Fills the temporary table `answers`, one row a key; returns how many there are. */
async function loadAnswers(
  session: Session,
  log: string,
  files: readonly string[],
  version: string,
  window: Window,
): Promise<number> {
  await loadRequests(session, log, files, version, window);
  await session.run(
    `CREATE TEMP TABLE answers AS SELECT key, score, decision FROM requests
     QUALIFY row_number() OVER (PARTITION BY key ORDER BY instant DESC, request DESC) = 1`,
  );
  return count(await session.row("SELECT count(*) AS n FROM answers"), "n");
}

/** Fills the temporary table `requests`, one row a request with a score; returns how many there are. */
async function loadRequests(
  session: Session,
  log: string,
  files: readonly string[],
  version: string,
  window: Window,
): Promise<number> {
  const types = Object.entries(fields).map(([name, type]) => `${name}: '${type}'`);
  // A server that was killed leaves at most one torn line a file; more than that is no log of ours.
  const read = `read_json([${files.map(literal).join(", ")}], format = 'newline_delimited', ignore_errors = true, columns = {${types.join(", ")}})`;
  const torn = count(await session.row(`SELECT count(*) FILTER (WHERE key IS NULL) AS torn FROM ${read}`), "torn");
  if (torn > files.length)
    throw new NoAnswer(
      "source_rejected",
      `${log}: ${torn} lines in ${files.length} files are no lines of a prediction log`,
    );
  await session.run(
    `CREATE TEMP TABLE requests AS
     SELECT key, score, decision, request, instant FROM (
       SELECT *, CAST(TRY_CAST(time AS TIMESTAMPTZ) AS TIMESTAMP) AS instant FROM ${read}
       WHERE version = $1 AND score IS NOT NULL AND isfinite(score) AND mode IN ('live', 'mirror')
     )
     WHERE instant >= ${timestamp(window.start)} AND instant < ${timestamp(window.end)}
     QUALIFY row_number() OVER (PARTITION BY coalesce(request, key || time) ORDER BY mode, instant DESC) = 1`,
    [version],
  );
  return count(await session.row("SELECT count(*) AS n FROM requests"), "n");
}
