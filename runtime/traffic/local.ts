import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { TrafficError, type TrafficErrorCode } from "./error.ts";
import type { PairCounts, ProbeAnswer, Route, Traffic, TrafficCounts } from "./traffic.ts";

export interface LocalTrafficOptions {
  /** Origin of the model server, for example `http://127.0.0.1:9090`. */
  readonly url: string;
  /** Longest that a question may take, milliseconds of real time; 5,000 by default. */
  readonly timeout?: number;
  /** Longest that a change of the route may take, with loading both versions; 30,000 by default. */
  readonly changeTimeout?: number;
  /** Further attempts when nobody answers or the server is not ready; 2 by default. */
  readonly retries?: number;
}

/** Pause before the first retry, milliseconds; doubled for the next. */
const FIRST_PAUSE = 100;

const RouteAnswer = z.object({
  champion: z.string().optional(),
  challenger: z.string().optional(),
  share: z.number(),
  mirror: z.number(),
  fence: z.number(),
  revision: z.number(),
  key: z.string(),
});
const ChangeAnswer = z.object({ set: z.boolean(), route: RouteAnswer, why: z.enum(["revision", "fence"]).optional() });
const CountsAnswer = z.object({ requests: z.record(z.string(), z.int()), errors: z.record(z.string(), z.int()) });
const PairsAnswer = z.object({ expected: z.int(), matched: z.int(), flips: z.int() });
const ErrorAnswer = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

interface Question {
  readonly path: string;
  readonly method?: "PUT";
  readonly body?: unknown;
  readonly accept?: string;
  readonly timeout: number;
  /** Statuses beside 200 that carry an answer. */
  readonly alsoGood?: readonly number[];
}

/** Traffic of the local model server (`retrain serve`), over HTTP. Every call rejects with TrafficError. */
export function localTraffic(options: LocalTrafficOptions): Traffic {
  const timeout = options.timeout ?? 5_000;
  const ask = (question: Question): Promise<Response> => askWithRetries(options.url, question, options.retries ?? 2);
  const get = async <T>(path: string, schema: z.ZodType<T>): Promise<T> =>
    parse(options.url, schema, await ask({ path, timeout }));
  const window = (from: number, until: number): string => `from=${from}&until=${until}`;

  return {
    async route() {
      return routeOf(await get("/route", RouteAnswer));
    },
    async setRoute(wish, guard) {
      const body = { ...wish, ...guard };
      const timeout = options.changeTimeout ?? 30_000;
      const answer = await parse(
        options.url,
        ChangeAnswer,
        await ask({ path: "/route", method: "PUT", body, timeout, alsoGood: [409] }),
      );
      const route = routeOf(answer.route);
      return answer.why === undefined ? { set: answer.set, route } : { set: answer.set, route, why: answer.why };
    },
    counts(from, until): Promise<TrafficCounts> {
      return get(`/counts?${window(from, until)}`, CountsAnswer);
    },
    pairs(from, until): Promise<PairCounts> {
      return get(`/pairs?${window(from, until)}`, PairsAnswer);
    },
    async latencies(version, from, until) {
      const path = `/latencies?version=${encodeURIComponent(version)}&${window(from, until)}`;
      const response = await ask({ path, accept: "application/octet-stream", timeout });
      const bytes = await response.arrayBuffer().catch((error: unknown) => {
        throw silent(options.url, error);
      });
      if (bytes.byteLength % 8 !== 0)
        throw new TrafficError("bad_answer", `what answers at ${options.url} is not the model server`);
      return new Float64Array(bytes);
    },
    probe(version, body, timeout) {
      return probe(options.url, version, body, timeout);
    },
  };
}

const Probed = z.object({ version: z.string(), error: ErrorAnswer.shape.error.optional() });

/** One request to one version, once. What answers must say that it is that version: any other answer is none. */
async function probe(url: string, version: string, body: string, timeout: number): Promise<ProbeAnswer> {
  const path = `/probe?version=${encodeURIComponent(version)}`;
  let response: Response;
  let text: string;
  try {
    response = await fetch(new URL(path, url), {
      method: "POST",
      headers: { "content-type": "application/json" },
      redirect: "manual",
      signal: AbortSignal.timeout(timeout),
      body,
    });
    text = await response.text();
  } catch (error) {
    throw silent(url, error);
  }
  const parsed = Probed.safeParse(jsonOf(text));
  if (!parsed.success || parsed.data.version !== version) throw refusal(url, response.status, jsonOf(text));
  const { error } = parsed.data;
  return { status: response.status, ...(error === undefined ? {} : { error: `${error.code}: ${error.message}` }) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Repeating is harmless: questions change nothing, and a change of the route carries its key. */
async function askWithRetries(url: string, question: Question, retries: number): Promise<Response> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await askOnce(url, question);
    } catch (error) {
      const isWorthIt = error instanceof TrafficError && (error.code === "unreachable" || error.code === "not_ready");
      if (!isWorthIt || attempt >= retries) throw error;
      await sleep(FIRST_PAUSE * 2 ** attempt);
    }
  }
}

async function askOnce(url: string, question: Question): Promise<Response> {
  const body = question.body === undefined ? {} : { body: JSON.stringify(question.body) };
  let response: Response;
  try {
    response = await fetch(new URL(question.path, url), {
      method: question.method ?? "GET",
      headers: { accept: question.accept ?? "application/json", "content-type": "application/json" },
      redirect: "error",
      signal: AbortSignal.timeout(question.timeout),
      ...body,
    });
  } catch (error) {
    throw silent(url, error);
  }
  if (response.status === 200 || question.alsoGood?.includes(response.status) === true) return response;
  throw refusal(url, response.status, await response.json().catch(() => undefined));
}

function silent(url: string, error: unknown): TrafficError {
  const isLate = error instanceof Error && error.name === "TimeoutError";
  return new TrafficError(
    "unreachable",
    isLate
      ? `the model server at ${url} did not answer in time; look at what it prints, or start it again with \`retrain serve POLICY\``
      : `the model server at ${url} does not answer; start it with \`retrain serve POLICY\``,
    { cause: error },
  );
}

function refusal(url: string, status: number, answer: unknown): TrafficError {
  const parsed = ErrorAnswer.safeParse(answer);
  if (!parsed.success) {
    return new TrafficError(
      "bad_answer",
      `what answers at ${url} (status ${status}) is not the model server; correct the address in the configuration`,
    );
  }
  const { code, message } = parsed.data.error;
  const known: Readonly<Record<string, TrafficErrorCode>> = {
    version_does_not_load: "version_does_not_load",
    window_dropped: "window_dropped",
  };
  const fallback: TrafficErrorCode = status >= 500 ? "not_ready" : "bad_answer";
  return new TrafficError(
    Object.hasOwn(known, code) ? (known[code] ?? fallback) : fallback,
    `the model server at ${url} refused: ${message}`,
  );
}

async function parse<T>(url: string, schema: z.ZodType<T>, response: Response): Promise<T> {
  let value: unknown;
  try {
    value = await response.json();
  } catch (error) {
    throw error instanceof SyntaxError
      ? new TrafficError("bad_answer", `what answers at ${url} is not the model server`, { cause: error })
      : silent(url, error);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new TrafficError(
    "bad_answer",
    `the model server at ${url} gave an answer that cannot be read: ${z.prettifyError(parsed.error)}`,
  );
}

function routeOf(answer: z.infer<typeof RouteAnswer>): Route {
  const { champion, challenger, share, mirror, fence, revision, key } = answer;
  return { champion, challenger, share, mirror, fence, revision, key };
}
