import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { ChangeTest } from "../../../compiler/plan/condition.ts";
import type { Engine } from "../../../runtime/engine/engine.ts";
import type { ScoredRows } from "../../../runtime/judge/observation.ts";
import { hourFile } from "../../../runtime/server/hours.ts";
import type { Window } from "../../../runtime/sources/source.ts";
import { observeDecay } from "../../../runtime/verbs/observe-decay.ts";
import { temporaryFolder } from "../../support/folder.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const test: ChangeTest = {
  kind: "change",
  measure: { kind: "prediction", metric: "accuracy", party: "champion", options: {}, unit: "ratio", better: "higher" },
  direction: "drops",
  margin: { kind: "absolute", value: 0.02 },
  confidence: 0.95,
};

/** 1,000 rows of which a share is right. */
function rows(right: number): ScoredRows {
  const label = new Float64Array(1_000).map((_, at) => at % 2);
  const challenger = label.map((value, at) => (at < right * 1_000 ? value : 1 - value));
  return { kind: "rows", label, challenger, groups: {} };
}

interface World {
  readonly engine: Engine;
  readonly asked: Window[];
}

/** An engine whose server has answered in the hours given, and whose answers were right as often as `right` says. */
function world(now: number, hours: readonly number[], right: (window: Window) => number): World {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "serving/log"), { recursive: true });
  for (const hour of hours) writeFileSync(hourFile(join(folder, "serving"), hour), "");
  const asked: Window[] = [];
  const engine = {
    root: folder,
    plan: {
      bindings: { serving: { kind: "local", folder: "serving" } },
      datasets: [{ name: "flights", label: { column: "late", maturesAfter: DAY } }],
      model: { task: "binary", decidesAt: 0.5, firstModel: { kind: "absolute_gates_only" } },
      policy: { digest: "0".repeat(64) },
    },
    clock: { now: () => now },
    source: {
      labelledLog: async (_dataset: unknown, _log: string, _version: string, window: Window) => {
        asked.push(window);
        return rows(right(window));
      },
    },
  };
  return { engine: engine as unknown as Engine, asked };
}

const everyHour = (from: number, to: number) => Array.from({ length: (to - from) / HOUR }, (_, at) => from / HOUR + at);
const registered = { value: 0.9, standardError: 0.01, n: 1_000 };
const serving = { version: "1", promotedAt: 10 * DAY };

it("says nothing of a week from the answers of one day", async () => {
  const { engine, asked } = world(15 * DAY, everyHour(10 * DAY, 11 * DAY), () => 0.5);
  const answer = await observeDecay(engine, test.measure, "flights", 7 * DAY, serving, registered);
  expect(answer).toMatchObject({
    kind: "unanswered",
    reason: "no_data",
    detail: expect.stringContaining("24 h of the 7 d"),
  });
  expect(asked).toEqual([]);
});

it("compares with the registered baseline until a full window has been served, no label younger than its maturity and nothing before the promotion", async () => {
  const { engine, asked } = world(15 * DAY, everyHour(10 * DAY, 15 * DAY), () => 0.8);
  const answer = await observeDecay(engine, test.measure, "flights", 7 * DAY, serving, registered);
  expect(asked).toEqual([{ start: 10 * DAY, end: 14 * DAY }]);
  expect(answer).toMatchObject({ kind: "change", baseline: registered, now: { value: 0.8, n: 1_000 } });
});

it("compares live with live once the version has served a full window", async () => {
  const { engine } = world(30 * DAY, everyHour(10 * DAY, 30 * DAY), ({ start }) => (start === 10 * DAY ? 0.7 : 0.6));
  const answer = await observeDecay(engine, test.measure, "flights", 7 * DAY, serving, registered);
  expect(answer).toMatchObject({ kind: "change", baseline: { value: 0.7 }, now: { value: 0.6 } });
});

it("has no answer without a champion, without a baseline and while no label is mature", async () => {
  const { engine } = world(15 * DAY, everyHour(10 * DAY, 15 * DAY), () => 0.8);
  expect(await observeDecay(engine, test.measure, "flights", 7 * DAY, undefined, registered)).toMatchObject({
    reason: "no_champion",
  });
  expect(await observeDecay(engine, test.measure, "flights", 7 * DAY, serving, undefined)).toMatchObject({
    reason: "no_reference",
  });
  const early = world(10 * DAY + HOUR, [], () => 0.8).engine;
  expect(await observeDecay(early, test.measure, "flights", 7 * DAY, serving, registered)).toMatchObject({
    reason: "labels_immature",
  });
});
