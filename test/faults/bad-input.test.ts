import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from "vitest";
import { openLedgerForReading } from "../../runtime/ledger/open.ts";
import { CHAPTERS } from "./rehearsal/chapters.ts";
import type { Running } from "./rehearsal/children.ts";
import { processesIn } from "./rehearsal/lives.ts";
import { WELL } from "./rehearsal/options.ts";
import { configText, policyText } from "./rehearsal/policy.ts";
import { type Ground, prepareGround, Rehearsal, retrain } from "./rehearsal/rehearsal.ts";

let ground: Ground;
let life: Rehearsal;
/** The ledger as it is once version 1 serves. */
let saved: string;

beforeAll(async () => {
  ground = await prepareGround();
  life = new Rehearsal(ground);
  await life.open();
  const [first] = CHAPTERS;
  if (first === undefined) throw new Error("a life without a first chapter");
  expect(await life.retrain(first.command).ended).toBe(0);
  saved = join(ground.folder, "../saved");
  cpSync(join(life.folder, ".retrain"), saved, { recursive: true });
}, 120_000);

afterAll(async () => {
  await life.close();
  ground.remove();
});

/** Every case begins where version 1 has been promoted; server and registry are those of the case before, for no case may change them. */
beforeEach(() => {
  const { folder, data, ports } = ground;
  for (const name of readdirSync(join(folder, ".retrain"))) {
    if (name.startsWith("ledger.db") || name === "runs") rmSync(join(folder, ".retrain", name), { recursive: true });
  }
  for (const name of readdirSync(saved)) {
    if (name.startsWith("ledger.db") || name === "runs")
      cpSync(join(saved, name), join(folder, ".retrain", name), { recursive: true });
  }
  cpSync(data, join(folder, "data/parcels.parquet"));
  writeFileSync(join(folder, "parcels.retrain"), policyText(ports));
  writeFileSync(join(folder, "retrain.config.yaml"), configText(ports, ports.proxy));
  life.options(WELL);
});

const RUN = ["run", "parcels", "--because", "a try"];

interface Ended {
  readonly code: number | string;
  readonly output: string;
}

async function end(running: Running): Promise<Ended> {
  return { code: await running.ended, output: running.output() };
}

const run = (args: readonly string[] = RUN): Promise<Ended> => end(life.retrain(args));

/** A line of a stack: a file of the program or of Node with line and column. */
const STACK = /^\s+at .*(file:|node:|\/).*:\d+:\d+/m;

/** What holds after every bad input: words and no stack, nothing half-written, and the champion serves. */
async function expectUnharmed({ output }: Ended): Promise<void> {
  expect(output).not.toMatch(STACK);
  expect(output).not.toContain("internal error");
  expect(await life.predict()).toEqual({ status: 200, version: "1" });
  const registry = join(life.folder, ".retrain/registry/parcels");
  expect(readdirSync(join(registry, "versions"))).toEqual(["1"]);
  expect(readdirSync(join(registry, "incoming"))).toEqual([]);
  const files = readdirSync(join(life.folder, ".retrain"), { recursive: true, encoding: "utf8" });
  expect(files.filter((name) => name.endsWith(".tmp") || name.endsWith(".old"))).toEqual([]);
  const ledger = await openLedgerForReading({ kind: "sqlite", path: ".retrain/ledger.db" }, life.folder);
  expect((await ledger.verify()).broken).toBeUndefined();
  await ledger.close();
}

async function expectRunBreaks(words: readonly (string | RegExp)[]): Promise<Ended> {
  const ended = await run();
  for (const word of words) expect(ended.output).toMatch(word);
  expect(ended.code).toBe(3);
  await expectUnharmed(ended);
  return ended;
}

it("a missing data file ends the run with the file's name, and the next run by hand tries again", async () => {
  rmSync(join(life.folder, "data/parcels.parquet"));
  await expectRunBreaks([/parcels-\w+: failed/, /parcels_shipped/, /data\/parcels\.parquet/, /run again/]);
  cpSync(ground.data, join(life.folder, "data/parcels.parquet"));
  life.options({ ...WELL, train: "fail" });
  await expectRunBreaks([/step `train` ended with exit code 1/]);
});

it("a column that is not there is named", async () => {
  writeFileSync(join(life.folder, "parcels.retrain"), policyText(ground.ports, { more: "\n      colour category" }));
  const ended = await run();
  expect(ended.output).toMatch(/validation stopped: .*parcels_shipped.*column "colour" \(category\) is missing/);
  expect(ended.code).toBe(0);
  await expectUnharmed(ended);
});

it("a Parquet file that is cut in half is named", async () => {
  const file = join(life.folder, "data/parcels.parquet");
  truncateSync(file, Math.floor(readFileSync(file).length / 2));
  await expectRunBreaks([/data\/parcels\.parquet is cut short/, /run again/]);
});

it("a train step that writes nothing is named, with what it must write and its log", async () => {
  life.options({ ...WELL, train: "nothing" });
  await expectRunBreaks([/step `train` ended well but wrote nothing to \S+\/train\/attempt-1\/model/, /log\.txt/]);
});

it("a train step that writes garbage is found by the step that reads it", async () => {
  life.options({ ...WELL, train: "garbage" });
  await expectRunBreaks([/step `evaluate` ended with exit code 1/, /evaluate\/attempt-1\/log\.txt/]);
});

it("an evaluate step that writes nothing is named", async () => {
  life.options({ ...WELL, evaluate: "nothing" });
  await expectRunBreaks([/step `evaluate` ended well but wrote nothing to \S+predictions\.parquet/]);
});

it("an evaluate step that writes garbage passes no gate, and the file is named", async () => {
  life.options({ ...WELL, evaluate: "garbage" });
  const ended = await run();
  expect(ended.output).toMatch(/predictions\.parquet/);
  expect(ended.output).toMatch(/parcels-\w+: refused/);
  expect(ended.code).toBe(0);
  await expectUnharmed(ended);
});

it("a step that hangs is stopped at its time limit, with everything that it started", async () => {
  writeFileSync(join(life.folder, "parcels.retrain"), policyText(ground.ports, { timeout: "2s" }));
  life.options({ ...WELL, train: "hang" });
  await expectRunBreaks([/step `train` did not end within 2 s and was stopped/, /log\.txt/]);
  expect(processesIn(life.folder).filter((line) => line.includes("train.run.ts"))).toEqual([]);
});

it("an occupied port of `retrain serve` is named", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void other.close());
  const { port } = other.address() as { port: number };
  const config = configText(ground.ports, port).replace("url:", "folder: .retrain/serving-2, url:");
  writeFileSync(join(life.folder, "occupied.yaml"), config);
  const ended = await run(["serve", "parcels", "--config", "occupied.yaml"]);
  expect(ended.output).toContain(`port ${port} is already in use`);
  expect(ended.code).toBe(3);
  await expectUnharmed(ended);
});

it("a policy with a syntax error is shown with line and column, and nothing is started", async () => {
  writeFileSync(join(life.folder, "parcels.retrain"), policyText(ground.ports).replace("risk  low", "risk  low )"));
  const ended = await run();
  expect(ended.output).toMatch(/parcels\.retrain:5:13/);
  expect(ended.code).toBe(1);
  await expectUnharmed(ended);
});

it("a configuration that cannot be read is shown with line and column", async () => {
  writeFileSync(join(life.folder, "retrain.config.yaml"), "policies: [\nenvironments: }\n");
  const broken = await run();
  expect(broken.output).toMatch(/retrain\.config\.yaml:2:\d+/);
  expect(broken.code).toBe(2);
  const missing = await run([...RUN, "--config", "nowhere.yaml"]);
  expect(missing.output).toContain("nowhere.yaml");
  expect(missing.code).toBe(3);
  await expectUnharmed(broken);
});

it("a full disk ends the run with words, and the run goes on once there is room", async () => {
  const folder = join(ground.folder, "../full");
  mkdirSync(join(folder, ".retrain"), { recursive: true });
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=3m", "tmpfs", join(folder, ".retrain")], { stdio: "pipe" });
  } catch (error) {
    process.stdout.write(`  not shown here: no file system of its own can be mounted (${(error as Error).message})\n`);
    return;
  }
  onTestFinished(() => void execFileSync("umount", [join(folder, ".retrain")]));
  cpSync(join(life.folder, "data"), join(folder, "data"), { recursive: true });
  for (const name of ["parcels.retrain", "retrain.config.yaml", "options.json"])
    cpSync(join(life.folder, name), join(folder, name));
  writeFileSync(join(folder, "options.json"), JSON.stringify({ ...WELL, train: "weak" }));
  const filler = join(folder, ".retrain/filler");
  writeFileSync(filler, "x".repeat(2_700_000));
  const full = await end(retrain(folder, RUN));
  expect(full.output).toMatch(/no space is left.*free some and run (it|this) again/);
  expect(full.code).toBe(3);
  await expectUnharmed(full);
  rmSync(filler);
  const again = await end(retrain(folder, RUN));
  expect(again.output).toMatch(/parcels-\w+: refused: gate\.offline fails/);
  expect(again.code).toBe(0);
  const ledger = await openLedgerForReading({ kind: "sqlite", path: ".retrain/ledger.db" }, folder);
  expect((await ledger.verify()).broken).toBeUndefined();
  expect((await ledger.list({ chain: "local/parcels", kinds: ["run_started"] })).length).toBe(1);
  await ledger.close();
});
