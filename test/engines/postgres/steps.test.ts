import { afterAll, beforeAll, expect, it } from "vitest";
import { missingPostgres, type PostgresServer, startPostgres } from "../../support/postgres.ts";
import { StepWorld } from "../../support/step-world.ts";

if (missingPostgres !== undefined && process.env["CI"] !== "true") {
  it(`is NOT TESTED: ${missingPostgres}`, () => {
    process.stderr.write(`NOT TESTED: ${missingPostgres}\n`);
  });
} else {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(async () => {
    await server.stop();
  }, 60_000);

  it("a run of processes is promoted with its ledger on a server, which is away for a while in its last stage", async () => {
    const world = await StepWorld.open((text) => text, await server.database());
    const run = await world.start();
    await world.drive(run, { until: "stage.full" });
    const stage = world.begin({ verb: "stage", node: "stage.full", run });
    await world.seen("stage_entered", run);
    await server.crash();
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    await server.start();
    const { code, word, said } = await stage.ended;
    expect([code, word], said).toEqual([0, "advance"]);
    expect(await world.step({ verb: "finish", run })).toMatchObject({ code: 0, word: "promoted" });
    const ledger = await world.ledger();
    expect(await ledger.verify()).not.toHaveProperty("broken");
    await ledger.close();
  });
}
