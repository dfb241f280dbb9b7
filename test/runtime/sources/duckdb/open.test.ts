import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { csv, data, dataset, folder, hourly, put, refused, START, source } from "./fixture.ts";

const window = { start: START, end: START + 86_400_000 };

it("nothing is loaded or made before the first question, and closing leaves no temporary files", async () => {
  const root = folder();
  put(root, "a.csv", csv(hourly(10)));
  const reader = source(root);
  expect(existsSync(join(root, ".scratch"))).toBe(false);
  await reader.measure(dataset("a.csv"), data("rows"), window, window.end);
  expect(readdirSync(join(root, ".scratch")).length).toBe(1);
  await reader.close();
  expect(readdirSync(join(root, ".scratch"))).toEqual([]);
});

it("questions may be asked at the same time, and an unusable folder for temporary files is told by name", async () => {
  const root = folder();
  put(root, "a.csv", csv(hourly(10)));
  const reader = source(root);
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => reader.measure(dataset("a.csv"), data("rows"), window, window.end)),
  );
  expect(answers.map((answer) => answer.kind === "value" && answer.value)).toEqual(Array(8).fill(10));
  const blocked = source(root, { scratch: join(root, "a.csv") });
  expect(await blocked.measure(dataset("a.csv"), data("rows"), window, window.end)).toEqual(
    refused("source_unavailable", "temporary files", "a.csv"),
  );
});
