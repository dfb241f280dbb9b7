import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { corpusCases } from "../../support/corpus.ts";

it("holds at least 100 broken files, and at least 15 with several errors", () => {
  const counts = corpusCases("semantics").map(({ folder }) => {
    const lines = readFileSync(`${folder}diagnostics.txt`, "utf8").split("\n");
    return lines.filter((line) => /: error \w/u.test(line)).length;
  });
  expect(counts.filter((count) => count > 0).length).toBeGreaterThanOrEqual(100);
  expect(counts.filter((count) => count > 1).length).toBeGreaterThanOrEqual(15);
});
