import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { FileError } from "../files/error.ts";
import { ServerError, wordsOf } from "./error.ts";
import { type Predictor, predict, probe, ScoringRefusal } from "./predict.ts";
import { answerJson, instantOf, Refusal, readObject } from "./request.ts";
import { RouteChange, VersionName } from "./routes.ts";
import { WindowDropped } from "./tally.ts";

/** What the addresses of the server need. */
export interface Service {
  readonly predictor: Predictor;
  readonly metrics: () => string;
  readonly refusals: { add(labels: Readonly<Record<string, string>>): void };
  /** Host names under which the server may be addressed; undefined where it is open to more than this machine. */
  readonly hosts: ReadonlySet<string> | undefined;
}

type Action = (
  service: Service,
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
) => Promise<void>;

const ADDRESSES: Readonly<Record<string, Readonly<Record<string, Action>>>> = {
  "/predict": { POST: postPredict },
  "/probe": { POST: postProbe },
  "/route": { GET: getRoute, PUT: putRoute },
  "/counts": { GET: getCounts },
  "/pairs": { GET: getPairs },
  "/latencies": { GET: getLatencies },
  "/metrics": { GET: getMetrics },
  "/healthz": { GET: getHealth },
};

/** Answers one request, whatever happens. */
export async function handle(service: Service, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    checkOrigin(service, request);
    const [path = "/", query = ""] = (request.url ?? "/").split("?", 2);
    const methods = Object.hasOwn(ADDRESSES, path) ? ADDRESSES[path] : undefined;
    if (methods === undefined) {
      throw new Refusal(
        404,
        "not_found",
        `there is nothing at ${path}; addresses: ${Object.keys(ADDRESSES).join(" ")}`,
      );
    }
    const method = request.method ?? "";
    const action = Object.hasOwn(methods, method) ? methods[method] : undefined;
    if (action === undefined) {
      const allowed = Object.keys(methods).join(", ");
      throw new Refusal(405, "wrong_method", `${path} takes ${allowed}, not ${method}`, { allow: allowed });
    }
    await action(service, request, response, new URLSearchParams(query));
  } catch (error) {
    answerFailure(service, request, response, error);
  }
}

function answerFailure(service: Service, request: IncomingMessage, response: ServerResponse, error: unknown): void {
  const refusal = refusalOf(error);
  if (!(error instanceof ScoringRefusal)) service.refusals.add({ code: refusal.code });
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const { allow, ...more } = refusal.more;
  const headers = typeof allow === "string" ? { allow } : {};
  answerJson(
    request,
    response,
    refusal.status,
    { error: { code: refusal.code, message: refusal.message }, ...more },
    headers,
  );
  if (error instanceof ScoringRefusal) error.after();
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof WindowDropped) return new Refusal(422, "window_dropped", error.message);
  if (error instanceof ServerError) return new Refusal(422, error.code, error.message);
  if (error instanceof FileError) return new Refusal(500, `file_${error.code}`, error.message);
  return new Refusal(500, "internal", wordsOf(error));
}

/** A page in a browser must not reach a server on this machine: pages send `Origin`, and a rebound name shows in `Host`. */
function checkOrigin(service: Service, request: IncomingMessage): void {
  if (request.headers.origin !== undefined) {
    throw new Refusal(
      403,
      "from_a_page",
      "this server does not answer pages in a browser (the request has an `Origin`)",
    );
  }
  const host = (request.headers.host ?? "").replace(/:\d+$/, "");
  if (service.hosts !== undefined && !service.hosts.has(host)) {
    throw new Refusal(421, "wrong_host", "this server answers only under 127.0.0.1, localhost or [::1]");
  }
}

async function postPredict(service: Service, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readObject(request);
  const clock = request.headers["retrain-clock"];
  const { answer, after } = await predict(service.predictor, body, typeof clock === "string" ? clock : undefined);
  answerJson(request, response, 200, answer);
  after();
}

async function postProbe(
  service: Service,
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
): Promise<void> {
  const version = VersionName.safeParse(query.get("version") ?? undefined);
  if (!version.success) throw new Refusal(400, "bad_request", "`version` must name a version of the registry");
  answerJson(request, response, 200, await probe(service.predictor, version.data, await readObject(request)));
}

async function getRoute(service: Service, request: IncomingMessage, response: ServerResponse): Promise<void> {
  answerJson(request, response, 200, service.predictor.routes.current);
}

async function putRoute(service: Service, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const change = RouteChange.safeParse(await readObject(request));
  if (!change.success) throw new Refusal(400, "bad_request", wordsOf(z.prettifyError(change.error)));
  const answer = await service.predictor.routes.change(change.data);
  answerJson(
    request,
    response,
    answer.set ? 200 : 409,
    answer.set ? answer : { ...answer, error: conflict(answer.why) },
  );
}

function conflict(why: "revision" | "fence" | undefined): { code: string; message: string } {
  return why === "fence"
    ? { code: "fence", message: "a newer holder of the lease has set the route; this one must stop" }
    : { code: "revision", message: "the route has changed since it was read; read it again" };
}

function windowOf(query: URLSearchParams): { from: number; until: number } {
  const from = instantOf(query.get("from") ?? "");
  const until = instantOf(query.get("until") ?? "");
  if (from !== undefined && until !== undefined) return { from, until };
  throw new Refusal(
    400,
    "bad_request",
    "`from` and `until` must be instants: epoch milliseconds or ISO with an offset",
  );
}

async function getCounts(
  service: Service,
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
): Promise<void> {
  const { from, until } = windowOf(query);
  answerJson(request, response, 200, await service.predictor.tally.counts(from, until));
}

async function getPairs(
  service: Service,
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
): Promise<void> {
  const { from, until } = windowOf(query);
  await service.predictor.mirrors.idle();
  answerJson(request, response, 200, await service.predictor.tally.pairs(from, until));
}

/** JSON, or 64-bit floats (little-endian) for who accepts `application/octet-stream`. */
async function getLatencies(
  service: Service,
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
): Promise<void> {
  const { from, until } = windowOf(query);
  const version = query.get("version");
  if (version === null || version === "") throw new Refusal(400, "bad_request", "`version` is missing");
  await service.predictor.mirrors.idle();
  const values = await service.predictor.tally.latencies(version, from, until);
  if (request.headers.accept !== "application/octet-stream") {
    answerJson(request, response, 200, { version, milliseconds: [...values] });
    return;
  }
  response.writeHead(200, { "content-type": "application/octet-stream", "content-length": values.byteLength });
  response.end(Buffer.from(values.buffer));
}

async function getMetrics(service: Service, _request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" });
  response.end(service.metrics());
}

/** 200 while every version of the route can be asked and the log can be written, 503 with the reasons otherwise. */
async function getHealth(service: Service, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { routes, log, tally } = service.predictor;
  const problems = routes.outages().map(({ version, outage }) => `version ${version}: ${outage}`);
  if (log.newestFailure !== undefined) {
    problems.push(`the prediction log cannot be written: ${log.newestFailure}`);
  }
  const notes = [
    ...(tally.unreadable > 0 ? [`${tally.unreadable} lines of the prediction log could not be read`] : []),
    ...(log.failures > 0 ? [`${log.failures} lines of the prediction log could not be written since the start`] : []),
  ];
  const ok = problems.length === 0;
  answerJson(request, response, ok ? 200 : 503, { ok, problems, notes, route: routes.current });
}
