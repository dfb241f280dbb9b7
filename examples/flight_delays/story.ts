import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { retrain, script } from "./command.ts";
import { Failure, runScript } from "./failure.ts";
import { openWorld, type World } from "./world.ts";

const HERE = import.meta.dirname;
const REPORTS = join(HERE, ".retrain/reports");

interface Record {
  readonly sequence: number;
  readonly kind: string;
  readonly run?: string;
  readonly at: number;
  readonly body: {
    readonly outcome?: string;
    readonly sentence?: string;
    readonly node?: string;
    readonly decision?: { verdict: string };
  };
}

interface Chapter {
  readonly title: string;
  /** What the example does to its own data, training or requests. */
  readonly prepare: (world: World) => Promise<void>;
  readonly command: readonly string[];
  /** How the run of the chapter must end, for the story to be the one that is told. */
  readonly outcome: string;
}

const training = join(HERE, "training.json");
const trainWith = (options: object): void => writeFileSync(training, `${JSON.stringify(options)}\n`);
const trainAsUsual = (): void => rmSync(training, { force: true });

const chapters: readonly Chapter[] = [
  {
    title: "The first model",
    prepare: async () => {},
    command: ["run", "flight_delays", "--because", "the first model"],
    outcome: "promoted",
  },
  {
    title: "A good challenger goes through shadow, canary and full",
    prepare: async () => {},
    command: ["watch", "flight_delays", "--until", "2001-04-14T12:00:00Z"],
    outcome: "promoted",
  },
  {
    title: "A challenger trained on three days is refused",
    prepare: async () => trainWith({ days: 3 }),
    command: ["watch", "flight_delays", "--until", "2001-04-16T12:00:00Z"],
    outcome: "refused",
  },
  {
    title: "The feed sends kilometres, and validation stops the run",
    prepare: async () => {
      trainAsUsual();
      await script(["prepare.ts", "--kilometres-from", "2001-04-17"]);
    },
    command: ["watch", "flight_delays", "--until", "2001-04-22T12:00:00Z"],
    outcome: "validation_stopped",
  },
  {
    title: "A challenger fails in the canary and is rolled back",
    prepare: async (world) => {
      await script(["prepare.ts"]);
      trainWith({ unknownDestinations: "throw" });
      world.renameInCanary();
    },
    command: ["watch", "flight_delays", "--until", "2001-04-25T00:00:00Z"],
    outcome: "rolled_back",
  },
];

function wrap(text: string, indent: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && indent.length + line.length + 1 + word.length > 80) {
      lines.push(indent + line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, indent + line].join("\n");
}

const tell = (text: string, indent = "    "): void => console.log(wrap(text.trim(), indent));

async function records(): Promise<Record[]> {
  const { lines } = await retrain(["ledger", "show", "flight_delays", "--format", "json", "--quiet"]);
  return lines.map((line) => JSON.parse(line) as Record);
}

/** A page for each decision of a run's gates and validations. */
async function writePages(fresh: readonly Record[]): Promise<string[]> {
  mkdirSync(REPORTS, { recursive: true });
  const pages: string[] = [];
  for (const record of fresh.filter((one) => one.kind === "decision" && one.body.decision !== undefined)) {
    const page = join(REPORTS, `${String(record.sequence).padStart(4, "0")}-${record.body.node}.html`);
    await retrain(["explain", `flight_delays#${record.sequence}`, "--format", "html", "--output", page]);
    pages.push(relative(process.cwd(), page));
  }
  return pages;
}

/** What decided the run, in one sentence with the numbers: the gate's evidence before the end of a rollout. */
function conclusion(fresh: readonly Record[], end: Record): string {
  const gate = fresh.findLast((one) => one.kind === "step_ended" && one.body.node === "gate.offline");
  const sentence = end.body.sentence ?? "";
  const rolledOut = end.body.node?.startsWith("stage.") ?? false;
  return rolledOut && gate?.body.sentence !== undefined ? `${gate.body.sentence}; ${sentence}` : sentence;
}

async function play(chapter: Chapter, number: number, world: World, known: number): Promise<number> {
  const began = performance.now();
  console.log(`\n[${number}/${chapters.length}] ${chapter.title}`);
  await chapter.prepare(world);
  console.log(`    $ retrain ${chapter.command.join(" ")}`);
  await retrain(chapter.command, { say: (line) => tell(line) });
  const all = await records();
  const fresh = all.filter((record) => record.sequence > known);
  const end = fresh.findLast((record) => record.kind === "run_ended");
  for (const page of await writePages(fresh)) tell(`page: ${page}`);
  if (end?.body.outcome !== chapter.outcome) {
    throw new Failure(
      `chapter ${number} was to end ${chapter.outcome}, but ended ${end?.body.outcome ?? "without a run"}; \`retrain ledger show\` tells why`,
    );
  }
  console.log("");
  tell(
    `${chapter.outcome.replace("_", " ").toUpperCase()}, ${new Date(end.at).toISOString().slice(0, 10)}: ${conclusion(fresh, end)}`,
    "  > ",
  );
  console.log(`    ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return all.length;
}

await runScript("story", async () => {
  const began = performance.now();
  console.log("Flight delays: three weeks in the life of a model, on this machine.\n");
  if (existsSync(join(HERE, ".retrain"))) {
    console.log("Removing the life of an earlier story (.retrain).");
    rmSync(join(HERE, ".retrain"), { recursive: true, force: true });
  }
  trainAsUsual();
  await script(["prepare.ts"], { print: (line) => tell(line, "") });
  console.log("\n$ retrain check");
  await retrain(["check"], { say: (line) => tell(line, ""), print: (line) => tell(line, "") });
  console.log("\n$ retrain compile");
  await retrain(["compile"], { say: (line) => tell(line, ""), print: (line) => tell(line, "") });
  const world = await openWorld({ say: (line) => tell(line) });
  try {
    let known = 0;
    for (const [index, chapter] of chapters.entries()) known = await play(chapter, index + 1, world, known);
    console.log("\n$ retrain ledger verify");
    await retrain(["ledger", "verify"], { print: (line) => tell(line, "") });
    console.log("\n$ retrain why flight_delays --limit 6");
    await retrain(["why", "flight_delays", "--limit", "6"], { print: (line) => console.log(line) });
    const { sent, failed } = world.requests;
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    console.log("");
    tell(
      `${sent.toLocaleString("en")} requests were replayed, ${failed.toLocaleString("en")} of them failed. The whole story took ${seconds} s.`,
      "",
    );
    tell(
      `Look at the pages in ${relative(process.cwd(), REPORTS)}, or ask on: \`npx retrain -C examples/flight_delays ledger show\`.`,
      "",
    );
  } finally {
    await world.close();
    trainAsUsual();
  }
});
