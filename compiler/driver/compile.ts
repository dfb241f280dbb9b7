import type { Diagnostic } from "../../language/diagnostics/diagnostic.ts";
import type { CheckedPolicy } from "../../language/semantics/checked/policy.ts";
import { offsetAt, type Span } from "../../language/text/source.ts";
import { lower } from "../lower/lower.ts";
import type { Bindings } from "../plan/bindings.ts";
import type { Place } from "../plan/common.ts";
import type { PipelinePlan } from "../plan/plan.ts";
import { bindingsFor, chooseEnvironment } from "./bindings.ts";
import { type CheckedProject, checkProject, policyFiles } from "./check-project.ts";
import { Failure } from "./failure.ts";
import type { Project } from "./load-config.ts";
import { findPolicies, namesFile } from "./project.ts";
import { readSmoke } from "./smoke.ts";

/** The part of a target that compilation asks before anything is written. */
export interface TargetCheck {
  check(plan: PipelinePlan, locate: (place: Place) => Span): readonly Diagnostic[];
}

export interface CompiledPolicy {
  /** Absent where diagnostics hold an error. */
  readonly plan?: PipelinePlan;
  /** What compilation added to the check. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Lowers one checked policy for an environment and asks the targets whether they can hold it. Throws Failure for an unknown environment and for smoke requests that cannot be read. */
export function compileChecked(
  project: Project,
  checked: Pick<CheckedProject, "sources" | "freezes">,
  policy: CheckedPolicy,
  environment: string | undefined,
  targets: readonly TargetCheck[],
): CompiledPolicy {
  const chosen = chooseEnvironment(project.config, environment);
  const model = policy.body?.model;
  const bound = {
    registry: model?.registry.name ?? policy.name,
    serving: model?.serving.name ?? policy.name,
    registryKind: model?.registry.type ?? "local",
    servingKind: model?.serving.type ?? "local",
  };
  const found = bindingsFor(chosen.name, chosen.environment, bound, project.config.approvers);
  const { smoke } = chosen.environment.serving.local;
  const bindings: Bindings =
    smoke === undefined || found.serving.kind !== "local"
      ? found
      : { ...found, serving: { ...found.serving, smoke: readSmoke(project.root, smoke, found.serving.name) } };
  const listed = findPolicies(project.root, chosen.environment.freezes);
  const freezes = listed.flatMap((path) => checked.freezes.get(path) ?? []);
  const lowered = lower(policy, bindings, freezes);
  const { plan } = lowered;
  if (plan === undefined) return { diagnostics: lowered.diagnostics };
  const locate = (place: Place): Span => {
    const source = checked.sources.get(place.file);
    const at = (line: number, column: number) => (source === undefined ? 0 : offsetAt(source, { line, column }));
    return { path: place.file, start: at(place.line, place.column), end: at(place.endLine, place.endColumn) };
  };
  const refused = targets.flatMap((target) => target.check(plan, locate));
  const diagnostics = [...lowered.diagnostics, ...once(refused)];
  return diagnostics.some((one) => one.severity === "error") ? { diagnostics } : { plan, diagnostics };
}

/** Each diagnostic once: several targets say the same of one place, several policies are made of one template, and a gate that several stages use is read several times. */
export function once(found: readonly Diagnostic[]): Diagnostic[] {
  const keyOf = ({ code, message, span }: Diagnostic) =>
    JSON.stringify([code, message, span.path, span.start, span.end]);
  return [...new Map(found.toReversed().map((one) => [keyOf(one), one])).values()].toReversed();
}

/** What was found that concerns some policies: everything but what stands in files of other policies. */
export function concerning(
  checked: Pick<CheckedProject, "policies" | "diagnostics">,
  policies: readonly CheckedPolicy[],
): Diagnostic[] {
  const own = new Set(policies.map((policy) => policy.source.path));
  const others = new Set(checked.policies.map((policy) => policy.source.path).filter((path) => !own.has(path)));
  return checked.diagnostics.filter((one) => !others.has(one.span.path));
}

/** One policy, compiled from its files: what `run`, `watch` and `serve` follow. */
export interface Compilation extends CompiledPolicy {
  readonly sources: CheckedProject["sources"];
}

/**
 * Compiles the policy that a name or a path means; without one, the only policy there is. `diagnostics` holds what the check
 * found in the policy's file and what compilation added. Throws Failure (`usage`) where no policy, or more than one, is meant.
 */
export function compilePolicy(
  project: Project,
  folder: string,
  wanted: string | undefined,
  environment: string | undefined,
  targets: readonly TargetCheck[],
): Compilation {
  const isPath = wanted !== undefined && namesFile(wanted);
  const checked = checkProject(project, policyFiles(project, folder, isPath ? [wanted] : []));
  const policy = choosePolicy(checked.policies, isPath ? undefined : wanted);
  if (policy === undefined) return { diagnostics: checked.diagnostics, sources: checked.sources };
  const ofFile = concerning(checked, [policy]);
  const { plan, diagnostics } = compileChecked(project, checked, policy, environment, targets);
  const all = [...ofFile, ...diagnostics];
  const isBroken = all.some((one) => one.severity === "error");
  return { ...(plan === undefined || isBroken ? {} : { plan }), diagnostics: all, sources: checked.sources };
}

/** The policy of a name, or the only one there is. Throws Failure (`usage`) where none, or more than one, is meant. */
export function choosePolicy(policies: readonly CheckedPolicy[], name: string | undefined): CheckedPolicy | undefined {
  const names = policies.map((policy) => policy.name);
  const known = `There ${names.length === 1 ? "is" : "are"}: ${names.join(", ")}.`;
  if (name !== undefined) {
    const found = policies.find((policy) => policy.name === name);
    if (found !== undefined || policies.length === 0) return found;
    throw new Failure("usage", "usage/unknown-policy", `there is no policy \`${name}\``, known);
  }
  if (policies.length > 1) {
    throw new Failure("usage", "usage/which-policy", `there are ${policies.length} policies`, `Name one. ${known}`);
  }
  return policies[0];
}
