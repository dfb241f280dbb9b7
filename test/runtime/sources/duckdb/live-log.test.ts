import { expect, it } from "vitest";
import { csv, DAY, dataset, folder, hourly, put, refused, START, source } from "./fixture.ts";

const HOUR = 3_600_000;
const window = { start: START, end: START + 2 * HOUR };
const now = START + 3 * DAY;

function line(key: number, minute: number, change: object = {}): string {
  const request = `r${key}-${minute}`;
  const time = new Date(START + minute * 60_000).toISOString();
  const whole = {
    key: String(key),
    time,
    version: "3",
    mode: "live",
    score: key / 10,
    decision: null,
    latency_ms: 1,
    error: null,
    request,
  };
  return `${JSON.stringify({ ...whole, ...change })}\n`;
}

function world(): string {
  const root = folder();
  put(root, "rows.csv", csv(hourly(300)));
  const answers = [
    line(4, 70),
    line(1, 5),
    line(2, 10),
    line(2, 10, { mode: "mirror", score: 9 }),
    line(3, 20, { score: null, error: "timeout" }),
    line(5, 30, { version: "2" }),
    line(1, 40),
  ];
  put(root, "log/2001-01-01T00.jsonl", answers.slice(1).join(""));
  put(root, "log/2001-01-01T01.jsonl", answers[0] ?? "");
  return root;
}

it("scores of a version come one a request, in the order of their times", async () => {
  const found = await source(world()).loggedScores("log", "3", window, now);
  expect(found).toEqual({ kind: "sample", values: Float64Array.of(0.1, 0.2, 0.1, 0.4) });
});

it("scores end with the window, and a version that answered nothing has none", async () => {
  const reader = source(world());
  const found = await reader.loggedScores("log", "3", { start: START, end: START + 15 * 60_000 }, now);
  expect(found).toEqual({ kind: "sample", values: Float64Array.of(0.1, 0.2) });
  expect(await reader.loggedScores("log", "7", window, now)).toEqual(refused("no_data", "version 7"));
  expect(await reader.loggedScores("nowhere", "3", window, now)).toEqual(refused("no_data", "nowhere"));
});

it("labelled answers carry the slice columns of their rows", async () => {
  const found = await source(world()).labelledLog(dataset("rows.csv"), "log", "3", window, now, ["country"]);
  expect(found).toMatchObject({
    label: Float64Array.of(0, 0, 0),
    challenger: Float64Array.of(0.1, 0.2, 0.4),
    groups: { country: ["DE", "DE", "SG"] },
  });
});
