import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { authorOf } from "../../../runtime/engine/author.ts";
import { temporaryFolder } from "../../support/folder.ts";

it("the author of a policy is who committed it last, and nobody once it was changed since or is not in git", async () => {
  const folder = temporaryFolder();
  const git = (...words: string[]) => execFileSync("git", words, { cwd: folder, stdio: "ignore" });
  writeFileSync(join(folder, "a.retrain"), "policy a { }\n");
  expect(await authorOf(folder, "a.retrain")).toBeUndefined();
  git("init", "-q");
  expect(await authorOf(folder, "a.retrain")).toBeUndefined();
  git("add", ".");
  git("-c", "user.name=Ana", "-c", "user.email=ana@example.com", "commit", "-qm", "one");
  expect(await authorOf(folder, "a.retrain")).toEqual(["Ana", "ana@example.com"]);
  writeFileSync(join(folder, "a.retrain"), "policy b { }\n");
  expect(await authorOf(folder, "a.retrain")).toBeUndefined();
});
