import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { targets } from "../../targets/registry.ts";
import { rowsOf } from "../../targets/shared/table.ts";

const page = join(import.meta.dirname, "../../docs/targets.md");
const accept = process.env["RETRAIN_ACCEPT"] === "1";

const columns = [...targets.values()].map((target) => ({ name: target.name, rows: rowsOf(target) }));
const names = columns.map(({ name }) => name);

function table(): string {
  const [first = { rows: [] }] = columns;
  const rows = first.rows.map(({ construct }, index) => {
    const cells = columns.map(({ rows }) => {
      const { support = "", code, differs = [] } = rows[index] ?? {};
      const link = code === undefined ? support : `[${support}](diagnostics/${code}.md)`;
      return differs.length === 0 ? link : `${link} \\*`;
    });
    return `| ${construct} | ${cells.join(" | ")} |`;
  });
  const head = [`| construct | ${names.join(" | ")} |`, `| --- | ${names.map(() => "---").join(" | ")} |`];
  return [...head, ...rows, "", "\\* differs by an option of the environment: see below."].join("\n");
}

function details(): string {
  return columns
    .map(({ name, rows }) => {
      const lines = rows.flatMap(({ construct, support, how, differs }) => [
        `- ${construct}: ${support}, ${how}`,
        ...differs.map((one) => `  - with \`${one.option}\`: ${one.support}, ${one.how}`),
      ]);
      return `### ${name}\n\n${lines.join("\n")}`;
    })
    .join("\n\n");
}

it("the page's table and lists are those of the code", () => {
  const text = readFileSync(page, "utf8");
  let fresh = text;
  for (const [name, content] of [
    ["table", table()],
    ["details", details()],
  ] as const) {
    const block = new RegExp(`<!-- ${name}: written by a test -->[\\s\\S]*<!-- end of ${name} -->`);
    expect(text).toMatch(block);
    fresh = fresh.replace(block, () => `<!-- ${name}: written by a test -->\n\n${content}\n\n<!-- end of ${name} -->`);
  }
  if (accept) writeFileSync(page, fresh);
  expect(readFileSync(page, "utf8"), "RETRAIN_ACCEPT=1 rewrites it").toBe(fresh);
});
