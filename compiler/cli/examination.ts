import { accessSync, constants, existsSync, statfsSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { openLedgerForReading } from "../../runtime/ledger/open.ts";
import { localTraffic } from "../../runtime/traffic/local.ts";
import { chooseEnvironment, ledgerOf } from "../driver/bindings.ts";
import { type CheckedProject, checkProject, policyFiles } from "../driver/check-project.ts";
import type { Environment } from "../driver/config.ts";
import { Failure } from "../driver/failure.ts";
import type { Project } from "../driver/load-config.ts";
import { openProject } from "./open-project.ts";
import type { Session } from "./session.ts";
import { counted } from "./tally.ts";

/** What was found about one thing that commands need. */
export interface Examined {
  readonly what: string;
  /** `note`: not looked at, or not there yet, and said so. */
  readonly state: "ok" | "problem" | "note";
  readonly sentence: string;
  /** What to do about a problem. */
  readonly help?: string;
}

/** Below this, a run may not find room for its rows and predictions: 1 GiB. */
const LEAST_SPACE = 1024 ** 3;

const ok = (what: string, sentence: string): Examined => ({ what, state: "ok", sentence });
const problem = (what: string, sentence: string, help: string): Examined => ({
  what,
  state: "problem",
  sentence,
  help,
});

/** Looks at everything that commands need, changes nothing, and goes on after a problem where it can. */
export async function examine(session: Session): Promise<readonly Examined[]> {
  const found: Examined[] = [nodeVersion(), await reader()];
  let project: Project;
  let chosen: { name: string; environment: Environment };
  try {
    project = await openProject(session);
    chosen = chooseEnvironment(project.config, session.environment);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return [...found, problem("configuration", error.message, error.help ?? "Correct it.")];
  }
  const file = project.file === undefined ? "none: every default holds" : relative(session.folder, project.file);
  found.push(ok("configuration", `${file}; environment ${chosen.name}`));
  const checked = policies(project, session.folder);
  found.push(checked.examined);
  found.push(await ledger(chosen.environment, project.root));
  found.push(await server(chosen.environment));
  found.push(...channels(checked.project));
  found.push(...folders(chosen.environment, project));
  found.push(space(chosen.environment, project.root));
  return found;
}

function nodeVersion(): Examined {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const sentence = `${process.versions.node} at ${process.execPath}`;
  return major > 22 || (major === 22 && minor >= 18)
    ? ok("Node", sentence)
    : problem("Node", sentence, "Install Node 22.18 or newer.");
}

/** The reader of data is native code: its package may lack the build for this machine. */
async function reader(): Promise<Examined> {
  try {
    const { version } = await import("@duckdb/node-api");
    return ok("DuckDB", `${version()} loads`);
  } catch (error) {
    const why = error instanceof Error ? error.message.split("\n", 1)[0] : String(error);
    return problem("DuckDB", `it does not load: ${why}`, "Install again on this machine: `npm ci`.");
  }
}

function policies(project: Project, folder: string): { examined: Examined; project?: CheckedProject } {
  try {
    const checked = checkProject(project, policyFiles(project, folder, []));
    const errors = checked.diagnostics.filter((one) => one.severity === "error").length;
    const sentence = `${counted(checked.policies.length, "policy", "policies")} in ${counted(checked.files.length, "file")}, ${counted(errors, "error")}`;
    const examined =
      errors === 0 ? ok("policies", sentence) : problem("policies", sentence, "`retrain check` shows them.");
    return { examined, project: checked };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { examined: problem("policies", error.message, error.help ?? "Correct it.") };
  }
}

async function ledger(environment: Environment, root: string): Promise<Examined> {
  const binding = ledgerOf(environment);
  const path = binding.kind === "sqlite" ? binding.path : `secret ${binding.secret}`;
  if (binding.kind === "sqlite" && !existsSync(resolve(root, path))) {
    return ok("ledger", `${path} is not there yet; the first run makes it`);
  }
  try {
    const opened = await openLedgerForReading(binding, root);
    try {
      const { records, broken } = await opened.verify();
      if (broken === undefined) return ok("ledger", `${path}: ${counted(records, "record")}, every hash fits`);
      const place = broken.chain === "" ? path : `${broken.chain}#${broken.sequence}`;
      return problem(
        "ledger",
        `broken at ${place}: ${broken.what}`,
        "Keep a copy of it, and put back the newest backup.",
      );
    } finally {
      await opened.close();
    }
  } catch (error) {
    if (!(error instanceof Error && error.name === "LedgerError")) throw error;
    if ("code" in error && error.code === "empty")
      return { what: "ledger", state: "note", sentence: `${path} answers and is still empty; the first run makes it` };
    return problem("ledger", error.message, "`retrain run` and `retrain watch` cannot work before.");
  }
}

async function server({ serving }: Environment): Promise<Examined> {
  const { url } = serving.local;
  try {
    const { champion, challenger, share, revision } = await localTraffic({ url, timeout: 2_000, retries: 0 }).route();
    const versions = champion === undefined ? "no champion yet" : `champion is version ${champion}`;
    const other =
      challenger === undefined ? "" : `, ${Number((share * 100).toPrecision(3))} % to version ${challenger}`;
    return ok("model server", `${url} answers: ${versions}${other} (route ${revision})`);
  } catch (error) {
    if (!(error instanceof Error && error.name === "TrafficError")) throw error;
    return problem("model server", error.message, "A rollout waits for it; everything before works without.");
  }
}

/** Nothing is sent: a message to a channel is read by people. */
function channels(checked: CheckedProject | undefined): Examined[] {
  const addresses = (checked?.policies ?? []).flatMap((policy) =>
    policy.notify.map(({ channel, address }) =>
      address.kind === "secret"
        ? `${channel} by secret ${address.reference}`
        : `${channel} at ${hostOf(address.value)}`,
    ),
  );
  return [...new Set(addresses)].map((address) => ({
    what: "channel",
    state: "note",
    sentence: `${address}: not contacted, so that nobody is disturbed`,
  }));
}

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : address;
}

function folders(environment: Environment, { root, config }: Project): Examined[] {
  const ledger = ledgerOf(environment);
  const wanted = {
    ...(ledger.kind === "sqlite" ? { "ledger folder": dirname(resolve(root, ledger.path)) } : {}),
    "work folder": resolve(root, environment.work),
    "registry folder": resolve(root, environment.registries.local.folder),
    "serving folder": resolve(root, environment.serving.local.folder),
    "output folder": resolve(root, config.out),
  };
  return Object.entries(wanted).map(([what, path]) => {
    const shown = relative(root, path) || ".";
    const there = nearestExisting(path);
    try {
      accessSync(there, constants.W_OK);
      return ok(what, there === path ? `${shown} may be written` : `${shown} can be made`);
    } catch {
      return problem(
        what,
        `${there} may not be written`,
        "Change its permissions, or name another folder in the configuration.",
      );
    }
  });
}

function nearestExisting(path: string): string {
  return existsSync(path) ? path : nearestExisting(dirname(path));
}

function space({ work }: Environment, root: string): Examined {
  const { bavail, bsize } = statfsSync(nearestExisting(resolve(root, work)));
  const free = bavail * bsize;
  const sentence = `${(free / 1024 ** 3).toFixed(1)} GiB free where runs are kept`;
  return free >= LEAST_SPACE ? ok("disk", sentence) : problem("disk", sentence, "Free at least 1 GiB, or move `work`.");
}
