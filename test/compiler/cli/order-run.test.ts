import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openLedger } from "../../../runtime/ledger/open.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { retrain } from "../../support/retrain.ts";

const policy = join(import.meta.dirname, "../../../examples/flight_delays/flight_delays.retrain");

it("where an engine carries runs out, `retrain run` orders one in the ledger and does not follow it", async () => {
  const folder = temporaryFolder();
  copyFileSync(policy, join(folder, "flight_delays.retrain"));
  const config = "environments: { staging: { targets: { airflow: {} }, ledger: 'sqlite:l.db' } }\n";
  writeFileSync(join(folder, "retrain.config.yaml"), config);
  const ordered = retrain(folder, "-e", "staging", "run", "flight_delays", "--because", "a new label");
  expect(ordered, ordered.err).toMatchObject({ code: 0, err: "" });
  expect(ordered.out).toMatch(/^the order to retrain flight_delays in staging is record 1; the next tick/);
  const ledger = await openLedger({ kind: "sqlite", path: "l.db" }, folder);
  const [record] = await ledger.list({ chain: "staging/flight_delays" });
  await ledger.close();
  expect(record).toMatchObject({ kind: "command", body: { command: "run", because: "a new label" } });
  expect(record).not.toHaveProperty("run");
  const followed = retrain(folder, "-e", "staging", "run", "flight_delays", "--because", "x", "--exit-code");
  expect(followed).toMatchObject({ code: 2, err: expect.stringContaining("usage/only-ordered") });
});
