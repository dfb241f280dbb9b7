import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { LogLine } from "../../../runtime/server/line.ts";
import { openLog } from "../../../runtime/server/log.ts";
import { Tally } from "../../../runtime/server/tally.ts";
import { temporaryFolder } from "../../support/folder.ts";

const NINE = Date.parse("2001-04-09T09:00:00Z");
const HOUR = 3_600_000;

function live(time: number, change: Partial<LogLine> = {}): LogLine {
  return {
    key: "a",
    time,
    version: "1",
    mode: "live",
    score: 0.7,
    decision: true,
    latency: 1,
    error: null,
    request: `r${time}`,
    mirrored: false,
    ...change,
  };
}

const mirror = (of: LogLine, change: Partial<LogLine> = {}): LogLine => ({
  ...of,
  version: "2",
  mode: "mirror",
  mirrored: false,
  ...change,
});

it("a window takes its first instant and leaves out its last", async () => {
  const tally = await Tally.read(temporaryFolder());
  for (const time of [NINE, NINE + 1, NINE + 2]) tally.add(live(time));
  expect((await tally.counts(NINE, NINE + 2)).requests).toEqual({ "1": 2 });
  expect((await tally.counts(NINE + 2, NINE + 3)).requests).toEqual({ "1": 1 });
  expect((await tally.counts(NINE + 3, NINE + 9)).requests).toEqual({});
});

it("pairs need a good answer of both; a mirrored answer is no live request", async () => {
  const tally = await Tally.read(temporaryFolder());
  const requests = Array.from({ length: 5 }, (_, at) =>
    live(NINE + at, { mirrored: true, ...(at === 4 ? { error: "exception: x", decision: null, score: null } : {}) }),
  );
  for (const request of requests) tally.add(request);
  const [same, flipped, failed, , championFailed] = requests as [LogLine, LogLine, LogLine, LogLine, LogLine];
  tally.add(mirror(same));
  tally.add(mirror(flipped, { decision: false }));
  tally.add(mirror(failed, { error: "timeout: x", decision: null, score: null }));
  tally.add(mirror(championFailed));
  expect(await tally.pairs(NINE, NINE + 9)).toEqual({ expected: 5, matched: 2, flips: 1 });
  expect(await tally.counts(NINE, NINE + 9)).toEqual({ requests: { "1": 5 }, errors: { "1": 1 } });
});

it("latencies are of live and mirrored answers, oldest first, without those never asked", async () => {
  const tally = await Tally.read(temporaryFolder());
  tally.add(live(NINE + HOUR, { latency: 3 }));
  tally.add(live(NINE + 2, { latency: 2 }));
  tally.add(live(NINE + 1, { latency: 1, mode: "mirror" }));
  tally.add(live(NINE + 3, { latency: null }));
  tally.add(live(NINE + 4, { latency: 9, version: "2" }));
  expect([...(await tally.latencies("1", NINE, NINE + 2 * HOUR))]).toEqual([1, 2, 3]);
  expect([...(await tally.latencies("7", NINE, NINE + 2 * HOUR))]).toEqual([]);
});

it("refuses a window that begins before the 31 days that it keeps", async () => {
  const tally = await Tally.read(temporaryFolder());
  tally.add(live(NINE));
  tally.add(live(NINE + 31 * 24 * HOUR));
  await expect(tally.counts(NINE, NINE + HOUR)).rejects.toThrow("answers are counted from 2001-04-09T10:00:00.000Z on");
  expect((await tally.counts(NINE + HOUR, NINE + 32 * 24 * HOUR)).requests).toEqual({ "1": 1 });
});

/** What the counts are by definition, over the lines themselves. */
function counted(lines: readonly LogLine[], from: number, until: number) {
  const inside = lines.filter(({ time }) => time >= from && time < until);
  const requests: Record<string, number> = {};
  const errors: Record<string, number> = {};
  for (const { version } of inside.filter(({ mode }) => mode === "live")) {
    requests[version] = (requests[version] ?? 0) + 1;
    errors[version] ??= 0;
  }
  for (const { version } of inside.filter(({ mode, error }) => mode === "live" && error !== null))
    errors[version] = (errors[version] ?? 0) + 1;
  const expected = inside.filter(({ mirrored }) => mirrored).length;
  const pairs = inside.flatMap((line) => {
    if (line.mode !== "mirror" || line.error !== null) return [];
    const other = inside.find(
      ({ request, mode, error }) => request === line.request && mode === "live" && error === null,
    );
    return other === undefined ? [] : [other.decision !== line.decision];
  });
  const latencies = lines
    .filter(({ version, time }) => version === "1" && time >= from && time < until)
    .sort((one, other) => one.time - other.time)
    .map(({ latency }) => latency);
  return {
    counts: { requests, errors },
    pairs: { expected, matched: pairs.length, flips: pairs.filter(Boolean).length },
    latencies,
  };
}

it("gives the counts of the lines, before and after a restart, with detail in memory and with detail in files", async () => {
  const anAnswer = fc.record({
    offset: fc.integer({ min: 0, max: 5 * HOUR }),
    version: fc.constantFrom("1", "2"),
    failed: fc.boolean(),
    decision: fc.boolean(),
    mirrored: fc.option(fc.record({ failed: fc.boolean(), decision: fc.boolean() }), { nil: undefined }),
  });
  const outcome = (failed: boolean, decision: boolean) =>
    failed ? { error: "exception: x", decision: null, score: null } : { error: null, decision, score: 0.5 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(anAnswer, { maxLength: 40 }),
      fc.integer({ min: 0, max: 5 * HOUR }),
      fc.integer({ min: 0, max: 5 * HOUR }),
      async (answers, from, length) => {
        const folder = temporaryFolder();
        const lines = answers.flatMap(({ offset, version, failed, decision, mirrored }, at) => {
          const first = live(NINE + offset, {
            version,
            request: `r${at}`,
            latency: at,
            mirrored: mirrored !== undefined,
            ...outcome(failed, decision),
          });
          return mirrored === undefined
            ? [first]
            : [first, mirror(first, { version: "3", latency: at, ...outcome(mirrored.failed, mirrored.decision) })];
        });
        const kept = await Tally.read(folder, 1_000);
        const spilling = await Tally.read(folder, 3);
        const log = openLog(folder);
        for (const line of lines) {
          log.append(line);
          kept.add(line);
          spilling.add(line);
        }
        log.close();
        const restarted = await Tally.read(folder, 3);
        const window = [NINE + from, NINE + from + length] as const;
        const wanted = counted(lines, ...window);
        for (const tally of [kept, spilling, restarted]) {
          expect(await tally.counts(...window)).toEqual(wanted.counts);
          expect(await tally.pairs(...window)).toEqual(wanted.pairs);
          expect([...(await tally.latencies("1", ...window))]).toEqual(wanted.latencies);
        }
      },
    ),
    { numRuns: 60 },
  );
});
