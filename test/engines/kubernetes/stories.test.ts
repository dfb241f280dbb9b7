import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect } from "vitest";
import { type PostgresServer, startPostgres } from "../../support/postgres.ts";
import { accessOf } from "./access.ts";
import { type Cluster, missingCluster, openCluster } from "./cluster.ts";
import { addresses } from "./places.ts";
import { story, table } from "./story.ts";
import { deletePod, hasEnded, podOf, submitFrom, suspendCron, told, untilWorkflow } from "./workflow.ts";

const repository = join(import.meta.dirname, "../../..");
const LONG = 600_000;

let cluster: Cluster | undefined;
let server: PostgresServer | undefined;
const postgres = (): PostgresServer => {
  if (server === undefined) throw new Error(missingCluster() ?? "no server");
  return server;
};
const theCluster = (): Cluster => {
  if (cluster === undefined) throw new Error(missingCluster() ?? "no cluster");
  return cluster;
};

beforeAll(async () => {
  cluster = await openCluster(repository, (line) => process.stdout.write(`${line}\n`));
  server = await startPostgres(addresses.node);
}, LONG);

afterAll(async () => {
  process.stdout.write(`\n${table()}\n`);
  await server?.stop();
  await cluster?.stop();
}, LONG);

const PROMOTED = [
  "snapshot(0) Succeeded ready",
  "validate-flights(0) Succeeded pass",
  "train(0) Succeeded",
  "evaluate Succeeded",
  "gate-offline(0) Succeeded pass",
  "register(0) Succeeded done",
  "stage-shadow(0) Succeeded advance",
  "stage-canary(0) Succeeded advance",
  "stage-full(0) Succeeded advance",
  expect.stringMatching(/onExit\(0\) Succeeded/),
];

story(
  "the CronWorkflow fires by itself, and the run that its tick starts is promoted",
  postgres,
  {},
  async ({ on }) => {
    const ordered = await on.world.say("run", "flights", "--because", "the first model");
    expect(ordered.code, ordered.said).toBe(0);
    await suspendCron(on.cron, false);
    await on.untilDecided("run 1: started by hand, attempt 1", 660);
    await suspendCron(on.cron, true);
    const [run = ""] = await on.runs();
    const ended = await on.ended(run);
    expect([ended.status?.phase, told(ended)]).toEqual(["Succeeded", PROMOTED]);
    expect((await on.world.trace()).at(-1)).toBe("run 1: ended promoted after stage.full; champion 1");
  },
);

story(
  "a refused challenger is a run that succeeded; nothing after the gate is carried out",
  postgres,
  {},
  async ({ on }) => {
    const ended = await on.run({ train: "weak" });
    expect([ended.status?.phase, told(ended)]).toEqual([
      "Succeeded",
      [...PROMOTED.slice(0, 4), "gate-offline(0) Succeeded fail", "release Skipped", PROMOTED.at(-1)],
    ]);
    expect((await on.world.trace()).at(-1)).toBe("run 1: ended refused after gate.offline; champion none");
  },
);

story("a validation that fails stops the run before train", postgres, { shape: "nulls" }, async ({ on }) => {
  const ended = await on.run();
  expect([ended.status?.phase, told(ended)]).toEqual([
    "Succeeded",
    ["snapshot(0) Succeeded ready", "validate-flights(0) Succeeded fail", "build Skipped", PROMOTED.at(-1)],
  ]);
  expect((await on.world.trace()).at(-1)).toMatch(/ended validation_stopped after validate.flights/);
});

story("train that fails for good fails the run, after the retries of the policy", postgres, {}, async ({ on }) => {
  const ended = await on.run({ train: "fail" });
  expect(ended.status?.phase).toBe("Failed");
  const nodes = told(ended).map((line) => line.replace(/ \(.*\)$/, ""));
  expect(nodes.slice(2, 4)).toEqual(["train(0) Failed exit 1", "train(1) Failed exit 1"]);
  expect(nodes.at(-1)).toMatch(/onExit\(0\) Failed exit 3/);
  expect((await on.world.trace()).at(-1)).toMatch(/^run 1: ended failed after train/);
});

story("train that crashes once is attempted again, and the run is promoted", postgres, {}, async ({ on }) => {
  const ended = await on.run({ train: "crash" });
  expect(ended.status?.phase).toBe("Succeeded");
  expect(told(ended).slice(2, 4)).toEqual([expect.stringMatching(/^train\(0\) Failed exit 1/), "train(1) Succeeded"]);
  expect((await on.world.trace()).at(-1)).toBe("run 1: ended promoted after stage.full; champion 1");
});

story("a challenger that throws in its canary is rolled back, a run that succeeded", postgres, {}, async ({ on }) => {
  await on.run();
  const run = await on.beginRun({ train: "brittle" });
  await on.untilDecided("run 2: entered canary");
  on.world.isStrange = true;
  const ended = await on.ended(run);
  expect(ended.status?.phase).toBe("Succeeded");
  expect(told(ended).at(-3)).toBe("stage-canary(0) Succeeded rolled_back");
  expect((await on.world.trace()).at(-1)).toBe("run 2: ended rolled_back after stage.canary; champion 1");
  expect(await on.world.route()).toMatchObject({ champion: "1", share: 0 });
});

story("a promoted challenger that throws in its watch is rolled back", postgres, {}, async ({ on }) => {
  await on.run();
  const run = await on.beginRun({ train: "brittle" });
  await on.untilDecided("run 2: promoted full");
  on.world.isStrange = true;
  const ended = await on.ended(run);
  expect(ended.status?.phase).toBe("Succeeded");
  expect((await on.world.trace()).at(-1)).toMatch(/^run 2: ended rolled_back after stage.full; champion 1/);
  expect(await on.world.route()).toMatchObject({ champion: "1", share: 0 });
});

story("a stage's pod that is deleted in the middle is begun again and goes on", postgres, {}, async ({ on }) => {
  const run = await on.beginRun();
  await on.untilDecided("run 1: promoted full");
  await deletePod(await podOf(on.workflowOf(run), "stage-full"));
  const ended = await on.ended(run);
  expect(ended.status?.phase).toBe("Succeeded");
  const stages = told(ended).filter((line) => line.startsWith("stage-full"));
  expect(stages).toEqual([expect.stringMatching(/^stage-full\(0\) Error/), "stage-full(1) Succeeded advance"]);
  const trace = await on.world.trace();
  expect(trace.at(-1)).toBe("run 1: ended promoted after stage.full; champion 1");
  expect(trace.filter((line) => line === "run 1: entered full")).toHaveLength(1);
});

story("a controller that is killed twice and started again carries the run on", postgres, {}, async ({ on }) => {
  const run = await on.beginRun();
  await on.untilDecided("run 1: validate.flights says pass");
  await theCluster().killController();
  await sleep(5_000);
  await theCluster().startController();
  await on.untilDecided("run 1: promoted full");
  await theCluster().killController();
  await on.untilDecided("run 1: watch_ended full");
  await theCluster().startController();
  const ended = await on.ended(run);
  expect([ended.status?.phase, told(ended)]).toEqual(["Succeeded", PROMOTED]);
});

story("two ticks at the same moment start one run", postgres, {}, async ({ on }) => {
  on.world.story({ train: "weak" });
  const ordered = await on.world.say("run", "flights", "--because", "once");
  expect(ordered.code, ordered.said).toBe(0);
  const names = await Promise.all([submitFrom(on.cron), submitFrom(on.cron)]);
  const ticks = await Promise.all(names.map((name) => untilWorkflow(name, hasEnded)));
  expect(ticks.map(({ status }) => status?.phase)).toEqual(["Succeeded", "Succeeded"]);
  expect(await on.runs()).toHaveLength(1);
  expect(await on.runWorkflows()).toHaveLength(1);
  const [run = ""] = await on.runs();
  await on.ended(run);
  await on.tick();
  expect(await on.runs()).toHaveLength(1);
});

story("an order that comes while a run is on waits for its end", postgres, {}, async ({ on }) => {
  const run = await on.beginRun();
  const ordered = await on.world.say("run", "flights", "--because", "another one");
  expect(ordered.code, ordered.said).toBe(0);
  await on.untilDecided("run 1: gate.offline says pass");
  expect((await on.tick()).status?.phase).toBe("Succeeded");
  expect(await on.runs()).toEqual([run]);
  await on.ended(run);
  on.world.story({ train: "weak" });
  expect((await on.tick()).status?.phase).toBe("Succeeded");
  const [, second = ""] = await on.runs();
  expect((await on.ended(second)).status?.phase).toBe("Succeeded");
  expect((await on.world.trace()).at(-1)).toBe("run 2: ended refused after gate.offline; champion 1");
});

story(
  "a ledger that is down for a while: a stage waits for it, a gate is attempted again",
  postgres,
  {},
  async ({ on, postgres: ledger }) => {
    const run = await on.beginRun();
    await on.untilDecided("run 1: validate.flights says pass");
    await podOf(on.workflowOf(run), "evaluate");
    await ledger.crash();
    await untilWorkflow(on.workflowOf(run), (one) =>
      told(one).some((line) => line.startsWith("gate-offline(0) Failed exit 75")),
    );
    await ledger.start();
    await on.untilDecided("run 1: promoted full");
    await ledger.crash();
    await sleep(8_000);
    await ledger.start();
    const ended = await on.ended(run);
    expect(ended.status?.phase).toBe("Succeeded");
    expect((await on.world.trace()).at(-1)).toBe("run 1: ended promoted after stage.full; champion 1");
  },
);

story("an approval lets traffic begin", postgres, { policy: "flights_approved" }, async ({ on }) => {
  await on.run();
  const run = await on.beginRun();
  await on.untilDecided("run 2: entered owners");
  const approved = await on.world.say(
    "approve",
    "flights_approved",
    "--because",
    "looked at the slices",
    "--as",
    "ann",
  );
  expect(approved.code, approved.said).toBe(0);
  const ended = await on.ended(run);
  expect(ended.status?.phase).toBe("Succeeded");
  const trace = await on.world.trace();
  expect(trace).toContain("run 2: approved owners");
  expect(trace.at(-1)).toBe("run 2: ended promoted after stage.full; champion 2");
});

story("a denial ends the run, which succeeded", postgres, { policy: "flights_approved" }, async ({ on }) => {
  await on.run();
  const run = await on.beginRun();
  await on.untilDecided("run 2: entered owners");
  const denied = await on.world.say("deny", "flights_approved", "--because", "not this week");
  expect(denied.code, denied.said).toBe(0);
  expect((await on.ended(run)).status?.phase).toBe("Succeeded");
  expect((await on.world.trace()).at(-1)).toMatch(/^run 2: ended (denied|approval_denied|not_approved)/);
});

story("an approval that nobody gives expires", postgres, { policy: "flights_approved" }, async ({ on }) => {
  await on.run();
  expect((await on.run()).status?.phase).toBe("Succeeded");
  expect((await on.world.trace()).at(-1)).toMatch(/^run 2: ended \w*expired/);
});

story(
  "a gate that cannot tell holds for its time, then refuses",
  postgres,
  { policy: "flights_approved" },
  async ({ on }) => {
    on.world.story({ evaluate: "few" });
    const ended = await on.run({ evaluate: "few" });
    expect(ended.status?.phase).toBe("Succeeded");
    expect((await on.world.trace()).at(-1)).toMatch(/^run 1: ended refused after gate.offline/);
  },
);

story(
  "a policy that is compiled anew while its rollout is in flight does not change it",
  postgres,
  {},
  async ({ on }) => {
    const run = await on.beginRun();
    await on.untilDecided("run 1: promoted full");
    const before = (await on.world.records(["run_started"]))[0]?.body;
    await on.recompile((text) =>
      text.replace("watch 4m", "watch 40m").replace("challenger.auc >= 0.60", "challenger.auc >= 0.99"),
    );
    const ended = await on.ended(run);
    expect([ended.status?.phase, told(ended)]).toEqual(["Succeeded", PROMOTED]);
    // The next run follows the new policy, which asks for more than a model can have.
    const next = await on.run();
    expect(next.status?.phase).toBe("Succeeded");
    expect((await on.world.trace()).at(-1)).toBe("run 2: ended refused after gate.offline; champion 1");
    const after = (await on.world.records(["run_started"]))[1]?.body;
    expect(after).not.toMatchObject({ plan: (before as { plan: string }).plan });
  },
);

story("the generated accounts may do what they must, and nothing else", postgres, {}, async () => {
  const may = async (account: string, verb: string, resource: string) =>
    (await accessOf(account, verb, resource)) ? `${account} ${verb} ${resource}` : [];
  const resources = [
    "workflows",
    "workflowtaskresults",
    "workflowtemplates",
    "cronworkflows",
    "pods",
    "secrets",
    "configmaps",
  ];
  const verbs = ["get", "list", "watch", "create", "update", "patch", "delete"];
  const all = ["retrain", "retrain-tick"].flatMap((account) =>
    resources.flatMap((one) => verbs.map((verb) => may(account, verb, one))),
  );
  expect((await Promise.all(all)).flat()).toEqual([
    "retrain create workflowtaskresults",
    "retrain patch workflowtaskresults",
    "retrain-tick create workflows",
    "retrain-tick create workflowtaskresults",
    "retrain-tick patch workflowtaskresults",
  ]);
});
