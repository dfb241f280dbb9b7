import { type ClientRequest, request as overHttp } from "node:http";
import { request as overHttps } from "node:https";
import { setTimeout as pause } from "node:timers/promises";
import { AddressRefused, checkAddress, guardedLookup } from "./address.ts";

export interface Question {
  readonly url: URL;
  readonly method: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Longest wait for the whole answer, milliseconds. */
  readonly deadline: number;
  /** Most bytes of an answer that are read. */
  readonly limit: number;
}

/** What came back. A failure says in words why; neither holds a header of the question. */
export type Answer =
  | { readonly kind: "answer"; readonly status: number; readonly text: string }
  | {
      readonly kind: "failure";
      readonly why: "address_refused" | "deadline" | "unreachable" | "too_long";
      readonly detail: string;
    };

/** Asks once. Never rejects, follows no redirect, reads no more than `limit` bytes. */
export function askOnce(question: Question): Promise<Answer> {
  const { url, method, headers = {}, body, deadline, limit } = question;
  return new Promise((resolve) => {
    let request: ClientRequest | undefined;
    const settle = (answer: Answer) => {
      clearTimeout(timer);
      resolve(answer);
      request?.destroy();
    };
    const timer = setTimeout(() => {
      settle({ kind: "failure", why: "deadline", detail: `no whole answer within ${deadline / 1000} s` });
    }, deadline);
    try {
      checkAddress(url);
      const ask = url.protocol === "https:" ? overHttps : overHttp;
      request = ask(url, { method, headers: { accept: "application/json", ...headers }, lookup: guardedLookup(url) });
      request.on("error", (error) => settle(failed(error)));
      request.on("response", (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on("data", (chunk: Buffer) => {
          size += chunk.length;
          if (size > limit)
            settle({ kind: "failure", why: "too_long", detail: `the answer is longer than ${limit} bytes` });
          else chunks.push(chunk);
        });
        response.on("end", () => {
          if (!response.complete) return settle(failed(new Error("it was cut off")));
          settle({ kind: "answer", status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") });
        });
        response.on("error", (error) => settle(failed(error)));
      });
      request.end(body);
    } catch (error) {
      settle(failed(error));
    }
  });
}

/** Only codes and our own words: texts of other layers may name more of the address than a record should hold. */
function failed(error: unknown): Answer {
  if (error instanceof AddressRefused) return { kind: "failure", why: "address_refused", detail: error.message };
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? ` (${error.code})` : "";
  return { kind: "failure", why: "unreachable", detail: `the connection failed or broke${code}` };
}

export interface Patience {
  /** How often it is asked in all. */
  readonly tries: number;
  /** Wait before the second try, milliseconds; doubled after each. The real wait is a random part of it, so that many do not come back together. */
  readonly firstWait: number;
  readonly random?: () => number;
}

/** Asks again after a lost connection, a missed deadline and the statuses 408, 425, 429 and 5xx. Questions must change nothing. */
export async function askPatiently(question: Question, { tries, firstWait, random }: Patience): Promise<Answer> {
  for (let number = 1; ; number += 1) {
    const answer = await askOnce(question);
    if (number >= tries || !isWorthAnother(answer)) return answer;
    await pause(firstWait * 2 ** (number - 1) * (0.5 + (random ?? Math.random)() / 2));
  }
}

function isWorthAnother(answer: Answer): boolean {
  if (answer.kind === "failure") return answer.why === "deadline" || answer.why === "unreachable";
  return answer.status >= 500 || [408, 425, 429].includes(answer.status);
}
