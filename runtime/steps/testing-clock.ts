import type { Clock } from "../clock/clock.ts";
import { pause } from "../clock/real.ts";
import { exit, StepError } from "./error.ts";

const FORM = "POLICY_INSTANT/REAL_INSTANT, or POLICY_INSTANT/REAL_INSTANT/xFACTOR";

/**
 * The clock that RETRAIN_CLOCK names: the policy's clock showed the first instant when the real one showed the second, and runs at pace 1 or FACTOR. The same in every process that is given the same text.
 * Throws StepError for a text that is none.
 */
export function testingClock(text: string): Clock {
  const [policy = "", real = "", factor = "x1", ...more] = text.split("/");
  const start = instant(policy);
  const began = instant(real);
  const pace = /^x(\d+(\.\d+)?)$/.exec(factor)?.[1];
  if (start === undefined || began === undefined || pace === undefined || Number(pace) === 0 || more.length > 0) {
    throw new StepError(exit.usage, `RETRAIN_CLOCK must be ${FORM}, with instants such as 2024-03-04T08:00:00Z`);
  }
  const now = () => Math.floor(start + (Date.now() - began) * Number(pace));
  return {
    now,
    async sleepUntil(due, signal) {
      signal?.throwIfAborted();
      for (let left = due - now(); left > 0; left = due - now()) {
        await pause(Math.min(Math.ceil(left / Number(pace)), 1_000_000_000), signal);
      }
    },
  };
}

function instant(text: string): number | undefined {
  const isWhole = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/.test(text);
  const value = Date.parse(text);
  return isWhole && Number.isFinite(value) ? value : undefined;
}

/** The clock of a step: RETRAIN_CLOCK where the environment is for tests of engines, else none. Says so when it is set and does not count. */
export function clockOf(
  testing: boolean,
  text: string | undefined,
  say: (line: string) => void,
): { readonly clock?: Clock } {
  if (text === undefined || text === "") return {};
  if (testing) return { clock: testingClock(text) };
  say("RETRAIN_CLOCK is ignored: the environment does not say `testing: true`");
  return {};
}
