import { expect, it } from "vitest";
import { runtimeArguments } from "../../../compiler/plan/command-line.ts";
import { type Stepped, StepWorld } from "../../support/step-world.ts";

const LONG = 120_000;
const NODE = "stage.approval";
const withApproval = (text: string) =>
  text.replace("    stage shadow {", '    approval "owners" within 6h\n    stage shadow {');

/** A run that has come to its approval. */
async function atApproval(within = "6h") {
  const world = await StepWorld.open((text) =>
    withApproval(text).replace("within 6h", `within ${within}`).replace("hold 2h", "hold 1m"),
  );
  const run = await world.start();
  expect((await world.drive(run, { until: NODE })).failed).toBeUndefined();
  const stage = (...words: readonly string[]): Promise<Stepped> =>
    world.step({ verb: "stage", node: NODE, run }, [], words);
  return { world, run, stage };
}

const approvals = async (world: StepWorld) => (await world.records(["approval"])).map(({ body }) => body);

it(
  "a stage that asks comes back at once without a lease, and the answer given in the engine is written down once and lets the run go on",
  async () => {
    const { world, run, stage } = await atApproval();
    expect(await stage("--engine-ask")).toMatchObject({ code: 0, word: "ask" });
    const ledger = await world.ledger();
    const free = await ledger.acquire(world.chain, "somebody", 1_000);
    expect("held" in free).toBe(false);
    if (!("held" in free)) await ledger.release(free);
    await ledger.close();
    // Asking again, as a repeated task does, changes nothing.
    const before = await world.records(undefined);
    expect(await stage("--engine-ask")).toMatchObject({ code: 0, word: "ask" });
    expect(await world.records(undefined)).toHaveLength(before.length);
    const answer = ["--engine-answer", "approve", "--engine-identity", "ana@example.com"];
    expect(await stage(...answer)).toMatchObject({ code: 0, word: "advance" });
    expect(await approvals(world)).toEqual([
      { command: "approve", by: "ana@example.com", proof: "engine", because: "answered where the pipeline asked" },
    ]);
    // The same task again, and one that asks too late.
    expect(await stage(...answer)).toMatchObject({ code: 0, word: "advance" });
    expect(await stage("--engine-ask")).toMatchObject({ code: 0, word: "go_on" });
    expect(await approvals(world)).toHaveLength(1);
    const { finish } = await world.drive(run, { from: "stage.full" });
    expect(finish).toMatchObject({ code: 0, word: "promoted" });
  },
  LONG,
);

it(
  "a denial given in the engine ends the run, and a later answer of the same question changes nothing",
  async () => {
    const { world, run, stage } = await atApproval();
    await stage("--engine-ask");
    const denied = await stage("--engine-answer", "deny", "--engine-identity", "ana@example.com");
    expect([denied.code, denied.word]).toEqual([0, "refused"]);
    await stage("--engine-answer", "approve", "--engine-identity", "bob@example.com");
    expect(await approvals(world)).toHaveLength(1);
    expect(await world.step({ verb: "finish", run })).toMatchObject({ code: 0, word: "refused" });
  },
  LONG,
);

it(
  "an engine that waits no longer writes nothing: the stage's own clock says when its time is over",
  async () => {
    const { world, stage } = await atApproval("2m");
    await stage("--engine-ask");
    const expired = await stage("--engine-answer", "expired", "--engine-identity", "");
    expect(expired.code).toBe(0);
    expect(expired.word).not.toBe("advance");
    expect(await approvals(world)).toEqual([]);
  },
  LONG,
);

it(
  "while the engine waits the monitor looks after the approval, and an answer after its end changes nothing",
  async () => {
    const other = await atApproval("2m");
    await other.stage("--engine-ask");
    // Two minutes of the policy, and the minute of its hold.
    for (let tries = 0; tries < 3; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      await other.world.tick();
    }
    expect((await other.world.records(["run_ended"])).map(({ run }) => run)).toEqual([other.run]);
    // The task of the stage finds the run over.
    const late = await other.stage("--engine-answer", "approve", "--engine-identity", "ana@example.com");
    expect(late.word).not.toBe("advance");
    expect(await approvals(other.world)).toEqual([]);
  },
  LONG,
);

it(
  "an answer of somebody who may not approve is written down, does not count, and the stage waits on in the ledger",
  async () => {
    const world = await StepWorld.open(withApproval, undefined, {
      approvers: { owners: { members: ["ana@example.com"], notAuthor: false } },
    });
    const run = await world.start();
    await world.drive(run, { until: NODE });
    const stage = (...words: readonly string[]) => world.step({ verb: "stage", node: NODE, run }, [], words);
    await stage("--engine-ask");
    const waiting = stage("--engine-answer", "approve", "--engine-identity", "eve@example.com");
    await world.seen("approval", run);
    const ledger = await world.ledger();
    const body = { command: "approve", by: "ana@example.com", proof: "claimed", because: "looked at it" };
    const at = Date.parse("2024-03-05T08:00:00Z");
    await ledger.append({ chain: world.chain, key: "command/approve/1", kind: "approval", run, at, body });
    await ledger.close();
    expect(await waiting).toMatchObject({ code: 0, word: "advance" });
    const happened = (await world.records(undefined)).map(({ body }) => JSON.stringify(body)).join("\n");
    expect(happened).toContain("eve@example.com is no member of `owners`");
  },
  LONG,
);

it("an answer without a name, of a word that is none, or to a verb that asks nobody is a wrong command line", async () => {
  const { readArguments } = await import("../../../runtime/steps/arguments.ts");
  const world = await StepWorld.open(withApproval);
  const words = (verb: string, ...more: readonly string[]) => [
    ...runtimeArguments(world.plan, { verb, node: NODE, run: "parcels-1" }),
    ...more,
  ];
  const read = (given: readonly string[]) => readArguments(given, undefined);
  expect(() => read(words("stage", "--engine-answer", "approve"))).toThrow("--engine-identity");
  expect(() => read(words("stage", "--engine-answer", "approve", "--engine-identity", " "))).toThrow(
    "--engine-identity",
  );
  expect(() => read(words("stage", "--engine-answer", "yes", "--engine-identity", "ana"))).toThrow(
    "approve, deny, expired",
  );
  expect(() => read(words("gate", "--engine-answer", "deny", "--engine-identity", "ana"))).toThrow("only a stage");
  // Nobody was asked: both are empty.
  expect(read(words("stage", "--engine-answer", "", "--engine-identity", "")).answer).toBeUndefined();
});
