import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";
import { Failure } from "./failure.ts";
import type { Stretch } from "./replay.ts";

/** Most bytes of a request's body. */
const LARGEST_BODY = 1_000_000;

const stretchSchema = z.object({
  from: z.iso.datetime({ offset: true }).transform(Date.parse),
  to: z.iso.datetime({ offset: true }).transform(Date.parse),
});

const messageSchema = z.looseObject({ event: z.string(), policy: z.string(), at: z.string(), sentence: z.string() });
/** A notification as the webhook channel sends it. */
type ReceivedMessage = z.infer<typeof messageSchema>;

export interface ParticipantOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** Plays the world while the rehearsal clock moves over a stretch. The clock waits for it; where it rejects, the run stops with the message. */
  readonly onClock: (stretch: Stretch) => Promise<void>;
  readonly say: (line: string) => void;
}

export interface Participant {
  readonly port: number;
  /** Every message received, oldest first; a message delivered twice is kept once. */
  readonly messages: readonly ReceivedMessage[];
  close(): Promise<void>;
}

/**
 * The world around the pipeline, on 127.0.0.1: `POST /clock` is told of each jump of the rehearsal clock, `POST /hook` receives the policy's notifications.
 * Rejects with Failure where the port is taken.
 */
export async function openParticipant(options: ParticipantOptions): Promise<Participant> {
  const messages: ReceivedMessage[] = [];
  const delivered = new Set<string>();

  async function answer(incoming: IncomingMessage): Promise<readonly [status: number, body: string]> {
    const route = `${incoming.method} ${incoming.url}`;
    if (route !== "POST /clock" && route !== "POST /hook") return [404, "POST /clock or POST /hook"];
    const body = await readJson(incoming);
    if (route === "POST /clock") {
      const stretch = stretchSchema.safeParse(body);
      if (!stretch.success) return [400, z.prettifyError(stretch.error)];
      await options.onClock(stretch.data);
      return [200, "played"];
    }
    const message = messageSchema.safeParse(body);
    if (!message.success) return [400, z.prettifyError(message.error)];
    const key = incoming.headers["idempotency-key"];
    if (typeof key !== "string" || !delivered.has(key)) {
      if (typeof key === "string") delivered.add(key);
      messages.push(message.data);
      options.say(`webhook, ${message.data.at}: ${message.data.event}: ${message.data.sentence}`);
    }
    return [200, "received"];
  }

  const server = createServer((incoming, outgoing) => {
    answer(incoming).then(
      ([status, body]) => end(outgoing, status, body),
      (error: unknown) => end(outgoing, 500, error instanceof Error ? error.message : String(error)),
    );
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(options.port, "127.0.0.1", resolve);
  await promise.catch((error: NodeJS.ErrnoException) => {
    throw new Failure(
      error.code === "EADDRINUSE"
        ? `port ${options.port} is taken by another program. End that program; the story needs this port, because the policy's webhook names it.`
        : `port ${options.port} cannot be opened: ${error.message}`,
    );
  });
  return {
    port: (server.address() as AddressInfo).port,
    messages,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function readJson(incoming: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    if (size > LARGEST_BODY) throw new Failure(`the body is larger than ${LARGEST_BODY} bytes`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    return undefined;
  }
}

function end(outgoing: ServerResponse, status: number, body: string): void {
  outgoing.writeHead(status, { "content-type": "text/plain; charset=utf-8" });
  outgoing.end(`${body}\n`);
}
