import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { generatedFile, precompileTemplates } from "../../../runtime/report/precompile.ts";

it("the compiled templates are those of the files beside them", () => {
  expect(readFileSync(generatedFile, "utf8"), "run `node runtime/report/precompile.ts`").toBe(precompileTemplates());
});
