import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, it } from "vitest";
import { lower } from "../../../compiler/lower/lower.ts";
import type { Bindings } from "../../../compiler/plan/bindings.ts";
import { canonicalJson } from "../../../compiler/plan/canonical.ts";
import { PipelinePlan } from "../../../compiler/plan/plan.ts";
import { checkText } from "../../support/check-text.ts";
import { localBindings } from "../../support/local-bindings.ts";

const root = join(import.meta.dirname, "../../..");
const flights = readFileSync(join(root, "examples/flight_delays/flight_delays.retrain"), "utf8");
const bindings = localBindings("flight-delays");
const hour = 3_600_000;
const day = 24 * hour;

function planOf(text: string, environment: Bindings = bindings, path = "flight_delays.retrain"): PipelinePlan {
  const { policies, diagnostics } = checkText(text, path);
  expect(diagnostics.map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
  const [policy] = policies;
  if (policy === undefined) throw new Error("no policy");
  const lowered = lower(policy, environment);
  expect(lowered.diagnostics).toEqual([]);
  if (lowered.plan === undefined) throw new Error("no plan");
  return lowered.plan;
}

it("makes a plan of flight_delays that the contract and the published schema take", () => {
  const plan = planOf(flights);
  expect(PipelinePlan.parse(plan)).toEqual(plan);
  const schema: unknown = JSON.parse(readFileSync(join(root, "schema/plan.json"), "utf8"));
  const validate = new Ajv2020({ strict: false, allErrors: true }).compile(schema as object);
  expect(validate(JSON.parse(JSON.stringify(plan))), JSON.stringify(validate.errors)).toBe(true);
  expect(validate({ ...plan, monitor: { ...plan.monitor, check: -1 } })).toBe(false);
});

it("goes from snapshot to the last stage on words, and nowhere else", () => {
  const { retrain } = planOf(flights);
  expect(retrain.edges.map(({ from, word, to }) => `${from} ${word} -> ${to}`)).toEqual([
    "snapshot ready -> validate.flights",
    "validate.flights pass -> train",
    "train done -> evaluate",
    "evaluate done -> gate.offline",
    "gate.offline pass -> register",
    "register done -> stage.shadow",
    "stage.shadow advance -> stage.canary",
    "stage.canary advance -> stage.full",
  ]);
  expect(
    retrain.nodes.flatMap((node) => (node.kind === "verb" && node.subject !== undefined ? [node.subject] : [])),
  ).toEqual(["flights", "offline", "shadow", "canary", "full"]);
});

it("computes deadlines from time limits, attempts, waits, stays and holds, plus a tenth", () => {
  const nodes = new Map(planOf(flights).retrain.nodes.map((node) => [node.id, node.timeout]));
  expect(nodes.get("train")).toBe(1_331_000);
  expect(nodes.get("evaluate")).toBe(660_000);
  expect(nodes.get("stage.shadow")).toBe(66 * hour);
  expect(nodes.get("stage.canary")).toBe(92.4 * hour);
  expect(nodes.get("stage.full")).toBe(39.6 * hour);
});

it("holds stages, rollback and monitor as the policy says them", () => {
  const { programs, monitor, model, datasets } = planOf(flights);
  expect(
    programs.rollout?.stages.map(({ name, kind, share, atLeast, atMost, check, watch, keepChampion }) => ({
      name,
      kind,
      share,
      atLeast,
      atMost,
      check,
      watch,
      keepChampion,
    })),
  ).toEqual([
    {
      name: "shadow",
      kind: "shadow",
      share: 1,
      atLeast: day,
      atMost: 2 * day,
      check: 300_000,
      watch: undefined,
      keepChampion: undefined,
    },
    {
      name: "canary",
      kind: "live",
      share: 0.1,
      atLeast: day,
      atMost: 3 * day,
      check: 300_000,
      watch: undefined,
      keepChampion: undefined,
    },
    {
      name: "full",
      kind: "live",
      share: 1,
      atLeast: 0,
      atMost: day,
      check: 300_000,
      watch: day,
      keepChampion: 3 * day,
    },
  ]);
  expect(programs.rollout?.rollbackWhen.map(({ id, text }) => `${id}: ${text}`)).toEqual([
    "rollback.1: challenger.error_rate > 5%",
  ]);
  expect(monitor).toMatchObject({
    every: 600_000,
    check: day,
    grace: 1_800_000,
    queue: "latest",
    budget: { runs: 6, per: 30 * day },
  });
  expect(monitor.cooldown).toEqual({ promotion: 4 * day, refusal: 12 * hour, failure: 6 * hour, rollback: day });
  expect(monitor.causes.map(({ id, kind, text }) => `${id} ${kind}: ${text}`)).toEqual([
    'trigger.1 schedule: schedule "0 4 * * MON" in "America/Chicago"',
    "trigger.2 data: data flights gains 400_000 labelled rows",
    "trigger.3 drift: drift psi(flights.distance) > 0.1 for 2 checks",
    "trigger.4 decay: decay auc drops 2pp below baseline over 7d",
  ]);
  expect(model).toEqual({ task: "binary", decidesAt: 0.3, firstModel: { kind: "absolute_gates_only" } });
  expect(datasets[0]?.label).toEqual({ column: "late", maturesAfter: day });
});

it("gives the same bytes for the same policy", () => {
  expect(canonicalJson(planOf(flights))).toBe(canonicalJson(planOf(flights)));
});

it("keeps the digest when only lines, comments, the file or the environment change", () => {
  const digest = planOf(flights).policy.digest;
  const moved = flights
    .replace("policy flight_delays {", "// moved\n\npolicy flight_delays {\n\n")
    .replaceAll("    ", "\t");
  expect(planOf(moved).policy.digest).toBe(digest);
  expect(planOf(flights, { ...bindings, environment: "test" }, "other/place.retrain").policy.digest).toBe(digest);
});

it("changes the digest with every rule", () => {
  const digest = planOf(flights).policy.digest;
  const edits = [
    ["<= 5pp", "<= 6pp"],
    ["at 95% confidence\n    require  for", "at 90% confidence\n    require  for"],
    ["every 1d", "every 2d"],
    ["timeout 10m\n    retry", "timeout 11m\n    retry"],
    ["keep champion 72h", "keep champion 73h"],
    ["on promoted,", "on promoted, held,"],
    ["number in 0..5_500", "number in 0..5_501"],
    ["ops-analytics@", "operations@"],
    ["decides at  0.3", "decides at  0.4"],
  ] as const;
  const digests = edits.map(([from, to]) => {
    expect(flights.split(from).length, from).toBe(2);
    return planOf(flights.replace(from, to)).policy.digest;
  });
  expect(new Set([digest, ...digests]).size).toBe(edits.length + 1);
});

it("lists every default with its value and why", () => {
  const [policy] = checkText(flights).policies;
  expect(policy?.defaults.map(({ path, value }) => `${path} = ${value}`)).toEqual([
    "trigger.every = 600000",
    "trigger.4.confidence = 0.95",
    "trigger.settle = 0",
    "trigger.grace = 1800000",
    "trigger.queue = latest",
    "trigger.cooldown.failure = 21600000",
    "trigger.cooldown.rollback = 86400000",
    "trigger.breaker.failures = 3",
    "trigger.breaker.opensFor = 86400000",
    "trigger.missing.action = hold",
    "trigger.missing.notifyAfter = 3",
    "validate.flights.onInconclusive = block",
    "train.spot = false",
    "train.workers = 1",
    "evaluate.retry.times = 0",
    "evaluate.spot = false",
    "evaluate.workers = 1",
    "rollout.shadow.check = 300000",
    "stage.canary.1.confidence = 0.95",
    "rollout.full.check = 300000",
  ]);
  expect(policy?.defaults.every(({ why }) => why.length > 10)).toBe(true);
});

it("makes no plan of a policy with errors, whether the checker or the parser found them", () => {
  for (const [from, to] of [
    ["challenger.auc >= 0.60", "challenger.acu >= 0.60"],
    ["holdout   7d", "holdot   7d"],
  ] as const) {
    const [policy] = checkText(flights.replace(from, to)).policies;
    if (policy === undefined) throw new Error("no policy");
    expect(policy.broken).toBe(true);
    expect(lower(policy, bindings)).toEqual({ diagnostics: [] });
  }
});

it("refuses an environment that keeps or serves another model", () => {
  const [policy] = checkText(flights).policies;
  if (policy === undefined) throw new Error("no policy");
  const { plan, diagnostics } = lower(policy, localBindings("other"));
  expect(plan).toBeUndefined();
  expect(diagnostics.map(({ code }) => code)).toEqual(["config/name", "config/name"]);
});

it("lets gates of a policy follow each other, and approvals stand between stages", () => {
  const text = flights
    .replace("  rollout {", "  gate stability {\n    require flip_rate <= 20%\n  }\n\n  rollout {")
    .replace("    stage full {", '    approval "ops" within 24h\n    stage full {');
  const { retrain, programs } = planOf(text);
  const edges = retrain.edges.map(({ from, word, to }) => `${from} ${word} -> ${to}`);
  expect(edges).toContain("gate.offline pass -> gate.stability");
  expect(edges).toContain("gate.stability pass -> register");
  expect(edges).toContain("stage.canary advance -> stage.approval");
  expect(programs.rollout?.stages[2]).toMatchObject({
    kind: "approval",
    share: 0.1,
    atMost: day,
    approvers: "ops",
    requirements: [],
  });
});
