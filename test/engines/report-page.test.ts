import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Decision, Finding } from "../../runtime/judge/finding.ts";
import { decisionPage } from "../../runtime/report/decision-page.ts";
import { missingBrowser, openBrowser } from "../support/chromium.ts";
import { decisionRecord, findings, rollbackRecord, shown } from "../support/decision-record.ts";

let browser: Browser | undefined;
const folder = mkdtempSync(join(tmpdir(), "retrain-page-"));

beforeAll(async () => {
  if (missingBrowser === undefined) browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Look {
  readonly width?: number;
  readonly dark?: boolean;
}

/** Opens a page from a file and keeps what it asked for and complained about. Without a browser nothing can be said: on CI that is a failure, elsewhere it is told. */
async function look(
  html: string,
  { width = 1280, dark = false }: Look,
  see: (page: Page) => Promise<void>,
): Promise<void> {
  if (browser === undefined) {
    if (process.env["CI"] === "true") throw new Error(missingBrowser);
    process.stderr.write(`NOT LOOKED AT: ${missingBrowser}\n`);
    return;
  }
  const file = join(folder, "page.html");
  writeFileSync(file, html);
  const address = pathToFileURL(file).href;
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: dark ? "dark" : "light" });
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  try {
    await page.goto(address);
    await see(page);
    expect(requests).toEqual([address]);
    expect(complaints).toEqual([]);
  } finally {
    await page.close();
  }
}

const members = (entries: Decision["findings"]): readonly Finding[] =>
  entries.flatMap((entry) => ("group" in entry ? entry.members : [entry]));

it("a decision page asks for nothing, complains about nothing, and its table says what the record says", async () => {
  await look(decisionPage(shown(decisionRecord())), {}, async (page) => {
    const rows = await page.locator(".requirements > tbody > tr:first-child").evaluateAll((all) =>
      all.map((row) => ({
        verdict: row.querySelector(".verdict")?.textContent?.replace(/^\S+ /, ""),
        text: row.querySelector("code")?.textContent,
        exact: [...row.querySelectorAll("data")].map((one) => one.getAttribute("value")),
      })),
    );
    const expected = members(findings).map(({ verdict, text, estimate, bound, n }) => ({
      verdict,
      text,
      exact: [estimate, bound, n].map((one) => (one === undefined ? "" : String(one))),
    }));
    expect(rows).toEqual(expected);
    expect(await page.locator("h1").textContent()).toContain("gate.offline fails");
  });
});

/** What a page looks like to a reader: its width, and the least contrast (WCAG 2.2) between any text and what is behind it. Runs in the browser. */
const legibility = `(() => {
  const channel = (value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  const light = (color) => {
    const [red = 0, green = 0, blue = 0] = (color.match(/[\\d.]+/g) ?? []).map(Number);
    return 0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue);
  };
  const behind = (element) => {
    if (element === null) return "rgb(255, 255, 255)";
    const { backgroundColor } = getComputedStyle(element);
    return backgroundColor === "rgba(0, 0, 0, 0)" ? behind(element.parentElement) : backgroundColor;
  };
  const texts = [...document.querySelectorAll("p, td, th, dt, dd, li, summary, small, h1, h2, .verdict, .label")];
  const contrasts = texts
    .filter((element) => element.textContent.trim() !== "")
    .map((element) => {
      const pair = [light(getComputedStyle(element).color), light(behind(element))].sort((a, b) => b - a);
      return (pair[0] + 0.05) / (pair[1] + 0.05);
    });
  return { wide: document.documentElement.scrollWidth, least: Math.min(...contrasts), number: contrasts.length };
})()`;

interface Legibility {
  readonly wide: number;
  readonly least: number;
  readonly number: number;
}

it("a page fits a telephone and a desk, in light and in dark, and its text can be read", async () => {
  for (const width of [1280, 390]) {
    for (const dark of [false, true]) {
      await look(decisionPage(shown(decisionRecord())), { width, dark }, async (page) => {
        const found = await page.evaluate<Legibility>(legibility);
        expect(found.wide).toBeLessThanOrEqual(width);
        expect(found.number).toBeGreaterThan(100);
        expect(found.least).toBeGreaterThanOrEqual(4.5);
      });
    }
  }
});

it("a rollback's page asks for nothing, fits a telephone and a desk, and shows its table as its JSON says", async () => {
  for (const width of [1280, 390]) {
    await look(decisionPage(shown(rollbackRecord(), "d".repeat(64))), { width }, async (page) => {
      const found = await page.evaluate<Legibility>(legibility);
      expect(found.wide).toBeLessThanOrEqual(width);
      expect(found.least).toBeGreaterThanOrEqual(4.5);
      expect(await page.locator("h1").innerText()).toContain("stage canary is rolled back");
      const values = page.locator(".requirements tbody data");
      expect(await values.first().getAttribute("value")).toBe(String(1 / 3));
    });
  }
});

it("text from outside stays text", async () => {
  const hostile = `</script><script>alert(1)</script><img src=x onerror=alert(2)> "'\`&lt; {{sentence}} \u202e\u2028`;
  const [first] = members(findings);
  if (first === undefined) throw new Error("the support record has no finding");
  const { decision } = decisionRecord().body;
  const html = decisionPage(
    shown(
      decisionRecord({
        node: hostile,
        policy: { name: hostile, digest: hostile },
        inputs: { [hostile]: hostile },
        decision: {
          ...decision,
          sentence: hostile,
          findings: [
            {
              ...first,
              text: hostile,
              sentence: hostile,
              method: hostile,
              flip: hostile,
              values: { [hostile]: 1 },
              slices: [{ ...first, slice: hostile, sentence: hostile }],
              bins: [{ label: hostile, reference: 1, current: 2 }],
            },
          ],
        },
      }),
    ),
  );
  await look(html, {}, async (page) => {
    expect(await page.locator("script").count()).toBe(1);
    expect(await page.locator("img").count()).toBe(0);
    expect(await page.locator("code").first().textContent()).toBe(hostile);
    expect(await page.locator(".bins tbody th").first().textContent()).toBe(hostile);
    const record = JSON.parse((await page.locator("#record").textContent()) ?? "");
    expect(record.body.decision.sentence).toBe(hostile);
  });
});

it("a page without a script works with scripts refused", async () => {
  if (browser === undefined) return look("", {}, async () => {});
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.setContent(decisionPage(shown(decisionRecord())));
  await page.locator("summary").last().click();
  expect(await page.locator("details").last().getAttribute("open")).toBeNull();
  await context.close();
});
