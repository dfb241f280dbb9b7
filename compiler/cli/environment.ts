import type { LedgerReader } from "../../runtime/ledger/ledger.ts";
import { chooseEnvironment, ledgerOf } from "../driver/bindings.ts";
import { Failure } from "../driver/failure.ts";
import type { Project } from "../driver/load-config.ts";
import { openProject } from "./open-project.ts";
import type { Session } from "./session.ts";

/** The environment that a command looks at, without any policy being compiled: viewers work while a policy is broken. */
export interface View {
  readonly project: Project;
  readonly environment: string;
  readonly ledger: LedgerReader;
}

/** Opens the environment's ledger for reading; the ledger is closed when the work ends. `policy` is what the command line names, whose file may have a configuration of its own. */
export async function withView<Result>(
  session: Session,
  policy: string | undefined,
  work: (view: View) => Promise<Result>,
): Promise<Result> {
  const project = await openProject(session, policy);
  const { name, environment } = chooseEnvironment(project.config, session.environment);
  const { openLedgerForReading } = await import("../../runtime/ledger/open.ts");
  const ledger = await openLedgerForReading(ledgerOf(environment), project.root);
  try {
    return await work({ project, environment: name, ledger });
  } finally {
    await ledger.close();
  }
}

/** The chain of the policy named, or of the only policy that the ledger knows. */
export async function chainNamed(view: View, policy: string | undefined): Promise<string> {
  const chains = (await view.ledger.chains()).filter((chain) => chain.startsWith(`${view.environment}/`));
  const known = chains.map((chain) => chain.slice(view.environment.length + 1));
  if (policy === undefined) {
    const [only] = chains;
    if (chains.length === 1 && only !== undefined) return only;
    const help = known.length === 0 ? "Start a run first." : `Name one of: ${known.join(", ")}.`;
    throw new Failure(
      "usage",
      "usage/which-policy",
      `the ledger of \`${view.environment}\` knows ${known.length} policies`,
      help,
    );
  }
  const name = policy.replace(/^.*\//, "").replace(/\.retrain$/, "");
  const chain = `${view.environment}/${name}`;
  if (chains.includes(chain)) return chain;
  const help = known.length === 0 ? "It holds no records yet. Start a run first." : `It knows: ${known.join(", ")}.`;
  throw new Failure(
    "usage",
    "usage/unknown-policy",
    `the ledger of \`${view.environment}\` has no policy \`${name}\``,
    help,
  );
}
