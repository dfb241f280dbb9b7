import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../support/folder.ts";
import { dependsHolds, filled, retryHolds, whenHolds } from "./expressions.ts";
import { ArgoSimulator } from "./simulator.ts";

const FILE = join(import.meta.dirname, "../pipelines/argo/argo/flights-retrain.yaml");

/** A simulator of the committed file, changed; the runtime's and the author's programs are `node PROGRAM`. */
function simulatorOf(change: (text: string) => string, program = ""): ArgoSimulator {
  const folder = temporaryFolder();
  const file = join(folder, "flights.yaml");
  writeFileSync(file, change(readFileSync(FILE, "utf8")));
  for (const name of ["retrain-runtime", "flights-train", "flights-evaluate"])
    writeFileSync(
      join(folder, name),
      `#!${process.execPath}\nimport { existsSync, mkdirSync, writeFileSync } from "node:fs";\nconst name = "${name}";\n${program}`,
      { mode: 0o755 },
    );
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  return new ArgoSimulator({
    files: [file],
    disk: folder,
    scratch: folder,
    addresses: {},
    values: () => ({ "retrain/ledger-url": "postgresql://nowhere" }),
    environment: () => ({ PATH: folder }),
  });
}

/** Answers as a runtime that lets everything go well, but for the node of this name. */
const answering = (node: string, otherwise: string): string => `
const words = process.argv.slice(2);
const at = (option) => words[words.indexOf(option) + 1];
if (name === "retrain-runtime") {
  const good = { snapshot: "ready", validate: "pass", gate: "pass", register: "done", stage: "advance", finish: "promoted" };
  if (at("--node") === "${node}" && words.includes("--node")) { ${otherwise} }
  const file = at("--word");
  mkdirSync(file.slice(0, file.lastIndexOf("/")), { recursive: true });
  writeFileSync(file, good[words[0]]);
} else if (name === "${node}") { ${otherwise} }
`;

/** Templates of the containers that were started, with their exit codes. */
async function ran(simulator: ArgoSimulator): Promise<readonly string[]> {
  expect(simulator.submit("flights-1", "flights-retrain", { run: "flights-1" })).toBe(201);
  expect(simulator.submit("flights-1", "flights-retrain", { run: "flights-1" })).toBe(409);
  const phase = await simulator.workflow("flights-1");
  return [
    ...simulator.started.map(({ template, words, code }) => {
      const node = words.includes("--node") ? words[words.indexOf("--node") + 1] : template;
      return `${node} ${code}`;
    }),
    phase,
  ];
}

const ALL = [
  "snapshot 0",
  "validate.flights 0",
  "train 0",
  "evaluate 0",
  "gate.offline 0",
  "register 0",
  "stage.shadow 0",
  "stage.canary 0",
  "stage.full 0",
  "finish 0",
];

it("nested groups are carried out to the end while every word is the one that is waited for", async () => {
  expect(await ran(simulatorOf((text) => text, answering("none", "")))).toEqual([...ALL, "Succeeded"]);
});

it("another word, or none, ends the run, which is a success; the exit task runs", async () => {
  const stopped = answering("gate.offline", 'writeFileSync("no", ""); process.exit(0);');
  expect(await ran(simulatorOf((text) => text, stopped))).toEqual([...ALL.slice(0, 5), "finish 0", "Succeeded"]);
});

it("an author's step is tried again as often as the policy says, whatever its exit code, and a run whose step fails has failed", async () => {
  const failing = answering("flights-train", "process.exit(9);");
  expect(await ran(simulatorOf((text) => text, failing))).toEqual([
    "snapshot 0",
    "validate.flights 0",
    "train 9",
    "train 9",
    "finish 0",
    "Failed",
  ]);
});

it("a step of the runtime is tried again after 75 and not after 3", async () => {
  const twice = answering("register", 'if (!existsSync("once")) { writeFileSync("once", ""); process.exit(75); }');
  expect(await ran(simulatorOf((text) => text, twice))).toEqual([
    ...ALL.slice(0, 5),
    "register 75",
    ...ALL.slice(5),
    "Succeeded",
  ]);
  const broken = answering("register", "process.exit(3);");
  expect(await ran(simulatorOf((text) => text, broken))).toEqual([
    ...ALL.slice(0, 5),
    "register 3",
    "finish 0",
    "Failed",
  ]);
});

it("a step that takes longer than its deadline is killed", async () => {
  const hanging = answering("flights-evaluate", "setInterval(() => {}, 1000);");
  const simulator = simulatorOf(
    (text) => text.replaceAll("activeDeadlineSeconds: 300", "activeDeadlineSeconds: 2"),
    hanging,
  );
  expect(await ran(simulator)).toEqual([
    "snapshot 0",
    "validate.flights 0",
    "train 0",
    "evaluate 137",
    "finish 0",
    "Failed",
  ]);
});

it("a field that the simulator does not know is refused by its name", () => {
  expect(() =>
    simulatorOf((text) => text.replace("  onExit: finish", "  onExit: finish\n  hostNetwork: true")),
  ).toThrow("hostNetwork");
  expect(() =>
    simulatorOf((text) =>
      text.replace(
        "            template: snapshot",
        "            template: snapshot\n            continueOn: {failed: true}",
      ),
    ),
  ).toThrow(/continueOn/);
});

it("words that it cannot read are errors", () => {
  expect(dependsHolds("a.Succeeded && b.Failed || c.Omitted", (task) => (task === "c" ? "Omitted" : "Succeeded"))).toBe(
    true,
  );
  expect(dependsHolds("a.Succeeded && b.Errored", (task) => (task === "b" ? "Error" : "Skipped"))).toBe(false);
  expect(() => dependsHolds("a.AnySucceeded", () => "Succeeded")).toThrow("AnySucceeded");
  expect(whenHolds("{{= tasks['a-b'].outputs.parameters.word == 'pass' }}", () => "pass")).toBe(true);
  expect(() => whenHolds("{{= tasks['a'].outputs.parameters.word != 'pass' }}", () => "pass")).toThrow("!=");
  expect(
    retryHolds("lastRetry.status == 'Error' || asInt(lastRetry.exitCode) in [75, 137]", {
      status: "Failed",
      exitCode: "137",
    }),
  ).toBe(true);
  expect(() => retryHolds("lastRetry.duration > 3", { status: "Failed", exitCode: "1" })).toThrow("duration");
  expect(() => filled("{{workflow.uid}}", () => undefined)).toThrow("workflow.uid");
});
