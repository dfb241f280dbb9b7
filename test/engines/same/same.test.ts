import { expect, it } from "vitest";
import { temporaryFolder } from "../../support/folder.ts";
import { missingPostgres, startPostgres } from "../../support/postgres.ts";
import { readStories } from "./story.ts";
import { carryOut, type Way } from "./ways.ts";

// Every story in every way, as one table: npm run engines:same

/** Each kind of end and each kind of fault on this machine; on an engine what takes seconds. */
const DOSE: Partial<Record<Way, readonly string[]>> = {
  local: ["promoted", "canary-rolled-back", "train-retried", "denied", "frozen", "decay-fires", "worker-killed"],
  steps: ["slice-fails"],
  argo: ["train-fails", "refused"],
  kfp: ["validation-stopped"],
};

const stories = readStories();

it("there are at least 25 stories, and each is told in some way", () => {
  expect(stories.length).toBeGreaterThanOrEqual(25);
  for (const { name, notOn } of stories) expect(Object.keys(notOn).length, name).toBeLessThan(6);
});

for (const [way, names] of Object.entries(DOSE) as [Way, readonly string[]][]) {
  for (const name of names) {
    const story = stories.find((one) => one.name === name);
    it(`${way} decides as it must: ${story?.story}`, async () => {
      if (story === undefined) throw new Error(`no story ${name}`);
      const isShared = way === "argo" || way === "kfp";
      if (isShared && missingPostgres !== undefined) {
        if (process.env["CI"] === "true") throw new Error(missingPostgres);
        process.stderr.write(`NOT RUN: ${missingPostgres}\n`);
        return;
      }
      const postgres = isShared ? await startPostgres() : undefined;
      try {
        const trace = await carryOut(story, way, temporaryFolder(), postgres);
        if (trace !== undefined) expect(trace).toEqual(story.expect);
      } finally {
        await postgres?.stop();
      }
    }, 600_000);
  }
}
