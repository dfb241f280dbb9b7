/** How a version was asked: `live` answers go to the client, `mirror` answers are only looked at. */
export type Mode = "live" | "mirror";

/** One line of the prediction log. */
export interface LogLine {
  readonly key: string;
  /** Event time on the policy's clock, epoch milliseconds; an ISO instant in the file. */
  readonly time: number;
  readonly version: string;
  readonly mode: Mode;
  /** `null` where there is no valid score. */
  readonly score: number | null;
  readonly decision: boolean | null;
  /** Milliseconds of real time around scoring, three decimals; `null` when the version was never asked. */
  readonly latency: number | null;
  readonly error: string | null;
  /** Shared by the live and the mirrored answer to one request. */
  readonly request: string;
  /** Live lines only: this request was chosen to be mirrored, so that a mirrored answer should exist. */
  readonly mirrored: boolean;
}

/** Text of a line, with its end of line. */
export function writeLine(line: LogLine): string {
  const fields: Record<string, unknown> = {
    key: line.key,
    time: new Date(line.time).toISOString(),
    version: line.version,
    mode: line.mode,
    score: line.score,
    decision: line.decision,
    latency_ms: line.latency,
    error: line.error,
    request: line.request,
  };
  if (line.mirrored) fields["mirrored"] = true;
  return `${JSON.stringify(fields)}\n`;
}

/** The line that a text holds, or undefined where it is not a whole line of this log. */
export function readLine(text: string): LogLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { key, time, version, mode, score, decision, latency_ms, error, request, mirrored } = value as Record<
    string,
    unknown
  >;
  const instant = typeof time === "string" ? Date.parse(time) : Number.NaN;
  if (
    typeof key !== "string" ||
    Number.isNaN(instant) ||
    typeof version !== "string" ||
    (mode !== "live" && mode !== "mirror") ||
    typeof request !== "string"
  ) {
    return undefined;
  }
  return {
    key,
    time: instant,
    version,
    mode,
    score: typeof score === "number" ? score : null,
    decision: typeof decision === "boolean" ? decision : null,
    latency: typeof latency_ms === "number" ? latency_ms : null,
    error: typeof error === "string" ? error : null,
    request,
    mirrored: mirrored === true,
  };
}
