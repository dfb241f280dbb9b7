import type { LedgerReader } from "../../runtime/ledger/ledger.ts";
import { testingClock } from "../../runtime/steps/testing-clock.ts";
import { chooseEnvironment } from "../driver/bindings.ts";
import { Failure } from "../driver/failure.ts";
import type { Project } from "../driver/load-config.ts";

/** Now on the policies' clock of an environment: the real time, or where the ledger keeps the clock of a rehearsal; undefined for one that has not begun. In an environment for tests of engines, what RETRAIN_CLOCK says. */
export async function policyNow(
  project: Project,
  environment: string,
  ledger: Pick<LedgerReader, "clockPosition">,
): Promise<number | undefined> {
  const { clock, testing } = chooseEnvironment(project.config, environment).environment;
  const { RETRAIN_CLOCK: moved } = process.env;
  if (testing && moved !== undefined && moved !== "") return movedNow(moved);
  return clock === undefined ? Date.now() : ledger.clockPosition(environment);
}

function movedNow(text: string): number {
  try {
    return testingClock(text).now();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Failure(
      "usage",
      "usage/clock",
      message,
      "The environment says `testing: true`, so that the variable counts.",
    );
  }
}
