import { expect, it } from "vitest";
import { DAY, folder, put, refused, START, source } from "./fixture.ts";

const holdout = { start: START, end: START + 7 * DAY };
const names = ["stays", "leaves", "pauses"];

/** Forty rows of three classes; `change` may alter the cells of a row. */
function file(columns: readonly string[], change: (row: number, cells: Record<string, string>) => object = () => ({})) {
  const lines = Array.from({ length: 40 }, (_, row) => {
    const cells: Record<string, string> = {
      key: `k${String(row).padStart(2, "0")}`,
      label: names[row % 3] ?? "",
      time: new Date(START + row * 60_000).toISOString(),
      challenger_decision: names[(row + (row % 5 === 0 ? 1 : 0)) % 3] ?? "",
      champion_decision: names[row % 2] ?? "",
      challenger_score: "0.75",
      champion_score: "",
      region: "eu",
    };
    Object.assign(cells, change(row, cells));
    return columns.map((column) => cells[column]).join(",");
  });
  return `${[columns.join(","), ...lines].join("\n")}\n`;
}
const all = ["key", "label", "time", "challenger_decision", "champion_decision", "challenger_score", "region"];

it("labels and decisions are numbers of classes, in the order of their names", async () => {
  const root = folder();
  put(root, "p.csv", file(all));
  const found = await source(root).predictions("p.csv", ["region"], holdout, true);
  if (found.kind !== "rows") throw new Error(found.detail);
  expect(found.classes).toEqual(["leaves", "pauses", "stays"]);
  expect([...found.label.subarray(0, 4)]).toEqual([2, 0, 1, 2]);
  expect([...(found.challengerDecision ?? [])].slice(0, 4)).toEqual([0, 0, 1, 2]);
  expect([...(found.championDecision ?? [])].slice(0, 3)).toEqual([2, 0, 2]);
  expect(found.challenger[0]).toBe(0.75);
  expect(found.champion?.[0]).toBeNaN();
  expect(found.groups["region"]?.[0]).toBe("eu");
});

it("a file without a champion, in either way of writing it, has no champion's decisions", async () => {
  const root = folder();
  put(root, "left-out.csv", file(all.filter((name) => name !== "champion_decision")));
  put(
    root,
    "empty.csv",
    file(all, () => ({ champion_decision: "" })),
  );
  for (const name of ["left-out.csv", "empty.csv"]) {
    const found = await source(root).predictions(name, [], holdout, true);
    expect(found.kind, name).toBe("rows");
    expect("champion" in found || "championDecision" in found, name).toBe(false);
  }
});

it("a decision that is missing, a key twice and a file without decisions are told by name", async () => {
  const root = folder();
  const reader = source(root);
  put(
    root,
    "gap.csv",
    file(all, (row) => (row === 3 ? { challenger_decision: "" } : {})),
  );
  expect(await reader.predictions("gap.csv", [], holdout, true)).toEqual(
    refused("undefined_value", "challenger_decision", "1 of 40"),
  );
  put(
    root,
    "twice.csv",
    file(all, (row) => (row === 3 ? { key: "k02" } : {})),
  );
  expect(await reader.predictions("twice.csv", [], holdout, true)).toEqual(refused("rows_mismatch", "repeat a key"));
  put(root, "without.csv", file(["key", "label", "time", "challenger_score"]));
  expect(await reader.predictions("without.csv", [], holdout, true)).toEqual(
    refused("schema_mismatch", "challenger_decision"),
  );
});
