import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openLedger } from "../../../runtime/ledger/open.ts";
import { retrain } from "../../support/retrain.ts";
import { smallProject } from "../../support/small-project.ts";

const FREEZE = 'freeze all 2026-02-01..2026-12-31 in "UTC" because "audit"';
const ROLLOUT = "rollout { stage full { traffic 100% watch 1h } }";

/** The small project with some more lines in its policy; gives its folder. */
async function project(more: string, risk = "low"): Promise<string> {
  const { folder } = await smallProject((text) =>
    text.replace("risk  low", `risk ${risk}\n${more}`).replace("gate offline", `${ROLLOUT}\n  gate offline`),
  );
  return folder;
}

async function runs(folder: string): Promise<number> {
  const ledger = await openLedger({ kind: "sqlite", path: ".retrain/ledger.db" }, folder);
  try {
    return (await ledger.list({ chain: "local/small", kinds: ["run_started"] })).length;
  } finally {
    await ledger.close();
  }
}

it("a run by hand is refused during a freeze of all, with its reason, its end and how to lift it", async () => {
  const folder = await project("");
  // The first run makes the ledger.
  expect(retrain(folder, "run", "small").code).toBe(0);
  expect(retrain(folder, "freeze", "small", "--until", "2026-12-01", "--because", "peak season").code).toBe(0);
  const refused = retrain(folder, "run", "small");
  expect(refused).toMatchObject({ code: 3, out: "" });
  expect(refused.err).toMatch(/^error run\/frozen: policy `small` is frozen and starts no run: /m);
  expect(refused.err).toContain(
    "until 2026-12-01 00:00Z (peak season), set by hand: `retrain unfreeze small` lifts it",
  );
  expect(await runs(folder)).toBe(1);
  expect(retrain(folder, "unfreeze", "small", "--because", "over").code).toBe(0);
  expect(retrain(folder, "run", "small")).toMatchObject({ code: 0, out: expect.stringMatching(/: refused: /) });
  expect(await runs(folder)).toBe(2);
});

it("a freeze that the policy declares names its line, and one of rollouts only lets the run train", async () => {
  const frozen = await project(FREEZE);
  const line =
    readFileSync(join(frozen, "small.retrain"), "utf8")
      .split("\n")
      .findIndex((one) => one.trim() === FREEZE) + 1;
  expect(line).toBeGreaterThan(0);
  const refused = retrain(frozen, "run", "small");
  expect(refused.err).toContain(
    `until 2027-01-01 00:00Z (audit), declared in small.retrain:${line}: change it there to lift it`,
  );
  expect(refused.code).toBe(3);
  expect(await runs(frozen)).toBe(0);
  const text = readFileSync(join(frozen, "small.retrain"), "utf8");
  writeFileSync(join(frozen, "small.retrain"), text.replace("freeze all", "freeze rollout"));
  const trained = retrain(frozen, "run", "small");
  expect(trained.err).toContain(
    "rollouts are frozen until 2027-01-01 00:00Z (audit): the run trains and is judged, and waits before any traffic",
  );
  expect(trained).toMatchObject({ code: 0, out: expect.stringMatching(/: refused: /) });
});

it("at risk high a run by hand is refused once the review is overdue, and at a lower risk it is not", async () => {
  const high = await project("review_by 2026-02-10", "high");
  const refused = retrain(high, "run", "small", "--because", "a new feature");
  expect(refused.err).toMatch(
    /^error run\/review-overdue: review overdue since 2026-02-11 00:00Z: .*move `review_by`/m,
  );
  expect(refused.code).toBe(3);
  expect(await runs(high)).toBe(0);
  const medium = await project("review_by 2026-02-10", "medium");
  expect(retrain(medium, "run", "small", "--because", "a new feature").code).toBe(0);
});
