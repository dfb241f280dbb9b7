import { stat } from "node:fs/promises";
import { Agent, request } from "node:http";
import { Failure } from "./failure.ts";
import { literal, unreadable, withDuckDb } from "./parquet.ts";

const DAY = 86_400_000;
/** Requests in flight at once: enough to keep the server busy, few enough that latency is scoring and not waiting. */
const CONCURRENCY = 8;
/** Longest wait for one answer, real milliseconds. */
const PATIENCE = 30_000;
/** Days of flights kept in memory. */
const DAYS_KEPT = 2;

/** Departures with `from` <= departed_at < `to`, epoch milliseconds. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

interface ReplayCounts {
  readonly sent: number;
  /** Answered with status 200. */
  readonly ok: number;
  /** Answered with another status, or not at all. */
  readonly failed: number;
  /** What came back for the first that failed. */
  readonly firstFailure?: string;
}

export interface Replayer {
  /** Sends the stretch's flights as requests, in the order of departure. `rename` gives some destinations another name. Rejects with Failure where the data cannot be read or no server listens. */
  replay(stretch: Stretch, rename?: ReadonlyMap<string, string>): Promise<ReplayCounts>;
  close(): void;
}

interface Flight {
  readonly key: string;
  readonly time: number;
  readonly features: {
    readonly hour: number;
    readonly weekday: number;
    readonly origin: string;
    readonly destination: string;
    readonly distance: number;
  };
}

/** Replays the flights of a Parquet file to a model server at `server` (an origin such as http://127.0.0.1:9090), keeping connections open between stretches. */
export function openReplayer(server: string, dataFile: string): Replayer {
  const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });
  const address = new URL("/predict", server);
  const flightsOfDay = dayCache(dataFile);

  async function replay(stretch: Stretch, rename?: ReadonlyMap<string, string>): Promise<ReplayCounts> {
    const counts = { sent: 0, ok: 0, failed: 0 };
    let firstFailure: string | undefined;
    for (let day = Math.floor(stretch.from / DAY) * DAY; day < stretch.to; day += DAY) {
      const flights = (await flightsOfDay(day)).filter(({ time }) => time >= stretch.from && time < stretch.to);
      let next = 0;
      const work = async (): Promise<void> => {
        for (let flight = flights[next++]; flight !== undefined; flight = flights[next++]) {
          counts.sent += 1;
          const failure = await ask(agent, address, flight, rename);
          if (failure === undefined) {
            counts.ok += 1;
          } else {
            counts.failed += 1;
            firstFailure ??= `flight ${flight.key}: ${failure}`;
          }
        }
      };
      await Promise.all(Array.from({ length: CONCURRENCY }, work));
    }
    return firstFailure === undefined ? counts : { ...counts, firstFailure };
  }

  return { replay, close: () => agent.destroy() };
}

/** Sends one request. Resolves with what went wrong, or undefined. */
function ask(
  agent: Agent,
  address: URL,
  flight: Flight,
  rename: ReadonlyMap<string, string> | undefined,
): Promise<string | undefined> {
  const destination = rename?.get(flight.features.destination) ?? flight.features.destination;
  const body = JSON.stringify({ key: flight.key, features: { ...flight.features, destination } });
  const headers = {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    "retrain-clock": new Date(flight.time).toISOString(),
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(address, { agent, method: "POST", headers, timeout: PATIENCE }, (incoming) => {
      if (incoming.statusCode === 200) {
        incoming.on("end", () => resolve(undefined));
        incoming.on("error", (error) => resolve(error.message));
        incoming.resume();
      } else {
        let text = "";
        incoming.setEncoding("utf8");
        incoming.on("data", (chunk: string) => {
          text = (text + chunk).slice(0, 300);
        });
        incoming.on("end", () => resolve(`status ${incoming.statusCode}: ${text}`));
        incoming.on("error", (error) => resolve(error.message));
      }
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error(`no answer in ${PATIENCE / 1000} s`)));
    outgoing.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNREFUSED") {
        reject(new Failure(`no model server listens at ${address.origin}. Start it with "retrain serve".`));
      } else if (error.code === "ECONNRESET" && outgoing.reusedSocket) {
        // The server closed an idle connection just as it was used again.
        ask(agent, address, flight, rename).then(resolve, reject);
      } else {
        resolve(error.message);
      }
    });
    outgoing.end(body);
  });
}

/** Reads a day of flights at a time and keeps the newest few, until the file is replaced. */
function dayCache(dataFile: string): (day: number) => Promise<readonly Flight[]> {
  const days = new Map<number, readonly Flight[]>();
  let identity = "";
  return async (day) => {
    const found = await stat(dataFile).catch(() => {
      throw new Failure(`${dataFile} is missing. Run "node prepare.ts" in the example's folder.`);
    });
    const now = `${found.ino} ${found.size} ${found.mtimeMs}`;
    if (now !== identity) {
      days.clear();
      identity = now;
    }
    const kept = days.get(day);
    if (kept !== undefined) return kept;
    const flights = await readDay(dataFile, day);
    const [oldest] = days.keys();
    if (oldest !== undefined && days.size >= DAYS_KEPT) days.delete(oldest);
    days.set(day, flights);
    return flights;
  };
}

async function readDay(dataFile: string, day: number): Promise<readonly Flight[]> {
  const date = new Date(day).toISOString().slice(0, 10);
  return await withDuckDb("100MB", async (connection) => {
    const read = await connection
      .runAndReadAll(`
        SELECT flight_id, epoch_ms(departed_at)::DOUBLE, hour, weekday, origin, destination, distance
        FROM ${literal(dataFile)}
        WHERE departed_at >= TIMESTAMP ${literal(date)} AND departed_at < TIMESTAMP ${literal(date)} + INTERVAL 1 DAY
        ORDER BY departed_at, flight_id`)
      .catch((error: unknown) => {
        throw unreadable(dataFile, error);
      });
    return read.getRows().map(([key, time, hour, weekday, origin, destination, distance]) => ({
      key: String(key),
      time: Number(time),
      features: {
        hour: Number(hour),
        weekday: Number(weekday),
        origin: String(origin),
        destination: String(destination),
        distance: Number(distance),
      },
    }));
  });
}
