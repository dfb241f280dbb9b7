import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import type { Message } from "../../../runtime/channels/channel.ts";
import { webhookChannel } from "../../../runtime/channels/webhook.ts";

const message: Message = {
  schema: "retrain.notification/1",
  event: "promoted",
  policy: "flight-delay",
  environment: "local",
  at: "2001-04-09T00:00:00Z",
  sentence: "Version 3 is the champion now.",
};

interface Received {
  readonly method: string | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

type Answer = (response: ServerResponse, number: number) => void;

async function receiver(
  answer: Answer,
): Promise<{ readonly url: string; readonly received: Received[]; readonly server: Server }> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += String(part);
    received.push({ method: request.method, headers: request.headers, body });
    answer(response, received.length);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/s3cret`, received, server };
}

const status =
  (code: number): Answer =>
  (response) =>
    response.writeHead(code).end("s3cret");

/** Without real waits; the waits asked for are kept. */
function channel(more: Parameters<typeof webhookChannel>[0] = {}) {
  const waits: number[] = [];
  const sleep = async (milliseconds: number): Promise<void> => {
    waits.push(milliseconds);
  };
  return { waits, channel: webhookChannel({ sleep, random: () => 1, ...more }) };
}

it("posts the message as JSON with its key", async () => {
  const { url, received } = await receiver(status(204));
  expect(await channel().channel.send(url, message, "run-1/promoted")).toEqual({
    delivered: true,
    detail: "answered 204",
  });
  expect(received).toHaveLength(1);
  expect(received[0]?.method).toBe("POST");
  expect(received[0]?.headers["content-type"]).toBe("application/json");
  expect(received[0]?.headers["idempotency-key"]).toBe("run-1/promoted");
  expect(JSON.parse(received[0]?.body ?? "")).toEqual(message);
});

it("tries again with growing waits and the same key until it is taken", async () => {
  const { url, received } = await receiver((response, number) => status(number < 4 ? 503 : 200)(response, number));
  const { channel: webhook, waits } = channel();
  expect(await webhook.send(url, message, "k")).toEqual({ delivered: true, detail: "answered 200" });
  expect(received.map((one) => one.headers["idempotency-key"])).toEqual(["k", "k", "k", "k"]);
  expect(waits).toEqual([500, 1_000, 2_000]);
});

it("shortens waits by chance, to half at most", async () => {
  const { url } = await receiver(status(500));
  const { channel: webhook, waits } = channel({ random: () => 0 });
  await webhook.send(url, message, "k");
  expect(waits).toEqual([250, 500, 1_000]);
});

it("gives up after four tries and says so", async () => {
  for (const code of [500, 503, 429, 408]) {
    const { url, received } = await receiver(status(code));
    expect(await channel().channel.send(url, message, "k")).toEqual({
      delivered: false,
      detail: `answered ${code}; tried 4 times`,
    });
    expect(received).toHaveLength(4);
  }
});

it("takes a refusal as final", async () => {
  for (const code of [400, 401, 404, 410]) {
    const { url, received } = await receiver(status(code));
    expect(await channel().channel.send(url, message, "k")).toEqual({ delivered: false, detail: `answered ${code}` });
    expect(received).toHaveLength(1);
  }
});

it("follows no redirect", async () => {
  const elsewhere = await receiver(status(200));
  for (const code of [301, 302, 307, 308]) {
    const { url } = await receiver((response) => response.writeHead(code, { location: elsewhere.url }).end());
    expect(await channel().channel.send(url, message, "k")).toEqual({
      delivered: false,
      detail: `answered ${code}, a redirect, which is not followed`,
    });
  }
  expect(elsewhere.received).toEqual([]);
});

it("waits no longer than the deadline for an answer", async () => {
  const { url, received } = await receiver(() => {});
  const start = performance.now();
  expect(await channel({ deadline: 100, tries: 2 }).channel.send(url, message, "k")).toEqual({
    delivered: false,
    detail: "no answer within 0.1 s; tried 2 times",
  });
  expect(performance.now() - start).toBeLessThan(5_000);
  expect(received).toHaveLength(2);
});

it("does not read an endless answer", async () => {
  let sent = 0;
  const { url } = await receiver((response) => {
    response.writeHead(200);
    const more = (): void => {
      while (!response.destroyed && response.write("x".repeat(65_536))) sent += 1;
      if (!response.destroyed) response.once("drain", more);
    };
    more();
  });
  expect(await channel().channel.send(url, message, "k")).toEqual({ delivered: true, detail: "answered 200" });
  expect(sent).toBeLessThan(1_000);
});

it("counts a message as delivered when the answer breaks off after its status", async () => {
  const { url, received } = await receiver((response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("abc");
    setTimeout(() => response.destroy(), 20);
  });
  expect(await channel().channel.send(url, message, "k")).toMatchObject({ delivered: true });
  expect(received).toHaveLength(1);
});

it("tells a connection that is refused or cut, without the address", async () => {
  const { url, server } = await receiver((response) => response.destroy());
  expect(await channel().channel.send(url, message, "k")).toEqual({
    delivered: false,
    detail: "the connection failed (UND_ERR_SOCKET); tried 4 times",
  });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  expect(await channel().channel.send(url, message, "k")).toEqual({
    delivered: false,
    detail: "the connection failed (ECONNREFUSED); tried 4 times",
  });
});

it("refuses addresses it cannot use, without repeating them", async () => {
  for (const address of [
    "",
    "s3cret",
    "ftp://host/s3cret",
    "file:///s3cret",
    "http://user:s3cret@127.0.0.1/",
    "https://",
  ]) {
    const answer = await channel().channel.send(address, message, "k");
    expect(answer.delivered).toBe(false);
    expect(answer.detail).toMatch(/^the address /);
    expect(answer.detail).not.toContain("s3cret");
  }
  const header = await channel().channel.send("http://127.0.0.1:9/", message, "key\nwith a line");
  expect(header.delivered).toBe(false);
});
