import type { IncomingMessage, ServerResponse } from "node:http";

/** Most bytes that the body of a request may have: 1 MiB. */
const MOST_BYTES = 1 << 20;

/** A request that is answered with an error: its HTTP status, a code for programs and words for people. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly more: Readonly<Record<string, unknown>>;

  constructor(status: number, code: string, message: string, more: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = "Refusal";
    this.status = status;
    this.code = code;
    this.more = more;
  }
}

/** The JSON object in a request's body. Throws Refusal 400 (not JSON, not an object) or 413 (more than 1 MiB). */
export async function readObject(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const text = (await readBody(request)).toString("utf8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const why = text.trim() === "" ? "it is empty" : error instanceof Error ? error.message : "it cannot be parsed";
    throw new Refusal(400, "bad_json", `the body is not JSON: ${why}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Refusal(400, "bad_request", "the body must be a JSON object");
  }
  return value as Record<string, unknown>;
}

function readBody(request: IncomingMessage): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  if (Number(request.headers["content-length"] ?? 0) > MOST_BYTES) return Promise.reject(tooLarge());
  const chunks: Buffer[] = [];
  let size = 0;
  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size <= MOST_BYTES) chunks.push(chunk);
    else {
      request.pause();
      reject(tooLarge());
    }
  });
  request.on("end", () => resolve(Buffer.concat(chunks)));
  request.on("error", reject);
  request.on("close", () => {
    if (!request.complete) reject(new Refusal(400, "client_gone", "the connection ended before the body did"));
  });
  return promise;
}

function tooLarge(): Refusal {
  return new Refusal(413, "too_large", `the body is larger than ${MOST_BYTES} bytes; send fewer features`);
}

/** Answers with JSON. After a body that was not read to its end the connection cannot be used again. */
export function answerJson(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = JSON.stringify(value);
  const close = request.complete ? {} : { connection: "close" };
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    ...close,
    ...headers,
  });
  response.end(body);
}

/** Epoch milliseconds of a text that is either that or an ISO instant with an offset; undefined for anything else. */
export function instantOf(text: string): number | undefined {
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
