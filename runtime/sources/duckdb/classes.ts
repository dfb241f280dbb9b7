import type { ScoredRows } from "../../judge/observation.ts";
import type { Window } from "../source.ts";
import { NoAnswer } from "./answer.ts";
import type { Field } from "./column.ts";
import { count, type Session } from "./engine.ts";
import { checkRows, numeric, openPredictions } from "./predictions.ts";
import { identifier } from "./quote.ts";
import { column, readColumns } from "./scored.ts";
import { requireColumn } from "./table.ts";
import { type Context, keyText } from "./view.ts";

const decisions = ["challenger_decision", "champion_decision"] as const;
const numbers = [
  "challenger_score",
  "champion_score",
  "weight",
  "challenger_latency_ms",
  "champion_latency_ms",
] as const;

/**
 * Rows of a model of several classes: `label`, `challenger_decision` and, where there is a champion, `champion_decision` are names of classes.
 * The classes are all names that occur, in alphabetical order. Scores may be left out. Throws NoAnswer.
 */
export async function readClassPredictions(
  session: Session,
  context: Context,
  uri: string,
  groups: readonly string[],
  holdout: Window,
): Promise<ScoredRows> {
  const table = await openPredictions(session, context, uri, ["key", "label", "time", "challenger_decision"]);
  for (const name of groups) requireColumn(table, name);
  const fields = new Map<string, Field>(
    numbers.filter((name) => table.columns.has(name)).map((name) => [name, numeric(table, name)]),
  );
  const totals = await checkRows(session, table, fields, holdout);
  const n = count(totals, "n");
  const named = ["label", ...decisions.filter((name) => table.columns.has(name))];
  const filled = await session.row(
    `SELECT ${named.map((name) => `count(${identifier(name)}) AS ${identifier(name)}`).join(", ")} FROM ${table.from}`,
  );
  const there = named.filter((name) => !(name === "champion_decision" && count(filled, name) === 0));
  for (const name of there) {
    const absent = n - count(filled, name);
    if (absent > 0) {
      throw new NoAnswer("undefined_value", `${table.shown}: ${name} is missing in ${absent} of ${n} rows`);
    }
  }
  const read = [...fields.keys()].filter((name) => count(totals, `absent_${name}`) < n);
  const selected = [
    ...read.map((name) => `CAST(${fields.get(name)?.value} AS DOUBLE) AS ${identifier(name)}`),
    ...[...there, ...groups].map((name, at) => `coalesce(CAST(${identifier(name)} AS VARCHAR), '') AS text${at}`),
  ];
  const texts = [...there, ...groups].map((_, at) => `text${at}`);
  const sql = `SELECT ${selected.join(", ")} FROM ${table.from} ORDER BY ${keyText(["key"])}`;
  const rows = await readColumns(session, sql, read, texts);
  const names = there.map((_, at) => rows.texts[`text${at}`] ?? []);
  const classes = [...new Set(names.flat())].sort();
  const numberOf = new Map(classes.map((name, index) => [name, index]));
  const coded = (name: string): Float64Array =>
    Float64Array.from(names[there.indexOf(name)] ?? [], (one) => numberOf.get(one) ?? Number.NaN);
  const some = (name: string, as: string): object =>
    rows.numbers.has(name) ? { [as]: column(rows.numbers, name) } : {};
  return {
    kind: "rows",
    label: coded("label"),
    classes,
    challenger: rows.numbers.get("challenger_score") ?? new Float64Array(n).fill(Number.NaN),
    challengerDecision: coded("challenger_decision"),
    ...(there.includes("champion_decision")
      ? {
          championDecision: coded("champion_decision"),
          champion: rows.numbers.get("champion_score") ?? new Float64Array(n).fill(Number.NaN),
        }
      : {}),
    ...some("weight", "weight"),
    ...some("challenger_latency_ms", "challengerLatency"),
    ...some("champion_latency_ms", "championLatency"),
    groups: Object.fromEntries(groups.map((name, at) => [name, rows.texts[`text${there.length + at}`] ?? []])),
  };
}
