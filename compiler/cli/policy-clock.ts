import type { LedgerReader } from "../../runtime/ledger/ledger.ts";
import { chooseEnvironment } from "../driver/bindings.ts";
import type { Project } from "../driver/load-config.ts";

/** Now on the policies' clock of an environment: the real time, or where the ledger keeps the clock of a rehearsal; undefined for one that has not begun. */
export async function policyNow(
  project: Project,
  environment: string,
  ledger: Pick<LedgerReader, "clockPosition">,
): Promise<number | undefined> {
  const { clock } = chooseEnvironment(project.config, environment).environment;
  return clock === undefined ? Date.now() : ledger.clockPosition(environment);
}
