import { readFileSync } from "node:fs";
import { join } from "node:path";
import { lower } from "../../compiler/lower/lower.ts";
import type { Bindings } from "../../compiler/plan/bindings.ts";
import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import { furtherPolicies } from "../corpus/generate/policies.ts";
import { checkText } from "./check-text.ts";
import { corpusCases } from "./corpus.ts";
import { withImages } from "./engine-plan.ts";
import { localBindings } from "./local-bindings.ts";

const examples = join(import.meta.dirname, "../../examples");

/** Plans that engines are shown: of the examples, of all policies of the corpus that are in order, and of `count` generated ones. Author's steps without an image get one. */
export function enginePlans(bindings: Partial<Bindings>, count: number): { name: string; plan: PipelinePlan }[] {
  const texts = [
    { name: "flight_delays", text: readFileSync(join(examples, "flight_delays/flight_delays.retrain"), "utf8") },
    ...(["valid", "reading", "generated", "semantics"] as const).flatMap((part) =>
      corpusCases(part).map((one) => ({
        name: `${part}/${one.name}`,
        text: readFileSync(join(one.folder, "policy.retrain"), "utf8"),
      })),
    ),
    ...furtherPolicies(count),
  ];
  return texts.flatMap(({ name, text }) => {
    const plan = planFor(text, bindings);
    return plan === undefined ? [] : [{ name, plan: withImages(plan) }];
  });
}

function planFor(text: string, given: Partial<Bindings>): PipelinePlan | undefined {
  const { policies, diagnostics } = checkText(text);
  const [policy] = policies;
  if (policy === undefined || diagnostics.some(({ severity }) => severity === "error")) return undefined;
  const model = policy.body?.model;
  const bindings = localBindings(model?.registry.name ?? policy.name);
  const serving: Bindings["serving"] =
    model?.serving.type === "kserve"
      ? { kind: "kserve", name: model.serving.name, namespace: "models" }
      : model?.serving.type === "batch"
        ? { kind: "batch", name: model.serving.name }
        : { ...bindings.serving, name: model?.serving.name ?? policy.name };
  const registry: Bindings["registry"] =
    model?.registry.type === "mlflow"
      ? { kind: "mlflow", name: model.registry.name, url: "http://mlflow:5000" }
      : bindings.registry;
  return lower(policy, { ...bindings, ...given, serving, registry }).plan;
}
