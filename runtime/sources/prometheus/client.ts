import { z } from "zod";
import type { Instant } from "../../clock/clock.ts";
import type { Unanswered } from "../../judge/observation.ts";
import { type Answer, askPatiently } from "../http/ask.ts";

/** One series of an instant answer. A value may be NaN or infinite: Prometheus writes them as words. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface PrometheusOptions {
  /** Origin of the server, with its path where it stands behind one. */
  readonly url: string;
  /** Longest wait for one answer, milliseconds; 10,000 by default. */
  readonly deadline?: number;
  /** How often a question is asked in all; 3 by default. */
  readonly tries?: number;
  /** Wait before the second try, milliseconds; 250 by default. */
  readonly firstWait?: number;
}

/** Asks one query at one instant of the policy's clock. Never rejects. */
export type Ask = (query: string, at: Instant) => Promise<readonly Series[] | Unanswered>;

/** Most bytes of an answer, and most series: what is judged is one number or the buckets of one histogram. */
const LIMIT = 1024 * 1024;
const SERIES = 2_000;

const Sample = z.tuple([z.number(), z.string()]);
const Success = z.object({
  status: z.literal("success"),
  data: z.discriminatedUnion("resultType", [
    z.object({
      resultType: z.literal("vector"),
      result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: Sample.optional() })),
    }),
    z.object({ resultType: z.literal("scalar"), result: Sample }),
    z.object({ resultType: z.literal("matrix") }),
    z.object({ resultType: z.literal("string") }),
  ]),
});
const Failure = z.object({ status: z.literal("error"), errorType: z.string(), error: z.string() });

/** Instant queries over Prometheus's HTTP API, by POST so that a long query has room. */
export function prometheusClient(options: PrometheusOptions): Ask {
  const url = new URL(`${options.url.replace(/\/$/, "")}/api/v1/query`);
  const deadline = options.deadline ?? 10_000;
  return async (query, at) => {
    const body = new URLSearchParams({ query, time: String(at / 1000), timeout: `${Math.ceil(deadline / 1000)}s` });
    const answer = await askPatiently(
      {
        url,
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: body.toString(),
        deadline,
        limit: LIMIT,
      },
      { tries: options.tries ?? 3, firstWait: options.firstWait ?? 250 },
    );
    return read(answer);
  };
}

function read(answer: Answer): readonly Series[] | Unanswered {
  if (answer.kind === "failure") {
    const { why, detail } = answer;
    if (why === "deadline") return unanswered("deadline_exceeded", `Prometheus gave ${detail}`);
    if (why === "unreachable") return unanswered("source_unavailable", `Prometheus cannot be asked: ${detail}`);
    return unanswered("source_rejected", `Prometheus is not asked: ${detail}`);
  }
  const { status, text } = answer;
  const json = parsed(text);
  if (status === 200) {
    const success = Success.safeParse(json);
    if (!success.success) return unanswered("source_rejected", "what answers is not Prometheus");
    return seriesOf(success.data.data);
  }
  const refusal = Failure.safeParse(json);
  const said = refusal.success ? `: ${refusal.data.errorType}: ${shortened(refusal.data.error)}` : "";
  const again = status >= 500 || [408, 425, 429].includes(status);
  return unanswered(
    again ? "source_unavailable" : "source_rejected",
    `Prometheus answered with status ${status}${said}`,
  );
}

function seriesOf(data: z.infer<typeof Success>["data"]): readonly Series[] | Unanswered {
  switch (data.resultType) {
    case "scalar":
      return [{ labels: {}, value: numberOf(data.result[1]) }];
    case "vector": {
      if (data.result.length > SERIES)
        return unanswered("schema_mismatch", `the query gives ${data.result.length} series`);
      const series = data.result.map(({ metric, value }) => ({
        labels: metric,
        value: value === undefined ? Number.NaN : numberOf(value[1]),
      }));
      return series;
    }
    default:
      return unanswered("schema_mismatch", `the query gives a ${data.resultType}, and one number is needed`);
  }
}

/** Prometheus's own spelling of numbers; anything else is not one. */
function numberOf(text: string): number {
  if (text === "+Inf") return Number.POSITIVE_INFINITY;
  if (text === "-Inf") return Number.NEGATIVE_INFINITY;
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 200 ? `${line.slice(0, 197)}...` : line;
}

export function unanswered(reason: Unanswered["reason"], detail: string): Unanswered {
  return { kind: "unanswered", reason, detail };
}
