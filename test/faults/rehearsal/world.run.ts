import { Agent, createServer, type IncomingMessage, request } from "node:http";
import { parcel } from "./rows.ts";

/** Milliseconds of the rehearsal's clock between two requests. */
const EVERY = 12_000;
const CONCURRENCY = 8;
/** How long requests go on after a challenger has left the route, so that the way back is seen in the traffic. */
const AFTERWARDS = 3_600_000;

/** What the world counts: one line of JSON a question. */
export interface Tally {
  readonly sent: number;
  readonly failed: number;
  /** Idempotency keys of the notifications received, and how often each came. */
  readonly messages: Readonly<
    Record<string, { readonly event: string; readonly times: number; readonly sentence: string }>
  >;
}

interface Route {
  readonly champion?: string;
  readonly challenger?: string;
  readonly share: number;
  readonly mirror: number;
}

/**
 * The world around the pipeline, in a process of its own: `node world.run.ts PORT SERVER`. `POST /clock` plays synthetic requests to the
 * model server for a stretch of the rehearsal clock while a challenger is in the route; each instant is played once, however often
 * a killed life's stretch is asked for. `POST /hook` receives notifications; `POST /brittle` sends parcels to a new region while the
 * challenger answers a part of the live requests; `POST /pause` and `/resume` hold the requests up; `GET /tally` says what happened.
 */
const [port = "0", server = ""] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });
const messages: Record<string, { event: string; times: number; sentence: string }> = {};
let sent = 0;
let failed = 0;
let playedUntil = Number.NEGATIVE_INFINITY;
let openUntil = Number.NEGATIVE_INFINITY;
let renames = false;
let tail: Promise<unknown> = Promise.resolve();
let inFlight = 0;
let pause: PromiseWithResolvers<void> | undefined;

function ask(
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? "GET" : "POST";
    const asked = request(new URL(path, server), { agent, method, headers, timeout: 10_000 }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (chunk: string) => {
        text += chunk;
      });
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
      answer.on("error", reject);
    });
    asked.on("error", reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** A server that was just killed comes back: it is asked for a while. */
async function route(): Promise<Route> {
  for (let tries = 0; ; tries += 1) {
    try {
      return JSON.parse((await ask("/route", undefined)).text) as Route;
    } catch (error) {
      if (tries >= 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function play(from: number, to: number): Promise<void> {
  const start = Math.max(from, playedUntil);
  if (start >= to) return;
  const { challenger, share, mirror } = await route();
  if (challenger !== undefined && share + mirror > 0) openUntil = to + AFTERWARDS;
  if (start < openUntil) {
    const renaming = renames && share > 0 && share < 1;
    let slot = Math.ceil(start / EVERY);
    const work = async (): Promise<void> => {
      for (let mine = slot++; mine * EVERY < to; mine = slot++) await predict(mine, renaming);
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, work));
  }
  playedUntil = to;
}

async function predict(slot: number, renaming: boolean): Promise<void> {
  const time = slot * EVERY;
  const features = parcel(slot, time);
  const region = renaming && slot % 3 === 0 ? "west" : features.region;
  const headers = { "content-type": "application/json", "retrain-clock": new Date(time).toISOString() };
  await pause?.promise;
  sent += 1;
  inFlight += 1;
  try {
    const { status } = await ask("/predict", { key: `r${slot}`, features: { ...features, region } }, headers);
    if (status !== 200) failed += 1;
  } catch {
    failed += 1;
  } finally {
    inFlight -= 1;
  }
}

/** Nobody asks for anything until `/resume`; what was asked is answered, mirrored requests too. */
async function stopAsking(): Promise<void> {
  pause ??= Promise.withResolvers();
  while (inFlight > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await new Promise((resolve) => setTimeout(resolve, 100));
}

async function bodyOf(incoming: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString("utf8") || "{}") as Record<string, unknown>;
}

async function answer(incoming: IncomingMessage): Promise<unknown> {
  const body = await bodyOf(incoming);
  if (incoming.url === "/clock") {
    const stretch = { from: Date.parse(String(body["from"])), to: Date.parse(String(body["to"])) };
    // One stretch at a time: that of a killed life is played to its end before the next life's begins.
    tail = tail.then(() => play(stretch.from, stretch.to));
    await tail;
    return {};
  }
  if (incoming.url === "/hook") {
    const key = String(incoming.headers["idempotency-key"]);
    const times = (messages[key]?.times ?? 0) + 1;
    messages[key] = { event: String(body["event"]), times, sentence: String(body["sentence"]) };
    return {};
  }
  if (incoming.url === "/brittle") renames = true;
  if (incoming.url === "/pause") await stopAsking();
  if (incoming.url === "/resume") {
    pause?.resolve();
    pause = undefined;
  }
  return { sent, failed, messages } satisfies Tally;
}

createServer((incoming, outgoing) => {
  answer(incoming).then(
    (value) => outgoing.end(JSON.stringify(value)),
    (error: unknown) => {
      outgoing.statusCode = 500;
      outgoing.end(String(error));
    },
  );
}).listen(Number(port), "127.0.0.1", () => console.log("the world turns"));
