import { type IncomingMessage, request as plain } from "node:http";
import { request as secure } from "node:https";
import { StarterError } from "./starter.ts";

/** How an engine's API is reached. */
export interface Api {
  /** Origin, and path in front of every question; no `/` at the end. */
  readonly base: string;
  /** Certificate of the authority that vouches for the server, PEM; that of the system where absent. */
  readonly authority?: string;
  readonly token?: string;
  /** Longest wait for an answer, milliseconds; 30,000 by default. */
  readonly timeout?: number;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Bytes of an answer that are read at most. */
const LONGEST = 4 * 1024 * 1024;

/** Asks an engine's API. Rejects with StarterError `again` where it does not answer. */
export function ask(
  api: Api,
  question: { readonly method: "GET" | "POST"; readonly path: string; readonly body?: unknown },
  signal: AbortSignal,
): Promise<Answer> {
  const url = new URL(`${api.base}${question.path}`);
  const limit = api.timeout ?? 30_000;
  const silent = (why: string, cause?: unknown) =>
    new StarterError("again", `${url.origin} does not answer: ${why}`, { cause });
  return new Promise((resolve, reject) => {
    const options = {
      method: question.method,
      headers: {
        accept: "application/json",
        // By it an engine's own records tell who started a run.
        "user-agent": "retrain-runtime",
        ...(question.body === undefined ? {} : { "content-type": "application/json" }),
        ...(api.token === undefined ? {} : { authorization: `Bearer ${api.token}` }),
      },
      signal: AbortSignal.any([signal, AbortSignal.timeout(limit)]),
      ...(api.authority === undefined ? {} : { ca: api.authority }),
    };
    const failed = (error: NodeJS.ErrnoException) => {
      if (signal.aborted) reject(signal.reason);
      else if (error.name === "AbortError" || error.name === "TimeoutError")
        reject(silent(`no answer within ${limit / 1000} s`, error));
      else reject(silent(error.code ?? error.message, error));
    };
    const received = (answer: IncomingMessage) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (chunk: string) => {
        text += chunk;
        if (text.length > LONGEST) answer.destroy(new Error("an answer too long to be one"));
      });
      answer.on("error", failed);
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
    };
    const asked = url.protocol === "https:" ? secure(url, options, received) : plain(url, options, received);
    asked.on("error", failed);
    asked.end(question.body === undefined ? undefined : JSON.stringify(question.body));
  });
}

/** An answer that is none of those hoped for, in words. 5xx, 408 and 429 are worth asking again. */
export function refusal(api: Api, doing: string, { status, text }: Answer): StarterError {
  const again = status >= 500 || status === 408 || status === 429;
  const hints: Readonly<Record<number, string>> = {
    401: "; the token is not valid there",
    403: "; the account of the tick lacks the right",
    404: "; apply the generated files first, and look at namespace and address",
  };
  return new StarterError(
    again ? "again" : "refused",
    `${new URL(api.base).origin} answered ${status} to ${doing}${hints[status] ?? ""}: ${messageOf(text)}`,
  );
}

/** JSON of an answer; rejects with StarterError where it is none. */
export function parsed(api: Api, { text }: Answer): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new StarterError("refused", `what answers at ${new URL(api.base).origin} is not the engine's API`);
  }
}

/** The message of an error in JSON, or the beginning of the text. */
function messageOf(text: string): string {
  let message = text;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && "message" in value) message = String(value.message);
  } catch {
    // It is shown as it is.
  }
  return message.replace(/[\p{Cc}\p{Cf}]+/gu, " ").slice(0, 300);
}
