import { isChosen } from "./choice.ts";
import { wordsOf } from "./error.ts";
import type { Mode } from "./line.ts";
import type { PredictionLog } from "./log.ts";
import type { Counter, Histogram } from "./metrics.ts";
import type { Mirrors } from "./mirrors.ts";
import type { Model, Scoring } from "./model.ts";
import { instantOf, Refusal } from "./request.ts";
import type { Routes } from "./routes.ts";
import type { Tally } from "./tally.ts";

/** What answering a request needs. */
export interface Predictor {
  readonly routes: Routes;
  readonly log: PredictionLog;
  readonly tally: Tally;
  readonly mirrors: Mirrors;
  /** Score at or above which the answer is yes, where the artefact gives no decision of its own. */
  readonly decidesAt: number;
  readonly rehearsal: boolean;
  readonly requests: Counter;
  readonly errors: Counter;
  readonly latency: Histogram;
  /** New name of a request, unique over restarts. */
  readonly nextRequest: () => string;
}

/** A scored request: what the client gets, and what is left to do once it has it. */
export interface Prediction {
  readonly answer: {
    readonly key: string;
    readonly score: number;
    readonly decision: boolean;
    readonly version: string;
  };
  /** Sends the request to the challenger too, where it was chosen for that. */
  readonly after: () => void;
}

/** The request was answered by a version's failure; the client gets it as a 500. */
export class ScoringRefusal extends Refusal {
  readonly after: () => void;

  constructor(code: string, message: string, more: Readonly<Record<string, unknown>>, after: () => void) {
    super(500, code, message, more);
    this.after = after;
  }
}

interface Asked {
  readonly key: string;
  readonly row: unknown;
  readonly time: number;
  readonly request: string;
}

/** Routes, scores and logs one request. Rejects with Refusal: 400 for a bad body, 503 without a version, ScoringRefusal where the version failed. */
export async function predict(
  predictor: Predictor,
  body: Readonly<Record<string, unknown>>,
  clock: string | undefined,
): Promise<Prediction> {
  const { key, row } = requestOf(body);
  const time = eventTime(predictor, clock);
  const { champion, challenger, share, mirror } = predictor.routes.current;
  const toChallenger = challenger !== undefined && isChosen(key, `live ${challenger}`, share);
  const version = toChallenger ? challenger : champion;
  const model = version === undefined ? undefined : predictor.routes.model(version);
  if (version === undefined || model === undefined) {
    throw new Refusal(
      503,
      "no_version",
      "no version answers here yet; the first rollout sets the route (`retrain run POLICY`)",
    );
  }
  const shadow = toChallenger || challenger === undefined ? undefined : predictor.routes.model(challenger);
  const mirrored = shadow !== undefined && isChosen(key, `mirror ${shadow.version}`, mirror);
  const asked: Asked = { key, row, time, request: predictor.nextRequest() };
  predictor.routes.remember(row);
  const scoring = await model.score(row);
  const decision = note(predictor, asked, version, "live", scoring, mirrored);
  const after = (): void => {
    if (mirrored) predictor.mirrors.add(mirrorJob(predictor, asked, shadow));
  };
  if ("failure" in scoring) {
    const more = { key, version, request: asked.request };
    throw new ScoringRefusal(scoring.failure, `version ${version} gave no score: ${scoring.error}`, more, after);
  }
  return { answer: { key, score: scoring.score, decision: decision ?? false, version }, after };
}

/** Scores one request by one version, in the route or not; nothing is logged or counted. Rejects with Refusal 400 for a bad body, ScoringRefusal where the version failed, ServerError `version_does_not_load`. */
export async function probe(
  predictor: Predictor,
  version: string,
  body: Readonly<Record<string, unknown>>,
): Promise<Prediction["answer"]> {
  const { key, row } = requestOf(body);
  const scoring = await predictor.routes.probe(version, row);
  if ("failure" in scoring) {
    const message = `version ${version} gave no score: ${scoring.error}`;
    throw new ScoringRefusal(scoring.failure, message, { key, version }, () => undefined);
  }
  return { key, score: scoring.score, decision: scoring.decision ?? scoring.score >= predictor.decidesAt, version };
}

/** Key and inputs of a request's body. Throws Refusal 400. */
function requestOf(body: Readonly<Record<string, unknown>>): { readonly key: string; readonly row: object } {
  const key = keyOf(body["key"]);
  const row = body["features"];
  if (typeof row !== "object" || row === null || Array.isArray(row)) {
    throw new Refusal(400, "bad_request", "`features` must be an object with the model's inputs by name");
  }
  return { key, row };
}

function mirrorJob(predictor: Predictor, asked: Asked, shadow: Model) {
  return {
    run: async () => {
      note(predictor, asked, shadow.version, "mirror", await shadow.score(asked.row), false);
    },
    drop: () => {
      const error = "not mirrored: too many requests wait for the challenger";
      note(predictor, asked, shadow.version, "mirror", { failure: "unavailable", error, latency: null }, false);
    },
  };
}

/** Writes down what a version answered, in the log first. Returns the decision. */
function note(
  predictor: Predictor,
  asked: Asked,
  version: string,
  mode: Mode,
  scoring: Scoring,
  mirrored: boolean,
): boolean | null {
  const failed = "failure" in scoring;
  const decision = failed ? null : (scoring.decision ?? scoring.score >= predictor.decidesAt);
  const line = {
    key: asked.key,
    time: asked.time,
    version,
    mode,
    score: failed ? null : scoring.score,
    decision,
    latency: scoring.latency,
    error: failed ? `${scoring.failure}: ${wordsOf(scoring.error)}` : null,
    request: asked.request,
    mirrored,
  };
  predictor.log.append(line);
  predictor.tally.add(line);
  predictor.requests.add({ version, mode, outcome: failed ? "error" : "ok" });
  if (failed) predictor.errors.add({ version, mode, kind: scoring.failure });
  if (scoring.latency !== null) predictor.latency.observe({ version, mode }, scoring.latency / 1000);
  return decision;
}

function keyOf(value: unknown): string {
  const key = typeof value === "number" && Number.isFinite(value) ? String(value) : value;
  if (typeof key === "string" && key.length > 0 && key.length <= 500) return key;
  throw new Refusal(400, "bad_request", "`key` must be a text of 1 to 500 characters, or a number");
}

/** A rehearsal's request says when it happens; without that it happens at the newest instant a request has named. */
function eventTime(predictor: Predictor, clock: string | undefined): number {
  if (!predictor.rehearsal) {
    if (clock === undefined) return Date.now();
    throw new Refusal(
      400,
      "not_a_rehearsal",
      "`retrain-clock` is only accepted where the environment's clock is `pace: work`; leave it out",
    );
  }
  if (clock === undefined) {
    if (predictor.tally.newest !== undefined) return predictor.tally.newest;
    throw new Refusal(
      400,
      "clock_unknown",
      "this server rehearses and no request has named the time yet; send `retrain-clock: 2001-04-09T09:00:00Z`",
    );
  }
  const time = instantOf(clock);
  if (time !== undefined) return time;
  throw new Refusal(
    400,
    "bad_request",
    "`retrain-clock` must be an ISO instant with its offset, for example 2001-04-09T09:00:00Z",
  );
}
