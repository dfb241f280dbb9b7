import type { Instant } from "../clock/clock.ts";

/** Who answers requests. Share 0 with `mirror` false: the champion alone; share 1: the challenger alone. */
export interface Route {
  readonly champion: string | undefined;
  readonly challenger: string | undefined;
  /** Share of live requests that the challenger answers, 0 to 1. */
  readonly share: number;
  /** Share of live requests that are also sent, without their answer being used, to the challenger, 0 to 1. */
  readonly mirror: number;
  /** Fencing token of who wrote it. */
  readonly fence: number;
  /** Grows with every change; a change names the revision it replaces. */
  readonly revision: number;
  /** Key of the intent behind the newest change. */
  readonly key: string;
}

/** What the traffic side saw of both versions since an instant of the policy's clock. */
export interface TrafficCounts {
  /** Live requests by version. Mirrored ones are not among them. */
  readonly requests: Readonly<Record<string, number>>;
  /** Live requests that ended in an error or timed out, by version. */
  readonly errors: Readonly<Record<string, number>>;
}

/** Answers of both versions to the same requests, since an instant. */
export interface PairCounts {
  readonly expected: number;
  readonly matched: number;
  readonly flips: number;
}

/** What one version answered to a request that was addressed to it. */
export interface ProbeAnswer {
  /** HTTP status. */
  readonly status: number;
  /** What was wrong, in the version's words; absent where a score was given. */
  readonly error?: string;
}

/** Moves and observes traffic. Every call rejects with TrafficError (traffic/error.ts) when the server cannot be reached. */
export interface Traffic {
  route(): Promise<Route>;
  /** Sets the route if `revision` is still the current one and no higher fence has written it. Repeating with the same key is harmless. */
  setRoute(
    wish: {
      readonly champion: string | undefined;
      readonly challenger: string | undefined;
      readonly share: number;
      readonly mirror: number;
    },
    guard: { readonly key: string; readonly fence: number; readonly revision: number },
  ): Promise<{ readonly set: boolean; readonly route: Route; readonly why?: "revision" | "fence" }>;
  /** Live counts with `from` <= time < `until`. */
  counts(from: Instant, until: Instant): Promise<TrafficCounts>;
  pairs(from: Instant, until: Instant): Promise<PairCounts>;
  /** Latency in milliseconds of every answer of a version (live and mirrored), oldest first. */
  latencies(version: string, from: Instant, until: Instant): Promise<Float64Array>;
  /** Asks one version beside the route, whatever the route is: the answer is neither logged nor counted. `body` is JSON text, `timeout` milliseconds of real time. Rejects with TrafficError where no answer of that version came. */
  probe(version: string, body: string, timeout: number): Promise<ProbeAnswer>;
}
