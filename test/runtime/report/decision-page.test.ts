import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import type { Finding } from "../../../runtime/judge/finding.ts";
import { isDecision } from "../../../runtime/report/decision-body.ts";
import { decisionPage } from "../../../runtime/report/decision-page.ts";
import { decisionRecord, findings, shown } from "../../support/decision-record.ts";

const page = decisionPage(shown(decisionRecord()));

it("the same record gives the same bytes", () => {
  expect(decisionPage(shown(structuredClone(decisionRecord())))).toBe(page);
});

it("the page asks for nothing and runs nothing", () => {
  expect(page).not.toMatch(/\b(?:src|srcset|href)="(?!data:,")/);
  expect(page).not.toMatch(/url\(|@import|<iframe|<object|<form/);
  const scripts = [...page.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag);
  expect(scripts).toEqual(['<script type="application/json" id="record">']);
  expect(page).toContain("default-src 'none'");
});

it("the policy of the page allows its own style and no other", () => {
  const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? "";
  const hash = createHash("sha256").update(style).digest("base64");
  expect(page).toContain(`style-src 'sha256-${hash}'`);
});

it("verdict and sentence come before the table, and hash, digest and position stand in it", () => {
  const record = decisionRecord();
  expect(page.indexOf("3.1pp worse")).toBeLessThan(page.indexOf("<table"));
  for (const text of [record.hash, record.previous, record.body.policy.digest, "local/flight_delays#41"]) {
    expect(page).toContain(text);
  }
});

it("the record stands in the page, whole", () => {
  const json = /<script type="application\/json" id="record">([\s\S]*?)<\/script>/.exec(page)?.[1] ?? "";
  expect(JSON.parse(json)).toEqual(decisionRecord());
});

it("slices stand by the worst first", () => {
  const slices = [...page.matchAll(/<tr title="[^"]*"><th scope="row">([^<]+)<\/th>/g)].map((match) => match[1]);
  expect(slices).toEqual(["6", "5", "4", "3", "2", "1", "0"]);
});

it("numbers are written as the sentence writes them", () => {
  expect(page).toContain('<data value="0.6412345">0.641</data>');
  expect(page).toContain('<data value="-0.03112">-3.11pp</data>');
  expect(page).toContain(">-2.11pp</td>");
  expect(page).toContain(">+38.8 ms</td>");
});

it("what each bin adds to the stability index sums to the index", () => {
  const adds = [...page.matchAll(/<\/small><\/td><td class="number">(-?[\d.]+)<\/td><\/tr>/g)].map((match) =>
    Number(match[1]),
  );
  expect(adds).toHaveLength(7);
  const whole = adds.reduce((sum, one) => sum + one, 0);
  expect(Math.abs(whole - 0.20959)).toBeLessThan(7 * 0.00005);
});

it("an observed gate and an inconclusive one say what follows", () => {
  const { decision } = decisionRecord().body;
  const observed = decisionPage(shown(decisionRecord({ decision: { ...decision, observeOnly: true } })));
  expect(observed).toContain("only observes");
  const held = decisionPage(
    shown(
      decisionRecord({
        decision: {
          ...decision,
          verdict: "inconclusive",
          // biome-ignore lint/suspicious/noThenProperty: the plan's own word; never awaited.
          onInconclusive: { action: "hold", for: 1, then: "rollback" },
        },
      }),
    ),
  );
  expect(held).toContain("then rolls back");
});

it("a record too large for a page leaves out its JSON first, and then slices, and says so", () => {
  const [, , sliced] = findings as readonly Finding[];
  const slice = sliced?.slices?.[0];
  if (sliced === undefined || slice === undefined) throw new Error("the support record has no slices");
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ ...slice, slice: `airport ${index}` }));
  const { decision } = decisionRecord().body;
  const large = (requirements: number, count: number) =>
    decisionPage(
      shown(
        decisionRecord({
          decision: {
            ...decision,
            findings: Array.from({ length: requirements }, () => ({ ...sliced, slices: many(count) })),
          },
        }),
      ),
    );
  const medium = large(4, 50);
  expect(Buffer.byteLength(medium)).toBeLessThanOrEqual(300_000);
  expect(medium).toContain("airport 49");
  const huge = large(12, 50);
  expect(Buffer.byteLength(huge)).toBeLessThanOrEqual(300_000);
  expect(huge).toContain("too large to be kept in this page");
  expect(huge).toContain("more slices are not shown");
});

it("a record of the rollout machine is no decision with a page", () => {
  const machine = { ...decisionRecord(), body: { rollout: { state: {} }, sentence: "held by ana" } };
  expect(isDecision(machine)).toBe(false);
  expect(isDecision({ ...machine, body: null })).toBe(false);
  expect(isDecision(decisionRecord())).toBe(true);
});
