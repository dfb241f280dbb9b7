import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import { openLedger, openLedgerForReading } from "../../../runtime/ledger/open.ts";
import { prepareSchema } from "../../../runtime/ledger/schema.ts";
import { SqliteLedger } from "../../../runtime/ledger/sqlite.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { entry } from "../../support/ledger-contract.ts";

const binding = { kind: "sqlite", path: "state/ledger.db" } as const;

it("creates folders and file, and finds everything again", async () => {
  const root = temporaryFolder();
  const first = await openLedger(binding, root);
  const { record } = await first.append(entry("a"));
  await first.putPlan("d", "{}");
  await first.moveClock("local", 7);
  await first.close();
  const again = await openLedger(binding, root);
  expect(await again.find("local/flights", "a")).toEqual(record);
  expect(await again.plan("d")).toBe("{}");
  expect(await again.clockPosition("local")).toBe(7);
  await again.close();
});

it("many openings of a new ledger at once all succeed", async () => {
  const root = temporaryFolder();
  const ledgers = await Promise.all(Array.from({ length: 8 }, () => openLedger(binding, root)));
  await Promise.all(ledgers.map((ledger, index) => ledger.append(entry(`k${index}`))));
  expect(await ledgers[0]?.verify()).toEqual({ records: 8 });
  for (const ledger of ledgers) await ledger.close();
});

it("a file that is no database is refused by name and left as it is", async () => {
  const root = temporaryFolder();
  const path = join(root, "ledger.db");
  writeFileSync(path, "not a database, but long enough to be one. ".repeat(100));
  const before = readFileSync(path);
  await expect(openLedger({ kind: "sqlite", path: "ledger.db" }, root)).rejects.toMatchObject({
    name: "LedgerError",
    code: "corrupt",
    message: expect.stringContaining(path),
  });
  expect(readFileSync(path)).toEqual(before);
});

it("a database of something else is refused and left as it is", async () => {
  const root = temporaryFolder();
  const path = join(root, "ledger.db");
  const other = new DatabaseSync(path);
  other.exec("CREATE TABLE customers (name TEXT)");
  other.close();
  const before = readFileSync(path);
  await expect(openLedger({ kind: "sqlite", path }, root)).rejects.toMatchObject({
    code: "corrupt",
    message: expect.stringContaining("something else"),
  });
  expect(readFileSync(path)).toEqual(before);
});

it("a ledger of a newer release is refused for writing and for reading", async () => {
  const root = temporaryFolder();
  await (await openLedger(binding, root)).close();
  const database = new DatabaseSync(join(root, binding.path));
  database.exec("UPDATE meta SET value = '2'");
  database.close();
  for (const open of [openLedger, openLedgerForReading]) {
    await expect(open(binding, root)).rejects.toMatchObject({
      code: "version",
      message: expect.stringMatching(/schema is 2.*update retrain/),
    });
  }
});

it("a folder in the place of the file, or a file in the place of the folder, is unavailable", async () => {
  const root = temporaryFolder();
  mkdirSync(join(root, "folder.db"));
  writeFileSync(join(root, "file"), "");
  for (const path of ["folder.db", "file/ledger.db"]) {
    await expect(openLedger({ kind: "sqlite", path }, root)).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringContaining(join(root, path)),
    });
  }
});

it("a viewer never creates a database", async () => {
  const root = temporaryFolder();
  await expect(openLedgerForReading(binding, root)).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringContaining("there is no ledger at"),
  });
  expect(readdirSync(root)).toEqual([]);
  writeFileSync(join(root, "empty.db"), "");
  await expect(openLedgerForReading({ kind: "sqlite", path: "empty.db" }, root)).rejects.toMatchObject({
    code: "empty",
    message: expect.stringContaining("still empty"),
  });
  expect(readFileSync(join(root, "empty.db"))).toHaveLength(0);
});

it("a viewer sees what a writer appends while it looks", async () => {
  const root = temporaryFolder();
  const writer = await openLedger(binding, root);
  await writer.append(entry("a"));
  const viewer = await openLedgerForReading(binding, root);
  expect(await viewer.verify()).toEqual({ records: 1 });
  const { record } = await writer.append(entry("b"));
  expect(await viewer.list({ chain: "local/flights", newest: true, limit: 1 })).toEqual([record]);
  await viewer.close();
  await expect(viewer.chains()).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringContaining("closed"),
  });
  await writer.close();
});

it("a full disk gives a named error, loses nothing and is survived", async () => {
  const root = temporaryFolder();
  const path = join(root, "ledger.db");
  const database = new DatabaseSync(path);
  prepareSchema(database, path);
  const pages = Number(database.prepare("PRAGMA page_count").get()?.["page_count"]);
  database.exec(`PRAGMA max_page_count = ${pages + 3}`);
  const ledger = new SqliteLedger(database, path);
  const append = (index: number) => ledger.append(entry(`k${index}`, { body: "x".repeat(1_500) }));
  let written = 0;
  const failure = await (async () => {
    for (; written < 100; written += 1) await append(written);
  })().catch((error: unknown) => error);
  expect(failure).toMatchObject({ name: "LedgerError", code: "full", message: expect.stringContaining(path) });
  expect(written).toBeGreaterThan(0);
  expect(await ledger.verify()).toEqual({ records: written });
  database.exec("PRAGMA max_page_count = 1000000");
  expect((await append(written)).record.sequence).toBe(written + 1);
  await ledger.close();
});

it("a lock that stays gives a named error after the patience, and meanwhile other tasks run", async () => {
  const root = temporaryFolder();
  const ledger = await openLedger(binding, root, { patience: 700 });
  const other = new DatabaseSync(join(root, binding.path));
  other.exec("BEGIN IMMEDIATE");
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 10);
  await expect(ledger.append(entry("a"))).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringContaining("stayed locked"),
  });
  clearInterval(timer);
  expect(turns).toBeGreaterThan(2);
  other.exec("ROLLBACK");
  other.close();
  expect((await ledger.append(entry("a"))).written).toBe(true);
  await ledger.close();
});

it("a ledger that was removed or replaced while in use takes no more records", async () => {
  const root = temporaryFolder();
  const path = join(root, binding.path);
  const ledger = await openLedger(binding, root);
  await ledger.append(entry("a"));
  renameSync(path, `${path}.old`);
  await expect(ledger.append(entry("b"))).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringContaining("moved, removed or replaced"),
  });
  expect(existsSync(path)).toBe(false);
  writeFileSync(path, "");
  await expect(ledger.append(entry("b"))).rejects.toMatchObject({ code: "unavailable" });
  rmSync(path);
  renameSync(`${path}.old`, path);
  expect((await ledger.append(entry("b"))).record.sequence).toBe(2);
  await ledger.close();
});
