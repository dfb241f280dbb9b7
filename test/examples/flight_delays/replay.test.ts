import { createServer, type IncomingHttpHeaders } from "node:http";
import { type AddressInfo, createServer as createConnectionServer } from "node:net";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { renamedDestinations } from "../../../examples/flight_delays/rename.ts";
import { openReplayer } from "../../../examples/flight_delays/replay.ts";
import { madeUpFlights, temporaryFolder, writeParquet } from "./flights.ts";

interface Seen {
  readonly key: string;
  readonly features: Readonly<Record<string, unknown>>;
  readonly headers: IncomingHttpHeaders;
}

/** A model server that keeps what it was asked and answers 500 for one destination. */
async function modelServer() {
  const seen: Seen[] = [];
  const load = { open: 0, most: 0, connections: 0 };
  const server = createServer((incoming, outgoing) => {
    load.open += 1;
    load.most = Math.max(load.most, load.open);
    let body = "";
    incoming.on("data", (chunk) => {
      body += chunk;
    });
    incoming.on("end", () => {
      const asked = JSON.parse(body);
      seen.push({ ...asked, headers: incoming.headers });
      setImmediate(() => {
        load.open -= 1;
        outgoing.statusCode = asked.features.destination === "KORD" ? 500 : 200;
        outgoing.end(outgoing.statusCode === 200 ? '{"score":0.2}' : "no such destination");
      });
    });
  });
  server.on("connection", () => {
    load.connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { seen, load, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function replayer(address: string, minutes = 3 * 1440) {
  const file = await writeParquet(
    join(await temporaryFolder(), "flights.parquet"),
    madeUpFlights("2001-04-09", minutes),
  );
  const opened = openReplayer(address, file);
  onTestFinished(() => opened.close());
  return { ...opened, file };
}

const instant = (text: string) => Date.parse(text);

it("sends each flight of the stretch once, in order, with its departure as the clock and no label", async () => {
  const server = await modelServer();
  const { replay } = await replayer(server.address);
  const counts = await replay({ from: instant("2001-04-09T23:00Z"), to: instant("2001-04-10T01:00Z") });
  expect(counts).toEqual({ sent: 120, ok: 120, failed: 0 });
  const keys = server.seen.map(({ key }) => key);
  expect(new Set(keys).size).toBe(120);
  expect([...keys].sort().at(0)).toBe("M01380");
  expect([...keys].sort().at(-1)).toBe("M01499");
  const first = server.seen.find(({ key }) => key === "M01380");
  expect(first?.headers["retrain-clock"]).toBe("2001-04-09T23:00:00.000Z");
  expect(first?.features).toEqual({ hour: 23, weekday: 1, origin: "ORD", destination: "JFK", distance: 1480 });
  // Sent in order, eight in flight: where one arrives, at most seven that were sent before it are still on their way.
  const places = keys.map((key) => Number(key.slice(1)) - 1380);
  places.forEach((place, arrived) => {
    const before = places.slice(0, arrived).filter((other) => other < place).length;
    expect(place - before).toBeLessThan(8);
  });
});

it("sends nothing twice and leaves nothing out between stretches that follow each other", async () => {
  const server = await modelServer();
  const { replay } = await replayer(server.address);
  const end = instant("2001-04-10T06:00Z");
  for (let from = instant("2001-04-09T18:00Z"); from < end; from += 7 * 60_000) {
    await replay({ from, to: Math.min(from + 7 * 60_000, end) });
  }
  expect(server.seen.length).toBe(720);
  expect(new Set(server.seen.map(({ key }) => key)).size).toBe(720);
});

it("keeps at most eight requests in flight, on connections that are used again", async () => {
  const server = await modelServer();
  const { replay } = await replayer(server.address);
  await replay({ from: instant("2001-04-09"), to: instant("2001-04-10") });
  await replay({ from: instant("2001-04-10"), to: instant("2001-04-11") });
  expect(server.load.most).toBeLessThanOrEqual(8);
  expect(server.load.most).toBeGreaterThan(1);
  expect(server.load.connections).toBeLessThanOrEqual(8);
});

it("renames destinations where it is told to, and counts what fails", async () => {
  const server = await modelServer();
  const { replay } = await replayer(server.address);
  const hour = { from: instant("2001-04-09T00:00Z"), to: instant("2001-04-09T01:00Z") };
  const counts = await replay(hour, renamedDestinations);
  expect(counts).toMatchObject({ sent: 60, ok: 45, failed: 15 });
  expect(counts.firstFailure).toMatch(/^flight M0000\d: status 500: no such destination$/);
  const destinations = new Set(server.seen.map(({ features }) => features["destination"]));
  expect([...destinations].sort()).toEqual(["DEN", "JFK", "KBOS", "KORD"]);
});

it("reads the file again where it has been replaced", async () => {
  const server = await modelServer();
  const { replay, file } = await replayer(server.address);
  const hour = { from: instant("2001-04-09T00:00Z"), to: instant("2001-04-09T01:00Z") };
  await replay(hour);
  await writeParquet(file, `SELECT * REPLACE (distance * 2 AS distance) FROM (${madeUpFlights("2001-04-09", 30)})`);
  expect((await replay(hour)).sent).toBe(30);
  expect(server.seen.slice(60).find(({ key }) => key === "M00000")?.features["distance"]).toBe(200);
});

it("sends a request again where the server had closed the idle connection", async () => {
  // From the second stretch on it hangs up on every connection of the first, as a server does whose patience has just ended.
  let stretch = 1;
  let hungUp = 0;
  const server = createConnectionServer((socket) => {
    const born = stretch;
    socket.on("error", () => undefined);
    socket.on("data", () => {
      if (born === stretch) {
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
      } else {
        hungUp += 1;
        socket.destroy();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { replay } = await replayer(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const all = { sent: 60, ok: 60, failed: 0 };
  expect(await replay({ from: instant("2001-04-09T00:00Z"), to: instant("2001-04-09T01:00Z") })).toEqual(all);
  stretch = 2;
  expect(await replay({ from: instant("2001-04-09T01:00Z"), to: instant("2001-04-09T02:00Z") })).toEqual(all);
  expect(hungUp).toBeGreaterThan(0);
});

it("says so where no server listens and where the data are missing", async () => {
  const hour = { from: instant("2001-04-09T00:00Z"), to: instant("2001-04-09T01:00Z") };
  const { replay } = await replayer("http://127.0.0.1:1", 60);
  await expect(replay(hour)).rejects.toThrow(
    'no model server listens at http://127.0.0.1:1. Start it with "retrain serve".',
  );
  const missing = openReplayer("http://127.0.0.1:1", "/nowhere/flights.parquet");
  await expect(missing.replay(hour)).rejects.toThrow("/nowhere/flights.parquet is missing");
});
