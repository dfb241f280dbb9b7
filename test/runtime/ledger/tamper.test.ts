import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import { LedgerError } from "../../../runtime/ledger/error.ts";
import { takeCheckpoints } from "../../../runtime/ledger/export.ts";
import type { Checkpoint, Verification } from "../../../runtime/ledger/ledger.ts";
import { openLedger, openLedgerForReading } from "../../../runtime/ledger/open.ts";
import { hashOf, type StoredRecord } from "../../../runtime/ledger/record.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { entry } from "../../support/ledger-contract.ts";

const binding = { kind: "sqlite", path: "ledger.db" } as const;
const chain = "local/flights";

/** A ledger of `count` records, closed, and the checkpoint of its chain. */
async function written(count: number): Promise<{ readonly root: string; readonly checkpoints: readonly Checkpoint[] }> {
  const root = temporaryFolder();
  const ledger = await openLedger(binding, root);
  for (let index = 1; index <= count; index += 1) {
    await ledger.append(
      entry(`key-${index}`, { run: "run-1", body: { look: index, sentence: `look ${index} passed` } }),
    );
  }
  const checkpoints = await takeCheckpoints(ledger);
  await ledger.close();
  return { root, checkpoints };
}

/** Does to the file what triggers and constraints would refuse. */
function tamper(root: string, work: (database: DatabaseSync) => void): void {
  const database = new DatabaseSync(join(root, "ledger.db"));
  database.exec("DROP TRIGGER records_stay; DROP TRIGGER records_remain; DROP TRIGGER records_are_appended");
  work(database);
  database.close();
}

async function verify(root: string, checkpoints?: readonly Checkpoint[]): Promise<Verification> {
  const ledger = await openLedgerForReading(binding, root);
  try {
    return await ledger.verify(undefined, checkpoints);
  } finally {
    await ledger.close();
  }
}

it("records refuse to be changed, removed, replaced or put in between by anyone who opens the file", async () => {
  const { root } = await written(3);
  const database = new DatabaseSync(join(root, "ledger.db"));
  const copy = "SELECT chain, sequence, key, kind, run, at, body, previous, hash FROM records WHERE sequence = 2";
  for (const sql of [
    "UPDATE records SET body = '{}'",
    "DELETE FROM records",
    `INSERT OR REPLACE INTO records ${copy}`,
    `INSERT INTO records ${copy.replace("sequence,", "9,")}`,
    `INSERT INTO records ${copy.replace("sequence,", "4,")}`,
    `REPLACE INTO records ${copy.replace("sequence,", "4,").replace("key", "'new'")}`,
    "UPDATE leases SET fence = 0",
    "DELETE FROM leases",
    "UPDATE clocks SET position = position - 1",
  ]) {
    database.exec("INSERT OR IGNORE INTO leases VALUES ('p', 5, 'h', 0); INSERT OR IGNORE INTO clocks VALUES ('e', 5)");
    expect(() => database.exec(sql), sql).toThrow(/a (record|fence|lease|clock) /);
  }
  database.close();
  expect(await verify(root)).toEqual({ records: 3 });
});

const changes: Readonly<Record<string, string>> = {
  chain: "'local/other'",
  sequence: "sequence + 10",
  key: "key || 'x'",
  kind: "'effect'",
  run: "NULL",
  at: "at + 1",
  body: `replace(body, 'passed', 'failed')`,
  previous: "replace(previous, substr(previous, 1, 1), 'g')",
  hash: "replace(hash, substr(hash, 1, 1), 'g')",
};
for (const [field, value] of Object.entries(changes)) {
  for (const sequence of [1, 4, 6]) {
    it(`a changed ${field} in record ${sequence} of 6 is found`, async () => {
      const { root, checkpoints } = await written(6);
      tamper(root, (database) => database.exec(`UPDATE records SET ${field} = ${value} WHERE sequence = ${sequence}`));
      // The last record moved to another chain or number leaves a chain that is whole: only a checkpoint knows better.
      const { broken } = await verify(root, checkpoints);
      expect(broken).toMatchObject({ chain, sequence: field === "chain" ? expect.any(Number) : sequence });
    });
  }
}

it("says what is wrong: changed, missing, swapped, doubled, replaced, cut off, written anew", async () => {
  const say = async (work: (database: DatabaseSync) => void, given = false): Promise<Verification["broken"]> => {
    const { root, checkpoints } = await written(6);
    tamper(root, work);
    return (await verify(root, given ? checkpoints : undefined)).broken;
  };
  const loose = `CREATE TABLE loose AS SELECT * FROM records; DROP TABLE records; ALTER TABLE loose RENAME TO records;`;

  expect(await say((database) => database.exec("UPDATE records SET body = '1' WHERE sequence = 3"))).toEqual({
    chain,
    sequence: 3,
    what: "its content does not give its hash: it was changed after it was written",
  });
  expect(await say((database) => database.exec("DELETE FROM records WHERE sequence IN (3, 4)"))).toEqual({
    chain,
    sequence: 3,
    what: "records 3 to 4 are missing",
  });
  expect(await say((database) => database.exec("DELETE FROM records WHERE sequence = 1"))).toEqual({
    chain,
    sequence: 1,
    what: "record 1 is missing",
  });
  expect(
    await say((database) =>
      database.exec(`UPDATE records SET sequence = 99 WHERE sequence = 3; UPDATE records SET sequence = 3 WHERE sequence = 4;
        UPDATE records SET sequence = 4 WHERE sequence = 99`),
    ),
  ).toEqual({
    chain,
    sequence: 3,
    what: "it is not the record that was written here: it was swapped with another or changed",
  });
  expect(
    await say((database) => database.exec(`${loose} INSERT INTO records SELECT * FROM records WHERE sequence = 3`)),
  ).toEqual({ chain, sequence: 3, what: "it stands there twice" });
  const rehash = (database: DatabaseSync, sequence: number): void => {
    const row = database.prepare("SELECT * FROM records WHERE sequence = ?").get(sequence) as unknown as StoredRecord;
    database.prepare("UPDATE records SET hash = ? WHERE sequence = ?").run(hashOf(row), sequence);
  };
  expect(
    await say((database) => {
      database.exec("UPDATE records SET body = '1' WHERE sequence = 3");
      rehash(database, 3);
    }),
  ).toEqual({ chain, sequence: 4, what: "it is whole but does not follow record 3: one of the two was replaced" });
  const cut = (database: DatabaseSync) => database.exec("DELETE FROM records WHERE sequence > 4");
  expect(await say(cut)).toBeUndefined();
  expect(await say(cut, true)).toEqual({
    chain,
    sequence: 5,
    what: "records 5 to 6 are missing: the checkpoint saw record 6, the chain ends before",
  });
  const anew = (database: DatabaseSync): void => {
    database.exec("UPDATE records SET body = '1' WHERE sequence = 6");
    rehash(database, 6);
  };
  expect(await say(anew)).toBeUndefined();
  expect(await say(anew, true)).toEqual({
    chain,
    sequence: 6,
    what: "it differs from the checkpoint: the chain was written anew up to here",
  });
  expect(
    await say((database) => database.exec("UPDATE records SET at = 9223372036854775807 WHERE sequence = 2")),
  ).toMatchObject({ chain, sequence: 2, what: expect.stringContaining("cannot be read") });
});

it("a flipped bit in any stored byte of a record is found, in the table and in its indexes", async () => {
  const { root, checkpoints } = await written(3);
  const path = join(root, "ledger.db");
  const bytes = readFileSync(path);
  const database = new DatabaseSync(path, { readOnly: true });
  const rows = database.prepare("SELECT chain, key, kind, run, body, previous, hash FROM records").all();
  database.close();
  const places = new Set<number>();
  for (const text of rows.flatMap((row) => Object.values(row).map(String))) {
    for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) {
      for (let offset = 0; offset < text.length; offset += 1) places.add(at + offset);
    }
  }
  // Text of the schema (`key`, `run`) is not a record.
  const records = [...places].filter((place) => place >= 4096 * 2);
  expect(records.length).toBeGreaterThan(800);
  const unnoticed: number[] = [];
  for (const place of records) {
    const flipped = Buffer.from(bytes);
    flipped.writeUInt8(flipped.readUInt8(place) ^ (1 << (place % 8)), place);
    writeFileSync(path, flipped);
    try {
      if ((await verify(root, checkpoints)).broken === undefined) unnoticed.push(place);
    } catch (error) {
      if (!(error instanceof LedgerError) || error.code !== "corrupt") throw error;
    }
  }
  expect(unnoticed).toEqual([]);
});
