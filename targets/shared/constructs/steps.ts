import type { Node } from "../../../compiler/plan/graph.ts";
import type { PipelinePlan } from "../../../compiler/plan/plan.ts";
import { diagnostic } from "../../../language/diagnostics/report.ts";
import { type Construct, construct, constructOf, type Occurrence, places } from "./construct.ts";

type StepNode = Extract<Node, { kind: "step" }>;

/** The author's steps. */
export function stepNodes(plan: PipelinePlan): StepNode[] {
  return plan.retrain.nodes.filter((node): node is StepNode => node.kind === "step");
}

/** Steps for which something holds. */
const stepsWhere = (holds: (step: StepNode["step"]) => boolean) => (plan: PipelinePlan) =>
  places(stepNodes(plan).filter(({ step }) => holds(step)));

const amount = (step: StepNode["step"], name: string): number => step.resources[name] ?? 0;
const hasImage = ({ image }: StepNode["step"]): boolean => image !== undefined && image.trim() !== "";

/** Texts of the author's steps in which an engine would read something. `opening` finds the part that it would. */
function stepTexts(opening: RegExp): (plan: PipelinePlan) => Occurrence[] {
  return (plan) =>
    stepNodes(plan).flatMap(({ step, place }) => {
      const texts: readonly (readonly [where: string, text: string])[] = [
        ["`image`", step.image ?? ""],
        ...step.command.map((word) => ["`command`", word] as const),
        ...Object.entries(step.env).map(([name, value]) => [`variable ${name}`, value] as const),
        ...Object.entries(step.secrets).map(([name, value]) => [`secret ${name}`, value] as const),
      ];
      return texts.flatMap(([where, given]) => {
        const text = opening.exec(given)?.[0];
        return text === undefined ? [] : [{ place, detail: { text, where } }];
      });
    });
}

function stepText(name: string, opening: RegExp): Construct {
  const detailed = (occurrence: Occurrence, key: string) => String(occurrence.detail?.[key] ?? "");
  return constructOf("steps", name, stepTexts(opening), "target/unsafe-text", ({ target, occurrence, span }) =>
    diagnostic("target/unsafe-text", span, {
      target,
      text: detailed(occurrence, "text"),
      where: detailed(occurrence, "where"),
    }),
  );
}

/** What a policy asks for in `train` and `evaluate`. */
export const steps = {
  steps: construct("steps", "`train` and `evaluate`", (plan) => places(stepNodes(plan))),
  runValues: construct("steps", "values of a run in words, variables", (plan) => places(stepNodes(plan))),
  workingFolder: construct("steps", "the policy's folder as working folder", (plan) => places(stepNodes(plan))),
  image: construct("steps", "`image` of a step", stepsWhere(hasImage)),
  noImage: constructOf(
    "steps",
    "a step without `image`",
    (plan) =>
      stepNodes(plan)
        .filter(({ step }) => !hasImage(step))
        .map(({ name, place }) => ({ place, detail: { step: name } })),
    "target/needs-image",
    ({ target, occurrence, span }) =>
      diagnostic("target/needs-image", span, { target, step: String(occurrence.detail?.["step"]) }),
  ),
  secret: construct(
    "steps",
    "`secret` of a step",
    stepsWhere(({ secrets }) => Object.keys(secrets).length > 0),
  ),
  processor: construct(
    "steps",
    "`cpu` and `memory` of a step",
    stepsWhere((step) => amount(step, "cpu") > 0 || amount(step, "memory") > 0),
  ),
  disk: construct(
    "steps",
    "`disk` of a step",
    stepsWhere((step) => amount(step, "disk") > 0),
  ),
  gpu: construct(
    "steps",
    "`gpu` of a step",
    stepsWhere((step) => amount(step, "gpu") > 0 && Number.isInteger(amount(step, "gpu"))),
  ),
  partOfGpu: construct(
    "steps",
    "a part of a gpu",
    stepsWhere((step) => !Number.isInteger(amount(step, "gpu"))),
  ),
  spot: construct(
    "steps",
    "a step on spot instances",
    stepsWhere(({ spot }) => spot),
  ),
  workers: construct(
    "steps",
    "a step with several workers",
    stepsWhere(({ workers }) => workers > 1),
  ),
  retry: construct(
    "steps",
    "`retry` of a step",
    stepsWhere(({ retry }) => retry.times > 0),
  ),
  timeout: construct("steps", "`timeout` of a step", (plan) => places(stepNodes(plan))),
  // A brace before a substitution would meet the braces of the engine's own placeholder.
  doubleBrace: stepText("`{{` in a text of a step", /\{\{|\{(?=\$\{)/),
  braceAtEnd: stepText("`{` at the end of a text of a step", /(?<!\{)\{$/),
  dollarParenthesis: stepText("`$(` in a text of a step", /\$\(/),
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
  nullCharacter: stepText("a null character in a text of a step", /\u0000/),
} as const;
