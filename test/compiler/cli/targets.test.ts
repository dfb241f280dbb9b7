import { expect, it } from "vitest";
import { targets } from "../../../targets/registry.ts";
import { constructIds, constructs } from "../../../targets/shared/constructs/constructs.ts";
import { retrain } from "../../support/retrain.ts";

const told = (...words: readonly string[]) => retrain(".", "targets", ...words);

it("prints every construct by every engine, within 80 columns", () => {
  const { code, out } = told();
  expect(code).toBe(0);
  const lines = out.split("\n");
  for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80);
  expect(lines[0]?.trim().split(/ +/)).toEqual(["local", "argo", "kfp", "airflow"]);
  for (const id of constructIds) {
    const words = [...targets.values()].map((target) => target.capabilities[id].support);
    const row = lines.find((line) => line.startsWith(`  ${constructs[id].name} `));
    expect(
      row
        ?.slice(2 + constructs[id].name.length)
        .trim()
        .split(/ +/),
      id,
    ).toEqual(words);
  }
  expect(out).toContain("refused: an error, and");
});

it("of one engine says how, and what an option of the environment changes", () => {
  const { out } = told("kfp");
  for (const line of out.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
  expect(out).toMatch(/native +`secret` of a step: secretAsEnv\n +refused with `platform: vertex`: its steps/);
});

it("of one construct names the diagnostic that refuses it", () => {
  expect(told("argo", "sqlite").out).toBe(
    "a ledger in SQLite on argo\n  refused: pods on several machines would share a file\n  said as: config/ledger-not-shared (retrain explain config/ledger-not-shared)\n",
  );
  expect(told("argo", "a ledger in sqlite").out).toBe(told("argo", "sqlite").out);
  expect(told("local", "ledger").out.match(/ on local$/gm)).toHaveLength(2);
});

it("a target or construct that there is not is a wrong use, with what there is", () => {
  expect(told("argp")).toMatchObject({ code: 2, err: expect.stringContaining("local, argo, kfp, airflow") });
  expect(told("argo", "sqlit")).toMatchObject({ code: 0 });
  expect(told("argo", "spott")).toMatchObject({ code: 2, err: expect.stringContaining("Did you mean `spot`?") });
});

it("tools get every cell, with codes", () => {
  const [all, one] = [told("--format", "json"), told("kfp", "disk", "--format", "json")].map(({ out }) =>
    JSON.parse(out),
  );
  expect(all.targets.map(({ capabilities }: { capabilities: object[] }) => capabilities.length)).toEqual(
    [...targets].map(() => constructIds.length),
  );
  expect(one.targets).toEqual([
    {
      name: "kfp",
      capabilities: [
        {
          id: "disk",
          construct: "`disk` of a step",
          chapter: "steps",
          support: "emulated",
          how: expect.any(String),
          differs: [
            { option: "platform: vertex", support: "refused", how: expect.any(String), code: "target/unsupported" },
          ],
        },
      ],
    },
  ]);
});
