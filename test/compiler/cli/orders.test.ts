import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { checkProject } from "../../../compiler/driver/check-project.ts";
import { compileChecked } from "../../../compiler/driver/compile.ts";
import { loadProject } from "../../../compiler/driver/load-config.ts";
import type { PipelinePlan } from "../../../compiler/plan/plan.ts";
import type { Ledger } from "../../../runtime/ledger/ledger.ts";
import { openLedger } from "../../../runtime/ledger/open.ts";
import { begin } from "../../../runtime/rollout/machine.ts";
import type { RolloutState } from "../../../runtime/rollout/state.ts";
import { decisionRecord } from "../../support/decision-record.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { retrain } from "../../support/retrain.ts";

const story = join(import.meta.dirname, "../../../examples/flight_delays/flight_delays.retrain");
const RUN = "flight_delays-1a2b3c4d";
const CHAIN = "local/flight_delays";
const AT = Date.UTC(2026, 0, 5);

interface World {
  readonly folder: string;
  readonly ledger: Ledger;
  readonly plan: PipelinePlan;
}

/** A project whose ledger knows one run, and, where given, the state of its rollout. */
async function world(change: (text: string) => string = (text) => text): Promise<World> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "flight_delays.retrain"), change(readFileSync(story, "utf8")));
  const project = await loadProject(folder, undefined);
  const checked = checkProject(project, ["flight_delays.retrain"]);
  const [policy] = checked.policies;
  if (policy === undefined) throw new Error("no policy");
  const { plan } = compileChecked(project, checked, policy, undefined, []);
  if (plan === undefined) throw new Error("the policy does not compile");
  const ledger = await openLedger({ kind: "sqlite", path: ".retrain/ledger.db" }, folder);
  onTestFinished(() => ledger.close());
  await ledger.putPlan(plan.policy.digest, JSON.stringify(plan));
  const body = { plan: plan.policy.digest, because: "the schedule", attempt: 1 };
  await ledger.append({ chain: CHAIN, key: `run/${RUN}/started`, kind: "run_started", run: RUN, at: AT, body });
  return { folder, ledger, plan };
}

/** Writes the state of the run's rollout, as it begins but for what is given. */
async function rollOut({ ledger, plan }: World, change: Partial<RolloutState> = {}): Promise<void> {
  const { rollout } = plan.programs;
  if (rollout === undefined) throw new Error("no rollout");
  const firstModel = { kind: "absolute_gates_only" } as const;
  const start = { run: RUN, at: AT, challenger: "2", champion: "1", revision: 1, firstModel };
  const state = { ...begin(rollout, start), ...change };
  const body = { rollout: { event: { kind: "begin", start }, state, happened: [] }, sentence: state.because };
  await ledger.append({
    chain: CHAIN,
    key: `${RUN}/rollout/${Math.random()}`,
    kind: "decision",
    run: RUN,
    at: AT,
    body,
  });
}

async function newest({ ledger }: World) {
  const [record] = await ledger.list({ chain: CHAIN, newest: true, limit: 1 });
  return record;
}

it("hold and rollback are written for the run under way, with who and why", async () => {
  const here = await world();
  await rollOut(here, { phase: "observing" });
  const held = retrain(here.folder, "hold", "flight_delays", "--because", "incident 812");
  expect(held.err).toBe("");
  expect(held.code).toBe(0);
  expect(await newest(here)).toMatchObject({
    kind: "command",
    run: RUN,
    body: { command: "hold", because: "incident 812", proof: "claimed", login: expect.stringMatching(/^.+@.+$/) },
  });
  expect(retrain(here.folder, "rollback", "flight_delays", "--because", "wrong").code).toBe(0);
  expect(await newest(here)).toMatchObject({ kind: "command", run: RUN, body: { command: "rollback" } });
  expect((await here.ledger.verify()).broken).toBeUndefined();
});

it("an order that nothing can act on is refused and not written", async () => {
  const here = await world();
  const refusals: (readonly [words: readonly string[], says: RegExp])[] = [
    [["rollback", "flight_delays", "--because", "x"], /usage\/nothing-to-roll-back/],
    [["deny", "flight_delays", "--because", "x"], /usage\/no-rollout/],
    [["approve", RUN], /usage\/no-rollout/],
    [["hold", "other"], /usage\/unknown-policy[\s\S]*It knows: flight_delays/],
  ];
  for (const [words, says] of refusals) {
    const { code, err } = retrain(here.folder, ...words);
    expect(err).toMatch(says);
    expect(code).toBe(2);
  }
  await rollOut(here, { phase: "observing" });
  expect(retrain(here.folder, "approve", RUN).err).toMatch(/usage\/no-approval-asked[\s\S]*stage shadow/);
  expect(retrain(here.folder, "resume", RUN).err).toMatch(/usage\/not-held/);
  expect(retrain(here.folder, "rollback", "flight_delays", "--to", "9", "--because", "x").err).toMatch(
    /usage\/unknown-version/,
  );
  await rollOut(here, { phase: "ended", outcome: "rolled_back", sequence: 9 });
  expect(retrain(here.folder, "hold", RUN).err).toMatch(/usage\/rollout-over[\s\S]*rolled back/);
  expect(await here.ledger.list({ chain: CHAIN, kinds: ["command", "approval"] })).toEqual([]);
});

it("an approval is written where one is waited for, and at risk high a terminal may only deny", async () => {
  const withApproval = (text: string) =>
    text.replace("    stage canary {", '    approval "ops" within 24h\n    stage canary {');
  const here = await world(withApproval);
  await rollOut(here, { phase: "observing", stage: 1 });
  expect(retrain(here.folder, "approve", RUN, "--because", "looked at it").code).toBe(0);
  expect(await newest(here)).toMatchObject({ kind: "approval", body: { command: "approve", because: "looked at it" } });
  const high = await world((text) => withApproval(text).replace("risk        low", "risk        high"));
  await rollOut(high, { phase: "observing", stage: 1 });
  const refused = retrain(high.folder, "approve", RUN);
  expect(refused.err).toMatch(/usage\/claimed-identity/);
  expect(refused.code).toBe(2);
  expect(retrain(high.folder, "deny", RUN, "--because", "no").code).toBe(0);
});

it("who may approve is what the configuration lists; the name is a claim, and the record says so", async () => {
  const here = await world((text) =>
    text.replace("    stage canary {", '    approval "ops" within 24h\n    stage canary {'),
  );
  await rollOut(here, { phase: "observing", stage: 1 });
  const config = join(here.folder, "retrain.config.yaml");
  writeFileSync(config, "approvers: { ops: { members: [ana, ben@example.com] } }\n");
  const refused = retrain(here.folder, "approve", RUN, "--as", "cleo");
  expect(refused).toMatchObject({
    code: 2,
    err: expect.stringMatching(/usage\/not-an-approver[\s\S]*cleo is no member/),
  });
  expect(retrain(here.folder, "approve", RUN, "--as", "ben@example.com").code).toBe(0);
  expect(await newest(here)).toMatchObject({
    kind: "approval",
    run: RUN,
    body: { command: "approve", by: "ben@example.com", proof: "claimed" },
  });
  writeFileSync(config, "approvers: { ops: { members: [ana], not_author: true } }\n");
  expect(retrain(here.folder, "approve", RUN, "--as", "ana").err).toMatch(/not known who wrote/);
  writeFileSync(config, "approvers: { others: { members: [ana] } }\n");
  expect(retrain(here.folder, "approve", RUN, "--as", "ana").err).toMatch(/lists no approvers `ops`/);
  expect(retrain(here.folder, "deny", RUN, "--because", "no").code).toBe(0);
});

it("a run can be held before it begins to roll out, and resumed", async () => {
  const here = await world();
  expect(retrain(here.folder, "resume", RUN).err).toMatch(/usage\/not-held/);
  expect(retrain(here.folder, "hold", RUN, "--because", "wait").code).toBe(0);
  expect(await newest(here)).toMatchObject({ kind: "command", run: RUN, body: { command: "hold" } });
  expect(retrain(here.folder, "resume", "flight_delays").code).toBe(0);
  expect(await newest(here)).toMatchObject({ kind: "command", run: RUN, body: { command: "resume" } });
  expect(retrain(here.folder, "resume", RUN).code).toBe(2);
});

it("freeze and unfreeze are written for one policy or all, and status tells the one in force", async () => {
  const here = await world();
  const freeze = (...words: string[]) => retrain(here.folder, "freeze", ...words, "--because", "peak season");
  expect(freeze("flight_delays", "--until", "2020-01-01").err).toMatch(/usage\/freeze-over/);
  expect(freeze("--until", "2999-01-01").err).toMatch(/usage\/which-policy/);
  expect(freeze("flight_delays", "--all", "--until", "2999-01-01").err).toMatch(/usage\/which-policy/);
  expect(freeze("other", "--until", "2999-01-01").err).toMatch(/usage\/unknown-policy[\s\S]*There are: flight_delays/);
  expect(retrain(here.folder, "unfreeze", "flight_delays")).toMatchObject({
    code: 2,
    err: expect.stringContaining("usage/not-frozen"),
  });
  expect(await here.ledger.list({ chain: CHAIN, kinds: ["command"] })).toEqual([]);
  const frozen = freeze("--all", "--until", "2999-01-01T06:00Z");
  expect(frozen).toMatchObject({ code: 0, err: "" });
  expect(frozen.out).toMatch(/^flight_delays: no run starts and no rollout moves on until 2999-01-01 06:00Z/);
  const record = await newest(here);
  expect(record).toMatchObject({
    kind: "command",
    body: { command: "freeze", scope: "all", until: Date.UTC(2999, 0, 1, 6), because: "peak season", proof: "claimed" },
  });
  expect(record?.run).toBeUndefined();
  expect(retrain(here.folder, "status").out).toMatch(/freeze +until 2999-01-01 06:00Z \(peak season\)/);
  expect(retrain(here.folder, "unfreeze", "flight_delays", "--because", "over").code).toBe(0);
  expect(JSON.parse(retrain(here.folder, "status", "--format", "json").out).policies[0].freeze).toBeNull();
});

it("resume without a held run closes the breaker of the policy", async () => {
  const here = await world();
  expect(retrain(here.folder, "resume", "flight_delays", "--because", "feed corrected").code).toBe(0);
  const record = await newest(here);
  expect(record).toMatchObject({ kind: "command", body: { command: "resume" } });
  expect(record?.run).toBeUndefined();
});

it("status tells run, stage, share and what is due, as text and as JSON", async () => {
  const here = await world();
  await rollOut(here, {
    phase: "observing",
    because: "mirrors all requests",
    route: { champion: "1", challenger: "2", share: 0, mirror: 1 },
  });
  const text = retrain(here.folder, "status").out;
  expect(text).toMatch(/run +flight_delays-1a2b3c4d since 2026-01-05 00:00Z/);
  expect(text).toMatch(/rollout +stage shadow, observing, 0 % of traffic to version 2, 100 %\s+mirrored/);
  expect(text).toMatch(/next tick +20\d\d-/);
  const { schema, policies } = JSON.parse(retrain(here.folder, "status", "--format", "json").out);
  expect(schema).toBe("retrain.status/1");
  expect(policies[0]).toMatchObject({
    policy: "flight_delays",
    champion: null,
    run: { run: RUN, rollout: { stage: "shadow", mirror: 1 } },
  });
});

it("explain shows a judged decision as text and page, and a record of the rollout as text only", async () => {
  const here = await world();
  await rollOut(here, { because: "the rollout begins" });
  const { body } = decisionRecord();
  await here.ledger.append({ chain: CHAIN, key: "d", kind: "decision", run: RUN, at: AT, body });
  expect(retrain(here.folder, "explain", "flight_delays#3").out).toMatch(/^flight_delays, gate\.offline: fail\n/);
  expect(retrain(here.folder, "explain", "flight_delays#3", "--format", "html").out).toMatch(/^<!doctype html>/);
  expect(retrain(here.folder, "explain", "flight_delays#2").out).toContain("the rollout begins");
  const page = retrain(here.folder, "explain", "flight_delays#2", "--format", "html");
  expect(page.err).toContain("usage/no-decision");
  expect(page.code).toBe(2);
  const exported = retrain(here.folder, "explain", "flight_delays#3", "--format", "json").out;
  writeFileSync(join(here.folder, "record.json"), exported);
  expect(retrain(here.folder, "explain", "record.json").out).toMatch(/gate\.offline: fail/);
  writeFileSync(join(here.folder, "record.json"), '{ "kind": "decision" }');
  expect(retrain(here.folder, "explain", "record.json")).toMatchObject({
    code: 3,
    err: expect.stringContaining("file/no-record"),
  });
  expect(retrain(here.folder, "explain", "flight_delays#99").code).toBe(2);
});

it("doctor names a broken ledger and exits with 1", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, ".retrain"));
  writeFileSync(
    join(folder, ".retrain/ledger.db"),
    "this is not a database, whatever its name says, and it is long enough",
  );
  const { code, out } = retrain(folder, "doctor");
  expect(code).toBe(1);
  expect(out).toMatch(/^problem +ledger/m);
  expect(out).toMatch(/^ok +DuckDB/m);
  const findings = JSON.parse(retrain(folder, "doctor", "--format", "json").out).findings as {
    help?: string;
    state: string;
  }[];
  for (const one of findings.filter(({ state }) => state === "problem")) expect(one.help).toMatch(/\.$/);
});

it("init writes files that check, are formatted and compile, and replaces nothing unless told to", () => {
  const folder = temporaryFolder();
  expect(retrain(folder, "init", "--dry-run").out).toContain("would write policies/example.retrain");
  expect(retrain(folder, "check").code).toBe(2);
  expect(retrain(folder, "init").code).toBe(0);
  expect(retrain(folder, "check", "--fail-level", "info")).toMatchObject({
    code: 0,
    err: "1 policy, 0 errors, 0 warnings\n",
  });
  expect(retrain(folder, "fmt", "--check").code).toBe(0);
  expect(retrain(folder, "compile").code).toBe(0);
  writeFileSync(join(folder, "policies/example.retrain"), "mine");
  const again = retrain(folder, "init");
  expect(again).toMatchObject({ code: 2, err: expect.stringContaining("usage/files-exist") });
  expect(readFileSync(join(folder, "policies/example.retrain"), "utf8")).toBe("mine");
  expect(retrain(folder, "init", "--force").code).toBe(0);
  expect(readFileSync(join(folder, "policies/example.retrain"), "utf8")).toContain("policy example");
});

it("serve says that its port is in use", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const folder = temporaryFolder();
  writeFileSync(join(folder, "flight_delays.retrain"), readFileSync(story, "utf8"));
  const { port } = server.address() as AddressInfo;
  writeFileSync(
    join(folder, "retrain.config.yaml"),
    `environments: { local: { serving: { local: { url: "http://127.0.0.1:${port}" } } } }\n`,
  );
  expect(retrain(folder, "serve")).toMatchObject({ code: 3, err: expect.stringContaining("server/port-in-use") });
});

it("formats and outputs pair in their order, and two formats for standard output are refused", () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "a.retrain"), "polcy x { }\n");
  const both = retrain(folder, "check", "--format", "json", "-o", "out.json", "--format", "compact");
  expect(both.code).toBe(1);
  expect(both.out).toMatch(/^a\.retrain:1:1: error /);
  expect(JSON.parse(readFileSync(join(folder, "out.json"), "utf8")).schema).toBe("retrain.check/1");
  expect(retrain(folder, "check", "--format", "json", "--format", "compact").code).toBe(2);
  expect(retrain(folder, "check", "-o", "x").code).toBe(2);
});

it("paths in messages are those of the working folder", () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "retrain.config.yaml"), "");
  mkdirSync(join(folder, "policies/deep"), { recursive: true });
  writeFileSync(join(folder, "policies/a.retrain"), "polcy x { }\n");
  expect(retrain(join(folder, "policies/deep"), "check", "--format", "compact").out).toMatch(/^\.\.\/a\.retrain:1:1: /);
});
