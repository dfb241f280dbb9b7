import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Ledger } from "../../../runtime/ledger/ledger.ts";
import { openLedger, openLedgerForReading } from "../../../runtime/ledger/open.ts";
import { Connection } from "../../../runtime/ledger/postgres/connection.ts";
import type { PostgresOptions } from "../../../runtime/ledger/postgres/ledger.ts";
import { startChild } from "../../support/child.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { entry, ledgerContract } from "../../support/ledger-contract.ts";
import { missingPostgres, type PostgresServer, startPostgres } from "../../support/postgres.ts";
import { retrain } from "../../support/retrain.ts";

const binding = { kind: "postgres", secret: "retrain/ledger-url" } as const;
const appender = fileURLToPath(new URL("append.run.ts", import.meta.url));

if (missingPostgres !== undefined && process.env["CI"] !== "true") {
  it(`is NOT TESTED: ${missingPostgres}`, () => {
    process.stderr.write(`NOT TESTED: ${missingPostgres}\n`);
  });
} else {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(async () => {
    await server.stop();
  }, 60_000);

  /** A folder whose secret names this database. */
  const rootOf = (url: string): string => {
    const root = temporaryFolder();
    mkdirSync(join(root, ".retrain/secrets/retrain"), { recursive: true });
    writeFileSync(join(root, ".retrain/secrets/retrain/ledger-url"), `${url}\n`);
    return root;
  };
  const open = (url: string, options: PostgresOptions = {}): Promise<Ledger> =>
    openLedger(binding, rootOf(url), options);

  /** Does what only somebody with every right can do. */
  async function asOwner(url: string, ...statements: readonly string[]): Promise<void> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      for (const sql of statements) await client.query(sql);
    } finally {
      await client.end();
    }
  }

  ledgerContract("a ledger in PostgreSQL", async (host) => open(await server.database(), host));

  it("the tables refuse what the ledger never does: changing, removing, leaving gaps, going back", async () => {
    const url = await server.database();
    const ledger = await open(url);
    await ledger.append(entry("a"));
    await ledger.acquire("p", "one", 1_000);
    await ledger.moveClock("local", 5);
    const gap = `INSERT INTO retrain.records SELECT chain, 3, 'z', kind, run, at, body, hash, 'h' FROM retrain.records`;
    for (const [sql, word] of [
      ["UPDATE retrain.records SET body = '1'", /never changed/],
      ["DELETE FROM retrain.records", /never changed or removed/],
      ["TRUNCATE retrain.records", /never removed/],
      [gap, /end of its chain/],
      ["UPDATE retrain.leases SET fence = 0", /never goes back/],
      ["DELETE FROM retrain.leases", /keeps its fence/],
      ["UPDATE retrain.clocks SET position = 1", /never moves back/],
    ] as const) {
      await expect(asOwner(url, sql), sql).rejects.toThrow(word);
    }
    expect(await ledger.verify()).toEqual({ records: 1 });
    await ledger.close();
  });

  it("what somebody with every right changed is found, with its place", async () => {
    const url = await server.database();
    const ledger = await open(url);
    for (const key of ["a", "b", "c", "d"]) await ledger.append(entry(key));
    await asOwner(
      url,
      "ALTER TABLE retrain.records DISABLE TRIGGER USER",
      `UPDATE retrain.records SET body = '{"key":"x"}' WHERE key = 'c'`,
    );
    expect((await ledger.verify()).broken).toMatchObject({ chain: "local/flights", sequence: 3 });
    await asOwner(url, "DELETE FROM retrain.records WHERE key = 'c'");
    expect((await ledger.verify()).broken).toMatchObject({ sequence: 3, what: "record 3 is missing" });
    await ledger.close();
  });

  it("fifty writers at once lose nothing and write nothing twice", async () => {
    const url = await server.database();
    await (await open(url)).close();
    const writers = await Promise.all(Array.from({ length: 50 }, () => open(url, { patience: 60_000 })));
    const keys = Array.from({ length: 20 }, (_, index) => `shared-${index}`);
    const wrote = await Promise.all(
      writers.flatMap((writer, number) =>
        [...keys, `own-${number}`].map(async (key) => (await writer.append(entry(key))).written),
      ),
    );
    expect(wrote.filter((written) => written)).toHaveLength(20 + 50);
    const [one] = writers;
    expect(await one?.verify()).toEqual({ records: 70 });
    await Promise.all(writers.map((writer) => writer.close()));
  });

  it("many connections that open an empty database at once all find one ledger", async () => {
    for (let round = 0; round < 12; round += 1) {
      const url = await server.database();
      const opened = await Promise.all(Array.from({ length: 12 }, () => open(url)));
      await Promise.all(opened.map((ledger) => ledger.append(entry("one"))));
      expect(await opened[0]?.verify()).toEqual({ records: 1 });
      await Promise.all(opened.map((ledger) => ledger.close()));
    }
  });

  it("six processes open an empty database at once, and append", async () => {
    const root = rootOf(await server.database());
    const children = [0, 1, 2, 3, 4, 5].map((index) => startChild(appender, [root, `own${index}`, "20", "10"]));
    const lines = (await Promise.all(children.map((child) => child.rest()))).flat();
    expect(lines.filter((line) => line.startsWith("wrote "))).toHaveLength(6 * 20 + 10);
    const ledger = await openLedgerForReading(binding, root);
    expect(await ledger.verify()).toEqual({ records: 130 });
    await ledger.close();
  });

  it("a server that crashes is waited for, and nothing that was told is lost", async () => {
    const url = await server.database();
    const ledger = await open(url, { patience: 30_000 });
    await ledger.append(entry("before"));
    await server.crash();
    const waiting = ledger.append(entry("during"));
    await server.start();
    expect((await waiting).written).toBe(true);
    expect((await ledger.list({ chain: "local/flights" })).map((record) => record.key)).toEqual(["before", "during"]);
    expect(await ledger.verify()).toEqual({ records: 2 });
    await ledger.close();
  });

  it("a server that crashes between two statements of a transaction ends no process, and the transaction runs again", async () => {
    const connection = new Connection({ url: await server.database(), shown: "here" }, 30_000);
    let attempts = 0;
    const answer = await connection.transaction(async (statements) => {
      attempts += 1;
      await statements.rows("SELECT 1");
      if (attempts === 1) {
        await server.crash();
        await sleep(200);
        await server.start();
      }
      return (await statements.rows("SELECT 2 AS two"))[0]?.["two"];
    });
    expect([answer, attempts]).toEqual([2, 2]);
    await connection.close();
  });

  it("leases are counted on the server's clock", async () => {
    const ledger = await open(await server.database());
    const began = Date.now();
    await ledger.acquire("p", "elsewhere:1:2", 60_000);
    const answer = await ledger.acquire("p", "other:1:2", 1_000);
    if (!("held" in answer)) throw new Error("the lease was given away");
    expect(Math.abs(answer.until - (began + 60_000))).toBeLessThan(5_000);
    await ledger.close();
  });

  it("what cannot be reached, let in, found or understood is said without the password", async () => {
    const url = new URL(await server.database());
    const failing = async (change: (url: URL) => void, options: PostgresOptions = { patience: 200 }) => {
      const other = new URL(url);
      other.password = "hunter2";
      change(other);
      const error: unknown = await open(other.href, options).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ name: "LedgerError" });
      const { message } = error as Error;
      expect(message).not.toContain("hunter2");
      return message;
    };
    expect(await failing((other) => (other.port = "1"))).toMatch(/cannot be reached.*look whether the server runs/);
    expect(await failing((other) => (other.pathname = "/none"))).toMatch(/no such database/);
    expect(await failing((other) => (other.username = "nobody"))).toMatch(/refuses to let us in/);
    const root = temporaryFolder();
    await expect(openLedger(binding, root)).rejects.toThrow(/set RETRAIN_LEDGER_URL to it, or write it to/);
    await expect(openLedger(binding, rootOf("mysql://x"))).rejects.toThrow(/holds no address such as/);
    await expect(openLedgerForReading(binding, rootOf(url.href))).rejects.toThrow(/there is no ledger at .* yet/);
  });

  it("doctor tells of an empty server as something to know, and of one that does not answer as a problem", async () => {
    const look = async (url: string) => {
      const root = rootOf(url);
      const config = "environments: { e: { ledger: { postgres: { secret: retrain/ledger-url } } } }\n";
      writeFileSync(join(root, "retrain.config.yaml"), config);
      const { findings } = JSON.parse(retrain(root, "doctor", "--format", "json").out) as {
        findings: readonly { what: string; state: string; sentence: string }[];
      };
      return findings.find(({ what }) => what === "ledger");
    };
    const url = await server.database();
    expect(await look(url)).toMatchObject({
      state: "note",
      sentence: expect.stringMatching(/is still empty; the first/),
    });
    await (await open(url)).close();
    expect(await look(url)).toMatchObject({ state: "ok" });
    expect(await look(`${url}-gone`)).toMatchObject({ state: "problem" });
  }, 60_000);

  it("a ledger of a newer release is left alone", async () => {
    const url = await server.database();
    await (await open(url)).close();
    await asOwner(url, "UPDATE retrain.meta SET value = '9'");
    await expect(open(url)).rejects.toMatchObject({ code: "version" });
  });
}
