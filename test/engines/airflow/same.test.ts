import { expect, it } from "vitest";
import { temporaryFolder } from "../../support/folder.ts";
import { readStories } from "../same/story.ts";
import { carryOut } from "../same/ways.ts";

// Every story on both versions: npm run engines:same -- --on airflow3,airflow2

it("airflow3 decides as it must, from the committed file: validation stops a run before anything is trained", async () => {
  const story = readStories().find(({ name }) => name === "validation-stopped");
  if (story === undefined) throw new Error("no such story");
  const trace = await carryOut(story, "airflow3", temporaryFolder());
  if (trace !== undefined) expect(trace).toEqual(story.expect);
}, 600_000);
