import { randomUUID } from "node:crypto";
import { openRun, type RunHistory, readHistory } from "../../runtime/engine/history.ts";
import { openLedger, openLedgerForReading } from "../../runtime/ledger/open.ts";
import { type ApprovalRules, approvalRefusal } from "../../runtime/rollout/approval.ts";
import type { CommandRecord } from "../../runtime/rollout/records.ts";
import { stageOf } from "../../runtime/rollout/stages.ts";
import type { RolloutState } from "../../runtime/rollout/state.ts";
import { approvalRules } from "../../runtime/verbs/approval-rules.ts";
import { approversOf, chooseEnvironment, ledgerOf } from "../driver/bindings.ts";
import { Failure } from "../driver/failure.ts";
import type { PipelinePlan } from "../plan/plan.ts";
import { chainNamed, type View } from "./environment.ts";
import { openProject } from "./open-project.ts";
import { policyNow } from "./policy-clock.ts";
import type { Session } from "./session.ts";
import { signature } from "./signature.ts";
import { storedPlan } from "./stored-plan.ts";

/** What a person orders; `to` only for a rollback. */
export interface Order {
  readonly command: CommandRecord["command"];
  readonly because: string;
  readonly to?: string;
  /** The name to sign with, where it is not the login's. */
  readonly as?: string;
}

/** A run that an order can be about. */
interface Subject {
  readonly chain: string;
  /** Absent: the order is about the policy itself. */
  readonly history?: RunHistory;
}

/** Writes a person's order about a run, or a policy, into the ledger; whoever follows the run acts on it at the next look. Gives the sentence to print. Rejects with Failure for an order that has nothing to act on. */
export async function writeCommand(session: Session, named: string, order: Order): Promise<string> {
  const project = await openProject(session, named);
  const { name: environment, environment: chosen } = chooseEnvironment(project.config, session.environment);
  const binding = ledgerOf(chosen);
  // Opened for reading first: an order must not be what creates a ledger.
  await (await openLedgerForReading(binding, project.root)).close();
  const ledger = await openLedger(binding, project.root);
  try {
    const view: View = { project, environment, ledger };
    const subject = await subjectOf(view, named, order.command);
    if (subject.history !== undefined) await refuseIdle(view, subject.chain, subject.history, order);
    const at = await policyNow(project, environment, ledger);
    const { as, ...ordered } = order;
    const body: CommandRecord = { ...ordered, ...signature(as) };
    const run = subject.history?.run;
    const { record } = await ledger.append({
      chain: subject.chain,
      key: `command/${order.command}/${randomUUID()}`,
      kind: order.command === "approve" || order.command === "deny" ? "approval" : "command",
      ...(run === undefined ? {} : { run }),
      at: at ?? Date.now(),
      body,
    });
    const about = run ?? subject.chain.slice(environment.length + 1);
    return `${order.command} of ${about} is record ${record.sequence}; it is acted on at the next look of \`retrain run\` or \`retrain watch\``;
  } finally {
    await ledger.close();
  }
}

/** The run that a name means: its own, or the newest of a policy that an order can still change. */
async function subjectOf(view: View, named: string, command: Order["command"]): Promise<Subject> {
  const chains = (await view.ledger.chains()).filter((chain) => chain.startsWith(`${view.environment}/`));
  for (const chain of chains) {
    if (!named.startsWith(`${chain.slice(view.environment.length + 1)}-`)) continue;
    const history = (await readHistory(view.ledger, chain)).find((one) => one.run === named);
    if (history !== undefined) return { chain, history };
  }
  const chain = await chainNamed(view, named);
  const all = await readHistory(view.ledger, chain);
  const open = command === "rollback" ? all.findLast(canRollBack) : openRun(all);
  if (command === "resume" && !(open !== undefined && (await isHeld(view, chain, open)))) return { chain };
  if (open !== undefined) return { chain, history: open };
  const policy = chain.slice(view.environment.length + 1);
  throw command === "rollback"
    ? new Failure(
        "usage",
        "usage/nothing-to-roll-back",
        `no rollout of \`${policy}\` is under way, and none keeps its old champion`,
        "A rollback is possible until `keep champion` ends. Later, start a run with the older training options.",
      )
    : new Failure(
        "usage",
        "usage/no-run",
        `no run of \`${policy}\` is under way`,
        "`retrain status` tells what there is.",
      );
}

function canRollBack({ rollout }: RunHistory): boolean {
  return rollout !== undefined && rollout.phase !== "ended" && rollout.phase !== "rolling_back";
}

/** Refuses an order that would be written down and change nothing. */
async function refuseIdle(view: View, chain: string, history: RunHistory, { command, to, as }: Order): Promise<void> {
  const { ledger, project } = view;
  const { run, rollout, started, ended } = history;
  const refuse = (code: string, message: string, help: string) => new Failure("usage", code, message, help);
  const notHeld = () =>
    refuse("usage/not-held", `run ${run} is not held by anybody`, "`retrain resume POLICY` closes the breaker.");
  if (rollout === undefined && ended === undefined && (command === "hold" || command === "resume")) {
    // Taken in when the rollout begins, before it touches traffic.
    if (command === "resume" && !(await isHeld(view, chain, history))) throw notHeld();
    return;
  }
  if (rollout === undefined) {
    const help = "Wait until it has passed its gates, or stop `retrain run` with Ctrl-C.";
    throw refuse("usage/no-rollout", `run ${run} has not begun to roll out`, help);
  }
  if (!isUnderWay(rollout) && !(command === "rollback" && rollout.phase === "keeping")) {
    const words = rollout.outcome?.replaceAll("_", " ") ?? rollout.phase.replaceAll("_", " ");
    throw refuse(
      "usage/rollout-over",
      `the rollout of run ${run} is over: ${words}`,
      "`retrain ledger show` tells its story.",
    );
  }
  const plan = await storedPlan(ledger, started.plan);
  if (plan === undefined)
    throw refuse(
      "ledger/no-plan",
      `the ledger does not hold the plan of run ${run}`,
      "Use the release that started it.",
    );
  if (command === "approve" || command === "deny") {
    const groups = project.config.approvers;
    const bindings = { ...plan.bindings, ...(groups === undefined ? {} : { approvers: approversOf(groups) }) };
    const rules = await approvalRules({ plan: { ...plan, bindings }, ledger, chain }, run, rollout);
    refuseApproval(plan, rollout, command, rules, as);
  }
  if (command === "resume" && !(await isHeld(view, chain, history))) throw notHeld();
  if (to !== undefined) await refuseUnknownVersion(plan, to, project.root);
}

function isUnderWay({ phase }: RolloutState): boolean {
  return phase !== "ended" && phase !== "keeping" && phase !== "rolling_back";
}

/** Whether a person holds a run, also one whose rollout has not taken that in. */
async function isHeld({ ledger }: View, chain: string, { run, rollout }: RunHistory): Promise<boolean> {
  const after = rollout?.commands ?? 0;
  const newer = await ledger.list({ chain, run, kinds: ["command"], after });
  const words = newer.map(({ body }) => (body as Partial<CommandRecord>).command);
  const last = words.findLast((word) => word === "hold" || word === "resume");
  return last === undefined ? rollout?.heldBy != null : last === "hold";
}

function refuseApproval(
  plan: PipelinePlan,
  state: RolloutState,
  command: "approve" | "deny",
  rules: ApprovalRules,
  as: string | undefined,
): void {
  const { rollout } = plan.programs;
  const stage = rollout === undefined ? undefined : stageOf(rollout, state);
  if (stage?.kind !== "approval") {
    const where = stage === undefined ? "" : `; it is in stage ${stage.name}`;
    throw new Failure(
      "usage",
      "usage/no-approval-asked",
      `run ${state.start.run} does not wait for an approval${where}`,
      "`retrain hold` keeps it where it is, `retrain rollback` takes it back.",
    );
  }
  if (command === "deny") return;
  const refused = approvalRefusal(signature(as), rules);
  if (refused === undefined) return;
  const help =
    rules.risk === "high"
      ? "Approve it in the engine that runs the policy. `retrain deny` needs no proof."
      : "`approvers` of the configuration says who may approve; --as signs with another name. `retrain deny` needs no membership.";
  const code = rules.risk === "high" ? "usage/claimed-identity" : "usage/not-an-approver";
  throw new Failure("usage", code, `this approval of run ${state.start.run} would not count: ${refused}`, help);
}

async function refuseUnknownVersion(plan: PipelinePlan, version: string, root: string): Promise<void> {
  const { openRegistry } = await import("../../runtime/registries/open.ts");
  const registry = openRegistry(plan.bindings.registry, root);
  if ((await registry.version(version)) !== undefined) return;
  const known = (await registry.versions()).map((one) => one.version).join(", ");
  throw new Failure(
    "usage",
    "usage/unknown-version",
    `the registry has no version ${version} of ${plan.bindings.registry.name}`,
    `It has: ${known === "" ? "none" : known}.`,
  );
}
