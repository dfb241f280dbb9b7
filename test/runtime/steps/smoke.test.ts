import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { retrain } from "../../support/retrain.ts";
import { StepWorld } from "../../support/step-world.ts";

const body = (region: string) => JSON.stringify({ key: region, features: { weight: 20, region, hour: 9 } });

/** A world whose challengers must answer two requests, the second from a region that training has not seen. */
async function smoking(): Promise<StepWorld> {
  const world = await StepWorld.open();
  const { bindings } = world.plan;
  if (bindings.serving.kind !== "local") throw new Error("no local server");
  const requests = [
    { line: 1, body: body("north") },
    { line: 2, body: body("west") },
  ];
  const smoke = { file: "smoke.jsonl", expect: 200, timeout: 10_000, requests };
  world.plan = { ...world.plan, bindings: { ...bindings, serving: { ...bindings.serving, smoke } } };
  writeFileSync(join(world.root, "retrain.config.yaml"), "environments: { engine: { targets: { airflow: {} } } }\n");
  return world;
}

it("a challenger that throws at a smoke request is refused before any request reaches it, and the ledger says which", async () => {
  const world = await smoking();
  const { run, finish } = await world.run({ train: "brittle" });
  expect(finish).toMatchObject({ code: 0, word: "refused" });
  const route = (await (await fetch(`${world.url}/route`)).json()) as { revision: number };
  expect(route.revision).toBe(0);
  const ledger = await world.ledger();
  const records = await ledger.list({ chain: world.chain, run });
  await ledger.close();
  const failed = records.find(({ body: found }) => JSON.stringify(found).includes("smoke_failed"));
  const explained = (...more: readonly string[]) =>
    retrain(world.root, "-e", "engine", "explain", `parcels#${failed?.sequence}`, ...more);
  expect(explained().out).toMatch(/smoke request smoke\.jsonl:2 to version 1 was answered with\s+500 instead of 200/);
  expect(explained("--format", "html").out).toContain("<dt>smoke request smoke.jsonl:1</dt><dd>answered 200 after");
}, 60_000);

it("a challenger that answers them goes on", async () => {
  const world = await smoking();
  const { finish } = await world.run({ train: "well" });
  expect(finish).toMatchObject({ code: 0, word: "promoted" });
  const effects = (await world.records(["intent", "effect"])).map(
    ({ kind, body: found }) => `${kind} ${JSON.stringify(kind === "intent" ? found : found["sentence"])}`,
  );
  const smoked = effects.findIndex((text) => text.includes("answered 2 smoke requests of smoke.jsonl with 200"));
  expect(smoked).toBeGreaterThan(0);
  expect(effects.findIndex((text) => text.includes('"kind":"route"'))).toBeGreaterThan(smoked);
}, 60_000);
