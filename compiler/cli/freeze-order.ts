import { randomUUID } from "node:crypto";
import { openLedger, openLedgerForReading } from "../../runtime/ledger/open.ts";
import { type FreezeRecord, freezeInForce, freezesByHand, type UnfreezeRecord } from "../../runtime/verbs/freezes.ts";
import { chooseEnvironment, ledgerOf } from "../driver/bindings.ts";
import { checkProject, policyFiles } from "../driver/check-project.ts";
import { Failure } from "../driver/failure.ts";
import { openProject } from "./open-project.ts";
import { policyNow } from "./policy-clock.ts";
import type { Session } from "./session.ts";
import { signature } from "./signature.ts";
import { instantText } from "./wrap.ts";

/** What is ordered; the time of a freeze is on the policies' clock, epoch milliseconds. */
export type FreezeOrder = Pick<FreezeRecord, "command" | "scope" | "until" | "because"> | Omit<UnfreezeRecord, "by">;

/** Writes a freeze, or its end, for one policy or for all. Gives the lines to print. Rejects with Failure for an order that would change nothing. */
export async function writeFreeze(
  session: Session,
  policy: string | undefined,
  order: FreezeOrder,
): Promise<readonly string[]> {
  const project = await openProject(session, policy);
  const { name: environment, environment: chosen } = chooseEnvironment(project.config, session.environment);
  const binding = ledgerOf(chosen);
  // Opened for reading first: an order must not be what creates a ledger.
  await (await openLedgerForReading(binding, project.root)).close();
  const ledger = await openLedger(binding, project.root);
  try {
    const now = (await policyNow(project, environment, ledger)) ?? Date.now();
    if (order.command === "freeze" && order.until <= now) {
      const message = `${instantText(order.until)} is over: the policies' clock stands at ${instantText(now)}`;
      throw new Failure("usage", "usage/freeze-over", message, "Give a later instant to --until.");
    }
    const checked = checkProject(project, policyFiles(project, session.folder, []));
    const written = checked.policies.map((one) => one.name);
    const recorded = (await ledger.chains()).filter((chain) => chain.startsWith(`${environment}/`));
    const known = [
      ...new Set([...recorded.map((chain) => chain.slice(environment.length + 1)), ...written]),
    ].toSorted();
    const meant = policy === undefined ? known : known.filter((name) => name === nameOf(policy));
    if (meant.length === 0) {
      const help = known.length === 0 ? "There is no policy here." : `There are: ${known.join(", ")}.`;
      throw new Failure("usage", "usage/unknown-policy", `there is no policy \`${policy ?? ""}\``, help);
    }
    const lines: string[] = [];
    for (const name of meant) {
      const chain = `${environment}/${name}`;
      const inForce = freezeInForce(await freezesByHand(ledger, chain), now);
      if (order.command === "unfreeze" && inForce === undefined) continue;
      const key = `command/${order.command}/${randomUUID()}`;
      const body = { ...order, ...signature() };
      const { record } = await ledger.append({ chain, key, kind: "command", at: now, body });
      lines.push(`${sentence(name, order)} (record ${record.sequence})`);
    }
    if (lines.length > 0) return lines;
    const message = `no freeze by hand is in force for ${policy === undefined ? "any policy" : `\`${nameOf(policy)}\``}`;
    const help = "A freeze that a policy or a listed file declares is ended there.";
    throw new Failure("usage", "usage/not-frozen", message, help);
  } finally {
    await ledger.close();
  }
}

function nameOf(policy: string): string {
  return policy.replace(/^.*\//, "").replace(/\.retrain$/, "");
}

function sentence(name: string, order: FreezeOrder): string {
  if (order.command === "unfreeze") return `${name}: freezes by hand are ended`;
  const what = order.scope === "all" ? "no run starts and no rollout moves on" : "no rollout moves on";
  return `${name}: ${what} until ${instantText(order.until)}; a rollback is never frozen`;
}
