import type { Smoke } from "../../compiler/plan/bindings.ts";
import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import type { SmokeAnswer } from "../rollout/event.ts";
import type { Smoked } from "../rollout/perform.ts";
import { TrafficError } from "../traffic/error.ts";
import type { Traffic } from "../traffic/traffic.ts";

/** Longest that all smoke requests together may take, milliseconds of real time. */
const ALL_WITHIN = 120_000;

/** The smoke requests of a plan's environment; undefined where it asks for none. */
export function smokeOf({ bindings }: PipelinePlan): Smoke | undefined {
  return bindings.serving.kind === "local" ? bindings.serving.smoke : undefined;
}

/** Sends smoke requests to one version, in order, and stops at the first that is not answered as expected: only a version that answered every one has passed. */
export async function askSmoke(traffic: Pick<Traffic, "probe">, smoke: Smoke, version: string): Promise<Smoked> {
  const answers: SmokeAnswer[] = [];
  const until = performance.now() + ALL_WITHIN;
  for (const { line, body } of smoke.requests) {
    const request = `${smoke.file}:${line}`;
    const began = performance.now();
    const told = (status: number | null, error?: string): void => {
      const milliseconds = Math.round(performance.now() - began);
      answers.push({ request, status, milliseconds, ...(error === undefined ? {} : { error }) });
    };
    const what = `smoke request ${request} to version ${version}`;
    try {
      const timeout = Math.max(1, Math.min(smoke.timeout, until - began));
      const { status, error } = await traffic.probe(version, body, timeout);
      told(status, error);
      if (status === smoke.expect) continue;
      const sentence = `${what} was answered with ${status} instead of ${smoke.expect}${error === undefined ? "" : `: ${error}`}`;
      return { kind: "failed", sentence, answers };
    } catch (error) {
      if (!(error instanceof TrafficError)) throw error;
      told(null, error.message);
      // A version that does not load will not load the next time either; a server that is away may come back.
      const kind = error.code === "version_does_not_load" ? "failed" : "unanswered";
      return { kind, sentence: `${what} was not answered: ${error.message}`, answers };
    }
  }
  const count = answers.length;
  const slowest = Math.max(...answers.map(({ milliseconds }) => milliseconds));
  const sentence = `version ${version} answered ${count} smoke ${count === 1 ? "request" : "requests"} of ${smoke.file} with ${smoke.expect}, the slowest in ${slowest} ms`;
  return { kind: "passed", sentence, answers };
}
