import { expect, it } from "vitest";
import { decisionPage } from "../../../runtime/report/decision-page.ts";
import { decisionText } from "../../../runtime/report/decision-text.ts";
import { passingSide } from "../../../runtime/report/figures.ts";
import type { LookEvidence } from "../../../runtime/report/look-evidence.ts";
import { shownDecision } from "../../../runtime/report/shown-decision.ts";
import type { RolloutRecord } from "../../../runtime/rollout/records.ts";
import { findings, rollbackRecord, shown } from "../../support/decision-record.ts";

const record = rollbackRecord();
const { rollout } = record.body as RolloutRecord;
const digest = "d".repeat(64);
const page = decisionPage(shown(record, digest));

it("a rollback's page says first what was taken back and why, then every condition and requirement of that look", () => {
  expect(page).toContain("<h1>");
  expect(page).toMatch(/rollback<\/span> stage canary is rolled back<\/h1>/);
  expect(page.indexOf("challenger.error_rate is 33.3 %")).toBeLessThan(page.indexOf("<table"));
  expect(page).toContain("Version 3 is taken out of every route, back to version 2.");
  expect(page).toMatch(/rollback when challenger\.error_rate[^<]*<\/code> <span class="tag">takes the version back/);
});

it("it names what it rests on: versions, shares, policy and, where they were counted, stretch, requests and pairs", () => {
  for (const text of ["goes back to", "version rolled out", "live share observed</dt><dd>11.7 %"]) {
    expect(page).toContain(text);
  }
  expect(page).toContain(`<dt>Policy digest</dt><dd><code>${digest}</code></dd>`);
  expect(decisionPage(shown(record))).not.toContain("Policy digest");
  const { evidence } = record.body as { evidence: LookEvidence };
  const counted: LookEvidence = {
    ...evidence,
    decision: { program: "stage.canary", verdict: "inconclusive", sentence: "it is open", findings },
    from: "2001-04-24T09:00:00.000Z",
    to: "2001-04-24T09:10:00.000Z",
    rates: { kind: "rates", challenger: { events: 6, trials: 18 }, champion: { events: 0, trials: 1_540 } },
    pairs: { kind: "pairs", expected: 20, matched: 19, flips: 0 },
    runtime: "1.2.3",
  };
  const more = decisionPage(shown({ ...record, body: { ...(record.body as RolloutRecord), evidence: counted } }));
  expect(more).toContain("<dt>judged from</dt><dd>2001-04-24T09:00:00.000Z</dd>");
  expect(more).toContain("<dt>challenger</dt><dd>6 errors in 18 requests</dd>");
  expect(more).toContain("<dt>champion</dt><dd>0 errors in 1,540 requests</dd>");
  expect(more).toContain("<dt>pairs of answers</dt><dd>19 of 20 expected</dd>");
  expect(more).toContain("<dt>Runtime version</dt><dd>1.2.3</dd>");
  expect(more).toContain("challenger.auc &gt;&#x3D; 0.60 at 95% confidence");
  expect(more.indexOf("rollback when")).toBeLessThan(more.indexOf("challenger.auc &gt;"));
});

it("a condition that holds is on the failing side: its distance has a minus, and the plot shades what is above", () => {
  expect(page).toMatch(/data-label="To bound">-28\.3pp/);
  expect(passingSide("rollback when challenger.error_rate > 5%")).toBe("below");
  expect(passingSide("rollback when challenger.auc < 0.6")).toBe("above");
  expect(passingSide("rollback when auc drops 3pp below baseline")).toBeUndefined();
});

it("the record stands in the page, whole, and the same record gives the same bytes", () => {
  const json = /<script type="application\/json" id="record">([\s\S]*?)<\/script>/.exec(page)?.[1] ?? "";
  expect(JSON.parse(json)).toEqual(record);
  expect(decisionPage(shown(rollbackRecord(), digest))).toBe(page);
});

it("as text it says the same", () => {
  const text = decisionText(shown(record), 200);
  expect(text).toMatch(/^flight_delays, stage canary: rollback\n {2}challenger\.error_rate is 33\.3 %/);
  expect(text).toMatch(/^fail +rollback when challenger\.error_rate/m);
  expect(text).toContain("goes back to: 2");
});

it("a rollback that a person ordered has a page without requirements, which names the person", () => {
  const command = {
    kind: "command",
    at: record.at,
    record: 7,
    command: "rollback",
    by: "ana",
    because: "wrong",
  } as const;
  const sentence = "rolled back by ana (claimed): wrong";
  const happened = [{ kind: "rolling_back", stage: "canary", sentence }] as const;
  const body = { rollout: { ...rollout, event: { ...command, proof: "claimed" }, happened }, sentence };
  const ordered = decisionPage(shown({ ...record, kind: "decision", body }));
  expect(ordered).toContain("rolled back by ana (claimed): wrong");
  expect(ordered).toContain("ana (claimed)</dd>");
  expect(ordered).not.toContain("<table");
});

it("an effect that was done and a beginning decide nothing", () => {
  const done = { kind: "done", at: record.at, key: "x" } as const;
  const body = { rollout: { ...rollout, event: done, happened: [] }, sentence: "done" };
  expect(shownDecision({ ...record, kind: "effect", body })).toBeUndefined();
  expect(shownDecision({ ...record, body: null })).toBeUndefined();
  expect(shownDecision({ ...record, body: { rollout: {}, sentence: "x" } })).toBeUndefined();
});

it("smoke requests have a page that names each request and its answer", () => {
  const answers = [
    { request: "smoke.jsonl:1", status: 200, milliseconds: 3 },
    { request: "smoke.jsonl:2", status: null, milliseconds: 10_000, error: "the model server did not answer in time" },
  ];
  const event = { kind: "failed", at: record.at, key: "x", detail: "d", permanent: true, answers } as const;
  const happened = [{ kind: "smoke_failed", stage: "shadow", sentence: "smoke.jsonl:2 was not answered" }] as const;
  const body = { rollout: { ...rollout, event, happened }, sentence: "smoke.jsonl:2 was not answered" };
  const failed = shown({ ...record, kind: "decision", body });
  expect(decisionPage(failed)).toMatch(
    /smoke failed<\/span> stage shadow does not begin: the version fails its smoke requests<\/h1>/,
  );
  expect(decisionPage(failed)).toContain("<dt>smoke request smoke.jsonl:1</dt><dd>answered 200 after 3 ms</dd>");
  const text = decisionText(failed, 80, (_style, words) => words).replace(/\s+/g, " ");
  expect(text).toContain(
    "smoke request smoke.jsonl:2: no answer after 10000 ms: the model server did not answer in time",
  );
});
