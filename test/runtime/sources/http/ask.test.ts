import { createServer, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createPlain } from "node:net";
import { afterEach, expect, it } from "vitest";
import { checkAddress } from "../../../../runtime/sources/http/address.ts";
import { askOnce, askPatiently } from "../../../../runtime/sources/http/ask.ts";

const open: { close(): unknown; closeAllConnections?(): void }[] = [];
afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections?.();
    server.close();
  }
});

async function served(
  answer: (response: ServerResponse, count: number) => void,
): Promise<{ url: URL; asked(): number }> {
  let count = 0;
  const server: Server = createServer((_, response) => {
    count += 1;
    answer(response, count);
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`), asked: () => count };
}

const plain = { method: "GET", deadline: 1_000, limit: 1_000 } as const;

it("gives status and text, and follows no redirect", async () => {
  const { url } = await served((response) => response.writeHead(302, { location: "http://example.com/" }).end("moved"));
  expect(await askOnce({ ...plain, url })).toEqual({ kind: "answer", status: 302, text: "moved" });
});

it("reads no more than it was told, waits no longer than it was told", async () => {
  const long = await served((response) => response.end("x".repeat(2_000)));
  expect(await askOnce({ ...plain, url: long.url })).toMatchObject({ kind: "failure", why: "too_long" });
  const slow = await served((response) => response.write("{"));
  const started = performance.now();
  expect(await askOnce({ ...plain, url: slow.url, deadline: 150 })).toMatchObject({ kind: "failure", why: "deadline" });
  expect(performance.now() - started).toBeLessThan(1_000);
});

it("a body that is cut off is no answer", async () => {
  const { url } = await served((response) => {
    response.writeHead(200, { "content-length": "500" });
    response.write("half");
    setTimeout(() => response.destroy(), 20);
  });
  expect(await askOnce({ ...plain, url })).toMatchObject({ kind: "failure", why: "unreachable" });
});

it("what is no HTTP is no answer", async () => {
  const server = createPlain((socket) => socket.end("SSH-2.0-x\r\n"));
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  expect(await askOnce({ ...plain, url })).toMatchObject({ kind: "failure", why: "unreachable" });
});

it("asks again after 5xx and 429, and not after a refusal", async () => {
  const third = await served((response, count) => response.writeHead(count < 3 ? 503 : 200).end());
  const patience = { tries: 3, firstWait: 1 };
  expect(await askPatiently({ ...plain, url: third.url }, patience)).toMatchObject({ status: 200 });
  expect(third.asked()).toBe(3);
  const never = await served((response) => response.writeHead(400).end());
  expect(await askPatiently({ ...plain, url: never.url }, patience)).toMatchObject({ status: 400 });
  expect(never.asked()).toBe(1);
});

it.each([
  "http://169.254.169.254/latest/meta-data",
  "http://2852039166/",
  "http://0xa9fea9fe/",
  "http://0251.0376.0251.0376/",
  "http://[::ffff:169.254.169.254]/",
  "http://[::ffff:a9fe:a9fe]/",
  "http://[fd00:ec2::254]/",
  "http://[fe80::1]/",
  "http://100.100.100.200/",
  "http://0.0.0.0/",
  "http://[::]/",
  "http://224.0.0.1/",
])("never asks %s", async (text) => {
  const url = new URL(text);
  expect(() => checkAddress(url)).toThrow(/never asked/);
  expect(await askOnce({ ...plain, url })).toMatchObject({ kind: "failure", why: "address_refused" });
});

it("this machine is asked where the configuration names it, and no name leads here by the way", async () => {
  const { url } = await served((response) => response.end("here"));
  expect(await askOnce({ ...plain, url: new URL(`http://localhost:${url.port}/`) })).toMatchObject({ text: "here" });
  // A name of this machine's own, which is not `localhost`: it resolves to a loopback address.
  const name = new URL(`http://metrics.localhost:${url.port}/`);
  const answer = await askOnce({ ...plain, url: name });
  expect(answer).toMatchObject({ kind: "failure" });
});
