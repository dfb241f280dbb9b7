import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Decision, Finding } from "../../runtime/judge/finding.ts";
import type { LedgerRecord } from "../../runtime/ledger/ledger.ts";
import { openRecord, recordAfter } from "../../runtime/ledger/record.ts";
import type { DecisionBody, DecisionRecord } from "../../runtime/report/decision-body.ts";
import type { ShownDecision } from "../../runtime/report/shown.ts";
import { shownDecision } from "../../runtime/report/shown-decision.ts";

const weekdays = ["0", "1", "2", "3", "4", "5", "6"];

function weekdaySlice(slice: string, index: number): Finding & { slice: string } {
  const few = index === 6;
  const common = { requirement: "gate.offline.3", role: "require", text: "challenger.auc >= 0.55", slice } as const;
  if (few) {
    return {
      ...common,
      verdict: "inconclusive",
      reason: "too_few_samples",
      sentence: "challenger.auc has no answer: 412 rows are too few, 500 are needed",
      n: 412,
      flip: "88 more rows would allow an answer.",
    };
  }
  const estimate = 0.671 - index * 0.0137;
  return {
    ...common,
    verdict: "pass",
    sentence: `challenger.auc is ${estimate.toFixed(3)} (n = ${(16_300 + index * 71).toLocaleString("en")}): at least 0.550 is asked`,
    estimate,
    bound: 0.55,
    unit: "ratio",
    n: 16_300 + index * 71,
    interval: { low: estimate - 0.009, high: estimate + 0.009, level: 0.95 },
    method: "delong",
  };
}

/** Findings of every kind that a page shows. */
export const findings: Decision["findings"] = [
  {
    requirement: "gate.offline.1",
    role: "require",
    text: "challenger.auc >= 0.60 at 95% confidence",
    verdict: "pass",
    sentence: "challenger.auc is 0.641 (95 % lower bound 0.637, n = 116,213): at least 0.600 is asked",
    estimate: 0.6412345,
    interval: { low: 0.6371, high: 0.6453, level: 0.95 },
    bound: 0.6,
    unit: "ratio",
    n: 116_213,
    method: "delong",
    flip: "A bound 0.0371 lower would reach the limit.",
  },
  {
    requirement: "gate.offline.2",
    role: "require",
    text: "challenger.auc not worse than champion.auc by 1pp at 95% confidence",
    verdict: "fail",
    sentence:
      "challenger.auc is 0.641 against 0.672 of champion.auc, 3.1pp worse (95 % upper bound of the improvement -2.83pp, n = 116,213): not worse by more than 1pp is asked",
    estimate: -0.03112,
    interval: { low: -0.03394, high: -0.0283, level: 0.95 },
    bound: -0.01,
    unit: "points",
    n: 116_213,
    method: "delong, paired",
    values: { challenger: 0.6412345, champion: 0.6723545 },
    flip: "A difference 1.83pp better would reach the margin.",
  },
  {
    requirement: "gate.offline.3",
    role: "require",
    text: "for each weekday: challenger.auc >= 0.55, at least 500 rows",
    verdict: "inconclusive",
    reason: "too_few_samples",
    sentence:
      "It holds in 6 of 7 slices by weekday; weekday 6: challenger.auc has no answer: 412 rows are too few, 500 are needed",
    n: 412,
    slices: weekdays.map(weekdaySlice),
  },
  {
    group: "gate.offline.4",
    atLeast: 1,
    verdict: "pass",
    members: [
      {
        requirement: "gate.offline.4.1",
        role: "require",
        text: "quantile(challenger.latency, 99%) <= 50ms",
        verdict: "pass",
        sentence:
          "quantile(challenger.latency, 99%) is 11.2 ms (95 % upper bound 12.9 ms, 5,412 values): at most 50 ms is asked",
        estimate: 11.2,
        interval: { low: null, high: 12.9, level: 0.95 },
        bound: 50,
        unit: "duration",
        n: 5_412,
        method: "order statistics",
      },
      {
        requirement: "gate.offline.4.2",
        role: "require",
        text: "champion.auc >= 0.60",
        verdict: "skipped",
        reason: "no_champion",
        sentence: "There is no champion yet",
      },
    ],
  },
  {
    requirement: "gate.offline.5",
    role: "advisory",
    text: "psi(flights.distance) <= 0.1",
    verdict: "fail",
    sentence:
      "psi(flights.distance) is 0.21 (sampling alone explains up to 0.000136, 463,120 reference and 116,213 current rows): at most 0.1 is asked",
    estimate: 0.20959390890444435,
    bound: 0.1,
    noiseBound: 0.00013553782039108216,
    unit: "number",
    n: 116_213,
    method: "psi",
    values: { reference: 463_120, current: 116_213 },
    bins: ["up to 236", "236 to 350", "350 to 480", "480 to 640", "640 to 860", "860 to 1,200", "over 1,200"].map(
      (label, bin) => ({
        label,
        reference: [66_160, 66_160, 66_160, 66_160, 66_160, 66_160, 66_160][bin] ?? 0,
        current: [6_100, 10_500, 13_000, 16_000, 18_000, 22_113, 30_500][bin] ?? 0,
      }),
    ),
    flip: "A value 0.11 lower would reach the limit.",
  },
];

/** A sealed record of a decision, as the ledger would give it. */
export function decisionRecord(change: Partial<DecisionBody> & { readonly decision?: Decision } = {}): DecisionRecord {
  const body: DecisionBody = {
    node: "gate.offline",
    policy: { name: "flight_delays", digest: "8d0c".padEnd(64, "3") },
    inputs: {
      challenger: "trained by run flight_delays-1a2b3c4d",
      champion: "version 2",
      "holdout rows": 116_213,
      "holdout from": "2001-04-08T09:00:00.000Z",
      "holdout to": "2001-04-15T09:00:00.000Z",
      "predictions read": 116_213,
      "row set": "5e".padEnd(64, "7"),
      rows: "taken as independent",
    },
    decision: {
      program: "gate.offline",
      verdict: "fail",
      sentence:
        "gate.offline fails: challenger.auc is 0.641 against 0.672 of champion.auc, 3.1pp worse (95 % upper bound of the improvement -2.83pp, n = 116,213): not worse by more than 1pp is asked",
      findings,
      onInconclusive: { action: "block" },
      observeOnly: false,
    },
    ...change,
  };
  const entry = {
    chain: "local/flight_delays",
    key: "run/flight_delays-1a2b3c4d/decision/gate.offline",
    kind: "decision",
    run: "flight_delays-1a2b3c4d",
    at: Date.UTC(2001, 3, 16, 9, 0, 0),
    body,
  } as const;
  return openRecord(recordAfter({ sequence: 40, hash: "c4".padEnd(64, "1") }, entry)) as DecisionRecord;
}

/** A record as pages and texts show it; one that decides nothing is the test's mistake. */
export function shown(record: LedgerRecord, digest?: string): ShownDecision {
  const view = shownDecision(record, digest);
  if (view === undefined) throw new Error(`record ${record.sequence} decides nothing`);
  return view;
}

/** The record with which the story's last rollout was taken back. */
export function rollbackRecord(): LedgerRecord {
  return JSON.parse(readFileSync(join(import.meta.dirname, "rollback-record.json"), "utf8")) as LedgerRecord;
}
