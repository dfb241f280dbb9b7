import type { Place } from "../../compiler/plan/common.ts";
import type { Node } from "../../compiler/plan/graph.ts";
import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import type { Diagnostic } from "../../language/diagnostics/diagnostic.ts";
import { diagnostic } from "../../language/diagnostics/report.ts";
import type { Span } from "../../language/text/source.ts";
import { unsupportedOf } from "./unsupported.ts";

/** Turns a place of the plan back into a span of the source it came from. */
export type Locate = (place: Place) => Span;

type StepNode = Extract<Node, { kind: "step" }>;

/** The author's steps. */
export function stepNodes(plan: PipelinePlan): StepNode[] {
  return plan.retrain.nodes.filter((node): node is StepNode => node.kind === "step");
}

/** Where to show what concerns the whole policy. */
export function policyPlace(plan: PipelinePlan): Place {
  const [first] = plan.retrain.nodes;
  if (first === undefined) throw new Error("a plan without nodes");
  return first.place;
}

const isBlank = (text: string | undefined): boolean => text === undefined || text.trim() === "";

/** Steps are containers: each needs an image. */
export function checkImages(plan: PipelinePlan, locate: Locate, target: string): Diagnostic[] {
  const found = stepNodes(plan)
    .filter(({ step }) => isBlank(step.image))
    .map(({ name, place }) => diagnostic("target/needs-image", locate(place), { target, step: name }));
  const { runtimeImage, environment } = plan.bindings;
  if (!isBlank(runtimeImage)) return found;
  return [...found, diagnostic("target/needs-runtime-image", locate(policyPlace(plan)), { target, environment })];
}

/** Steps run on several machines: the ledger has to be a server. */
export function checkLedger(plan: PipelinePlan, locate: Locate, target: string): Diagnostic[] {
  const { ledger, environment } = plan.bindings;
  if (ledger.kind !== "sqlite") return [];
  return [diagnostic("config/ledger-not-shared", locate(policyPlace(plan)), { target, environment })];
}

/** Most characters of a plan in one argument; Linux takes 131,072 bytes. */
const LONGEST_PLAN = 100_000;

/** The plan travels to the tick as one argument. */
export function checkPlanArgument(plan: PipelinePlan, argument: string, locate: Locate, target: string): Diagnostic[] {
  if (argument.length <= LONGEST_PLAN) return [];
  const parameters = { target, characters: argument.length, limit: LONGEST_PLAN };
  return [diagnostic("target/plan-too-large", locate(policyPlace(plan)), parameters)];
}

/** Texts of the author's steps that an engine would read something into. `opening` finds the part that it would. */
export function checkStepTexts(plan: PipelinePlan, opening: RegExp, locate: Locate, target: string): Diagnostic[] {
  return stepNodes(plan).flatMap(({ step, place }) => {
    const texts: readonly (readonly [where: string, text: string])[] = [
      ["`image`", step.image ?? ""],
      ...step.command.map((word) => ["`command`", word] as const),
      ...Object.entries(step.env).map(([name, value]) => [`variable ${name}`, value] as const),
      ...Object.entries(step.secrets).map(([name, value]) => [`secret ${name}`, value] as const),
    ];
    return texts.flatMap(([where, text]) => {
      const found = opening.exec(text)?.[0];
      return found === undefined
        ? []
        : [diagnostic("target/unsafe-text", locate(place), { target, text: found, where })];
    });
  });
}

/** What compiles for an engine and what this release's runtime cannot carry out there: warnings, since the files are right to review. */
export function checkCarriedOut(plan: PipelinePlan, locate: Locate, target: string): Diagnostic[] {
  const { registry, serving } = plan.bindings;
  const found = unsupportedOf(plan);
  const register = plan.retrain.nodes.find((node) => node.kind === "verb" && node.verb === "register");
  const place = register?.place ?? policyPlace(plan);
  if (registry.kind !== "local") found.push({ construct: `a registry of kind \`${registry.kind}\``, place });
  if (serving.kind !== "local") found.push({ construct: `serving by \`${serving.kind}\``, place });
  return found.map((one) =>
    diagnostic("target/not-yet-carried-out", locate(one.place), { target, construct: one.construct }),
  );
}
