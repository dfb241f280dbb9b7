import { afterAll, beforeAll, expect, it } from "vitest";
import { Scene } from "./scene.ts";
import type { Version } from "./standalone.ts";

/** An approval under a real Airflow: 3.3 asks a person itself, on 2.11 the stage waits for `retrain approve`. */
const version = (process.env["RETRAIN_AIRFLOW"] ?? "3.3") as Version;
const STAGE = "stage_approval";
let scene: Scene | undefined;

beforeAll(async () => {
  scene = await Scene.open(version, "flights_approved");
  await scene?.airflow.unpause(scene.tick);
}, 600_000);

afterAll(async () => {
  await scene?.close();
}, 120_000);

function story(name: string, tell: (scene: Scene) => Promise<void>): void {
  it(`Airflow ${version}: ${name}`, async (context) => {
    if (scene === undefined) return context.skip();
    const began = performance.now();
    await tell(scene);
    process.stdout.write(`  ${version} ${((performance.now() - began) / 1_000).toFixed(0)} s: ${name}\n`);
  });
}

/** Answers as a person does: in Airflow's page, whose call this is, or at a terminal. */
async function answer(scene: Scene, run: string, word: "approve" | "deny"): Promise<void> {
  if (version === "2.11") return scene.say(word, run, "--because", "a story");
  await scene.until("the question", async () => {
    return (await scene.airflow.tasks(scene.retrain, run))["answer_approval"]?.state === "awaiting_input";
  });
  const path = `dags/${scene.retrain}/dagRuns/${encodeURIComponent(run)}/taskInstances/answer_approval/-1/hitlDetails`;
  const body = { chosen_options: [word], params_input: {} };
  expect((await scene.airflow.call("PATCH", path, { ...body, chosen_options: ["perhaps"] })).status).toBe(400);
  expect((await scene.airflow.call("PATCH", path, body)).status).toBe(200);
  expect((await scene.airflow.call("PATCH", path, body)).status).toBe(409);
}

/** A run that waits for its approval; minutes of the policy are minutes meanwhile. */
async function atApproval(scene: Scene): Promise<string> {
  scene.pace(60);
  await scene.say("resume", scene.policy, "--because", "a story");
  const run = await scene.begin();
  await scene.until("the gate", async () =>
    (await scene.world.records(["step_ended"])).some(
      (record) => record.run === run && (record.body as { node?: string }).node === "gate.offline",
    ),
  );
  scene.pace(1);
  await scene.entered(run, "approval");
  return run;
}

const approvals = async (scene: Scene, run: string) =>
  (await scene.world.records(["approval"]))
    .filter((record) => record.run === run)
    .map(({ body }) => body as { command: string; by: string; proof: string });

story(
  "a run that is approved goes on to its promotion, and the record says how it was known who did",
  async (scene) => {
    const run = await atApproval(scene);
    await answer(scene, run, "approve");
    await scene.until("the answer", async () => (await approvals(scene, run)).length > 0);
    scene.pace(60);
    const told = await scene.told(run);
    expect(told).toMatchObject({ outcome: "promoted", state: "success" });
    const [given] = await approvals(scene, run);
    expect(given).toMatchObject({ command: "approve", proof: version === "3.3" ? "engine" : "claimed" });
    if (version === "3.3") expect(told.tasks).toMatchObject({ ask_approval: "success", answer_approval: "success" });
  },
);

story("a run that is denied ends without traffic, which is a success of the pipeline", async (scene) => {
  const run = await atApproval(scene);
  await answer(scene, run, "deny");
  const told = await scene.told(run);
  expect(told).toMatchObject({ outcome: "refused", state: "success" });
  expect(told.tasks).toMatchObject({ [STAGE]: "success", stage_full: "skipped" });
  expect((await approvals(scene, run)).map(({ command }) => command)).toEqual(["deny"]);
});

story("an approval that nobody gives is over in its time", async (scene) => {
  const run = await atApproval(scene);
  if (version === "3.3") {
    // Airflow waits for its five minutes; then the stage's own clock is looked at.
    const over = async () => (await scene.airflow.tasks(scene.retrain, run))["answer_approval"]?.state === "success";
    await scene.until("the end of the question", over, 600);
  }
  scene.pace(60);
  const told = await scene.told(run, 900);
  expect(told.state).toBe("success");
  expect(told.outcome).not.toBe("promoted");
  expect(await approvals(scene, run)).toEqual([]);
  if (version === "3.3") expect(told.tasks["answer_approval"]).toBe("success");
});

story("everything stops when it is told to, and leaves no process behind", async (open) => {
  scene = undefined;
  expect(await open.close()).toEqual([]);
});
