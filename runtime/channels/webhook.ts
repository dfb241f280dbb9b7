import { setTimeout as pause } from "node:timers/promises";
import type { Channel, Message } from "./channel.ts";

export interface WebhookOptions {
  /** Longest wait for one answer, milliseconds. */
  readonly deadline?: number;
  /** How often it is tried in all. */
  readonly tries?: number;
  /** Wait before the second try, milliseconds; doubles after each try. The real wait is a random part of it, so that many senders do not come back together. */
  readonly firstWait?: number;
  readonly sleep?: (milliseconds: number) => Promise<unknown>;
  /** 0 to 1. */
  readonly random?: () => number;
}

type Delivery = Awaited<ReturnType<Channel["send"]>>;
type Attempt = Delivery & { readonly again: boolean };

/** Bytes of an answer that are read at most, so that its connection can be used again; nothing in it is looked at. */
const answerLimit = 64 * 1024;

/**
 * POSTs messages as JSON. Delivered means an answer 200 to 299. Answers 408, 425, 429 and 5xx and failed connections are
 * tried again; every other answer is final, and no redirect is followed. Details never hold the address: it is often a secret.
 */
export function webhookChannel(options: WebhookOptions = {}): Channel {
  const { deadline = 5_000, tries = 4, firstWait = 500, sleep = pause, random = Math.random } = options;
  return {
    async send(address, message, key) {
      const refusal = refuse(address);
      if (refusal !== undefined) return { delivered: false, detail: refusal };
      let detail = "";
      for (let number = 1; number <= tries; number += 1) {
        if (number > 1) await sleep(firstWait * 2 ** (number - 2) * (0.5 + random() / 2));
        const attempt = await post(address, message, key, deadline);
        if (attempt.delivered) return { delivered: true, detail: attempt.detail };
        detail = attempt.detail;
        if (!attempt.again) return { delivered: false, detail };
      }
      return { delivered: false, detail: `${detail}; tried ${tries} times` };
    },
  };
}

function refuse(address: string): string | undefined {
  const url = URL.parse(address);
  if (url === null) return "the address is no URL";
  if (url.protocol !== "https:" && url.protocol !== "http:") return "the address is not one of http or https";
  if (url.username !== "" || url.password !== "")
    return "the address holds a user name or password, which is not supported";
  return undefined;
}

async function post(address: string, message: Message, key: string, deadline: number): Promise<Attempt> {
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": key },
      body: JSON.stringify(message),
      redirect: "manual",
      signal: AbortSignal.timeout(deadline),
    });
    await drain(response);
    const { status } = response;
    if (response.ok) return { delivered: true, detail: `answered ${status}`, again: false };
    if (status >= 300 && status < 400) {
      return { delivered: false, detail: `answered ${status}, a redirect, which is not followed`, again: false };
    }
    const again = status >= 500 || status === 408 || status === 425 || status === 429;
    return { delivered: false, detail: `answered ${status}`, again };
  } catch (error) {
    return { delivered: false, detail: failure(error, deadline), again: true };
  }
}

/** Reads a short answer and gives up on a long or broken one: the status alone says whether it was delivered. */
async function drain(response: Response): Promise<void> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  try {
    for (let size = 0; size <= answerLimit; ) {
      const { done, value } = await reader.read();
      if (done) return;
      size += value.length;
    }
    await reader.cancel();
  } catch {
    // The receiver has the message all the same.
  }
}

/** Only codes, no texts: those of fetch name the address. */
function failure(error: unknown, deadline: number): string {
  if (error instanceof DOMException && error.name === "TimeoutError") return `no answer within ${deadline / 1000} s`;
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && "code" in cause && typeof cause.code === "string" ? ` (${cause.code})` : "";
  return `the connection failed${code}`;
}
