import { join } from "node:path";
import { expect, it } from "vitest";
import { leaks } from "../../../../runtime/sources/duckdb/leaks.ts";
import { csv, DAY, dataset, folder, hourly, parquet, put, refused, START, source } from "./fixture.ts";

const holdout = { start: START, end: START + 7 * DAY };
const head = "key,label,time,champion_score,challenger_score,region\n";

function line(at: number, change: Partial<Record<string, string>> = {}): string {
  const cells = {
    key: `k${String(at).padStart(3, "0")}`,
    label: String(at % 2),
    time: new Date(START + at * 60_000).toISOString(),
    champion: "0.25",
    challenger: String(at / 100),
    region: at % 3 === 0 ? "" : "eu",
    ...change,
  };
  return `${cells.key},${cells.label},${cells.time},${cells.champion},${cells.challenger},${cells.region}\n`;
}
const file = (
  change: (at: number) => Partial<Record<string, string>> = () => ({}),
  order: readonly number[] = Array.from({ length: 50 }, (_, at) => at),
): string => head + order.map((at) => line(at, change(at))).join("");

it("predictions come sorted by key whatever the order and the format of the file", async () => {
  const root = folder();
  const reader = source(root);
  const backwards = Array.from({ length: 50 }, (_, at) => 49 - at);
  put(root, "a.csv", file());
  put(
    root,
    "b.csv",
    file(() => ({}), backwards),
  );
  put(
    root,
    "c.csv",
    file((at) => ({ label: at % 2 === 1 ? "true" : "false" })),
  );
  await parquet(
    root,
    "d.parquet",
    `SELECT key, label = 1 AS label, time, champion_score, challenger_score, region FROM read_csv('${join(root, "b.csv")}')`,
  );
  const rows = await reader.predictions("a.csv", ["region"], holdout);
  if (rows.kind !== "rows") throw new Error(rows.detail);
  expect([...rows.challenger.subarray(0, 4)]).toEqual([0, 0.01, 0.02, 0.03]);
  expect([...rows.label.subarray(0, 4)]).toEqual([0, 1, 0, 1]);
  expect(rows.groups["region"]?.slice(0, 4)).toEqual(["", "eu", "eu", ""]);
  expect(rows.champion?.length).toBe(50);
  for (const other of ["b.csv", "c.csv", "d.parquet"])
    expect(await reader.predictions(other, ["region"], holdout)).toEqual(rows);
});

it("a predictions file without a champion, in either way of writing it, has no champion scores", async () => {
  const root = folder();
  put(root, "left-out.csv", file().replaceAll(",0.25,", ",").replace(",champion_score", ""));
  put(
    root,
    "empty.csv",
    file(() => ({ champion: "" })),
  );
  for (const name of ["left-out.csv", "empty.csv"]) {
    const rows = await source(root).predictions(name, [], holdout);
    expect(rows).toMatchObject({ kind: "rows" });
    expect("champion" in rows).toBe(false);
  }
});

it("decisions, weights and latencies are read where the file has them", async () => {
  const root = folder();
  put(
    root,
    "a.jsonl",
    `${JSON.stringify({ key: "a", label: true, time: "2001-01-02", challenger_score: 0.5, champion_score: 0.4, challenger_decision: true, champion_decision: false, weight: 2, challenger_latency_ms: 1.5, champion_latency_ms: 2.5 })}\n`,
  );
  expect(await source(root).predictions("a.jsonl", [], holdout)).toEqual({
    kind: "rows",
    label: Float64Array.of(1),
    challenger: Float64Array.of(0.5),
    champion: Float64Array.of(0.4),
    challengerDecision: Float64Array.of(1),
    championDecision: Float64Array.of(0),
    weight: Float64Array.of(2),
    challengerLatency: Float64Array.of(1.5),
    championLatency: Float64Array.of(2.5),
    groups: {},
  });
});

it("a predictions file that cannot be judged is refused with the file, the column and the number of rows", async () => {
  const root = folder();
  const reader = source(root);
  const read = (name: string, text: string | Uint8Array, groups: readonly string[] = []): Promise<unknown> => {
    put(root, name, text);
    return reader.predictions(name, groups, holdout);
  };
  expect(await reader.predictions("absent.parquet", [], holdout)).toEqual(
    refused("no_data", "absent.parquet", "evaluate"),
  );
  expect(await read("empty.csv", "")).toEqual(refused("no_data", "empty.csv"));
  expect(await read("rowless.csv", head)).toEqual(refused("no_data", "rowless.csv", "no row"));
  expect(await read("garbage.parquet", "garbage, 20 bytes of it")).toEqual(
    refused("source_rejected", "garbage.parquet"),
  );
  expect(await read("ending.txt", "x")).toEqual(refused("source_rejected", "ending.txt", ".parquet"));
  expect(await read("column.csv", file().replace("challenger_score", "score"))).toEqual(
    refused("schema_mismatch", "column.csv", '"challenger_score"'),
  );
  expect(await read("group.csv", file(), ["country"])).toEqual(refused("schema_mismatch", "group.csv", '"country"'));
  expect(
    await read(
      "nan.csv",
      file((at) => (at < 3 ? { challenger: "NaN" } : {})),
    ),
  ).toEqual(refused("undefined_value", "challenger_score", "3 of 50"));
  expect(
    await read(
      "null.csv",
      file((at) => (at < 2 ? { champion: "" } : {})),
    ),
  ).toEqual(refused("undefined_value", "champion_score", "2 of 50"));
  expect(
    await read(
      "infinite.csv",
      file((at) => (at < 2 ? { champion: "inf" } : {})),
    ),
  ).toEqual(refused("undefined_value", "champion_score", "infinite", "2 of 50"));
  expect(
    await read(
      "label.csv",
      file((at) => (at < 1 ? { label: "" } : {})),
    ),
  ).toEqual(refused("undefined_value", "label", "1 of 50"));
  expect(
    await read(
      "words.csv",
      file((at) => (at < 1 ? { challenger: "high" } : {})),
    ),
  ).toEqual(refused("schema_mismatch", "words.csv", '"challenger_score"', "high"));
  expect(
    await read(
      "twice.csv",
      file((at) => (at < 2 ? { key: "same" } : {})),
    ),
  ).toEqual(refused("rows_mismatch", "twice.csv", "1 of 50", "key"));
  expect(
    await read(
      "late.csv",
      file((at) => (at < 4 ? { time: "2001-02-01T00:00:00Z" } : {})),
    ),
  ).toEqual(refused("rows_mismatch", "late.csv", "4 of 50", "holdout"));
});

it("a holdout that overlaps a training window, or shares keys with training rows, is a leak", async () => {
  const root = folder();
  put(root, "a.csv", file());
  expect(
    leaks(holdout, {
      challenger: { start: START - DAY, end: START },
      champion: { start: holdout.end, end: holdout.end + 1 },
    }),
  ).toBeUndefined();
  expect(
    leaks(holdout, {
      challenger: { start: START - DAY, end: START },
      champion: { start: START - DAY, end: START + 1 },
    }),
  ).toEqual(refused("rows_mismatch", "champion"));
  const before = { start: START - DAY, end: START };
  await parquet(root, "other/part-0.parquet", "SELECT 'z' AS id");
  await parquet(root, "same/part-0.parquet", "SELECT 'k007' AS id");
  const reader = source(root);
  expect(await reader.leaks("a.csv", ["id"], [{ version: "3", window: before, uri: "other" }])).toBeUndefined();
  expect(await reader.leaks("a.csv", ["id"], [{ version: "3", window: before, uri: "same" }])).toEqual(
    refused("rows_mismatch", "1 keys", "version 3"),
  );
  expect(
    await reader.leaks("a.csv", ["id"], [{ version: "2", window: { start: START, end: START + 60_000 } }]),
  ).toEqual(refused("rows_mismatch", "1 of 50", "version 2"));
});

it("the log joined with mature labels: one answer a request, live first, the newest a key, of one version and hours of the window", async () => {
  const root = folder();
  put(root, "rows.csv", csv(hourly(200)));
  const entry = (key: number, minutes: number, change: object = {}): string =>
    `${JSON.stringify({ key: String(key), time: new Date(START + minutes * 60_000).toISOString(), version: "3", mode: "live", score: key / 1000, decision: key > 5, latency_ms: 1, error: null, request: `r${minutes}`, ...change })}\n`;
  put(
    root,
    "log/2001-01-01T00.jsonl",
    entry(1, 1) +
      entry(1, 1, { mode: "mirror", score: 0.9 }) +
      entry(2, 2, { version: "2" }) +
      entry(3, 3, { score: null, error: "broke" }) +
      entry(4, 4, { mode: "mirror", score: 0.8 }) +
      entry(4, 4),
  );
  put(root, "log/2001-01-01T01.jsonl", `${entry(1, 61, { score: 0.5 }) + entry(190, 62)}{"key": "7", "ti`);
  put(root, "log/2001-01-01T02.jsonl", "not a log at all, and not in the window\n\n\nx\ny\n");
  const reader = source(root);
  const window = { start: START, end: START + 2 * 3_600_000 };
  const now = START + 3 * DAY;
  expect(await reader.labelledLog(dataset("rows.csv"), "log", "3", window, now)).toEqual({
    kind: "rows",
    label: Float64Array.of(0, 0),
    challenger: Float64Array.of(0.5, 0.004),
    challengerDecision: Float64Array.of(0, 0),
    groups: {},
  });
  expect(await reader.labelledLog(dataset("rows.csv"), "log", "2", window, now)).toMatchObject({
    challenger: Float64Array.of(0.002),
  });
  expect(await reader.labelledLog(dataset("rows.csv"), "log", "9", window, now)).toEqual(
    refused("no_data", "version 9"),
  );
  expect(
    await reader.labelledLog(dataset("rows.csv"), "log", "3", { start: START + 9 * DAY, end: START + 10 * DAY }, now),
  ).toEqual(refused("no_data", "log"));
  expect(await reader.labelledLog(dataset("rows.csv"), "absent", "3", window, now)).toEqual(
    refused("no_data", "absent"),
  );
  expect(await reader.labelledLog(dataset("rows.csv"), "log", "3", window, START + 3_600_000 * 2)).toEqual(
    refused("labels_immature", "version 3"),
  );
  expect(
    await reader.labelledLog(dataset("rows.csv"), "log", "3", { start: START + 2 * 3_600_000, end: START + DAY }, now),
  ).toEqual(refused("source_rejected", "log"));
});
