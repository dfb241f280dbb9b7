import type { Model, Name, Text } from "../../syntax/tree.ts";
import type { CheckedModel } from "../checked/policy.ts";
import type { Collector } from "../collector.ts";
import { readCount, readDuration, readShare } from "../quantity.ts";
import { choose } from "../scope.ts";
import { every, isIncomplete, single } from "../statements.ts";

const registries = ["mlflow", "wandb", "clearml", "local"] as const;
const servings = ["kserve", "gateway", "local", "batch"] as const;

/** The model without its task, which follows from the label. */
export type ModelHead = Omit<CheckedModel, "task">;

/** Checks `model { }`: where versions are kept and served, and what happens to the first one. */
export function checkModel(model: Model, out: Collector): ModelHead | undefined {
  const { statements } = model;
  const where = "`model`";
  const registry = single(statements, "Registry", "`registry`", where, out);
  const serving = single(statements, "Serving", "`serving`", where, out);
  const firstModel = single(statements, "FirstModel", "`first_model`", where, out);
  const decides = single(statements, "Decides", "`decides at`", where, out);
  const expects = every(statements, "Expect");
  const rates: number[] = [];
  for (const expect of expects) {
    const count = readCount(expect.count, "an expected number", out);
    const per = readDuration(expect.per, "the time of `expect`", out);
    if (expect.noun.text !== "requests") {
      out.report("type/qualifier", expect.span, {
        qualifier: `expect ... ${expect.noun.text}`,
        why: "a model gets `requests`; rows and positives are expected in a dataset",
      });
    } else if (rates.length > 0) {
      out.report("policy/repeated", expect.span, { what: "`expect requests`", where });
    } else if (count !== undefined && per !== undefined) {
      rates.push(count / (per / 1000));
    }
  }
  const decidesAt =
    decides === undefined
      ? out.assume("model.decidesAt", 0.5, model.span, "a binary model says yes from a score of 0.5 on")
      : readShare(decides.at, "a decision threshold", out, { ends: "closed" });
  const missing = (what: string, why: string, example: string): undefined =>
    isIncomplete(statements) ? undefined : out.report("policy/missing", model.span, { where, what, why, example });
  const kept =
    registry === undefined
      ? missing("`registry`", "Versions of the model must be kept somewhere.", 'registry local "my-model"')
      : named(registry.type, registry.name, registries, "a registry", out);
  const served =
    serving === undefined
      ? missing("`serving`", "A rollout changes what serves the model.", 'serving local "my-model"')
      : named(serving.type, serving.name, servings, "a way of serving", out);
  const first =
    firstModel === undefined
      ? missing(
          "`first_model`",
          "The first model has no champion to be compared with.",
          "first_model absolute_gates_only",
        )
      : readFirstModel(firstModel.choice.text, firstModel.group, out);
  if (kept === undefined || served === undefined || first === undefined || decidesAt === undefined) return undefined;
  const [requestRate] = rates;
  return {
    registry: kept,
    serving: served,
    firstModel: first,
    decidesAt,
    ...(requestRate === undefined ? {} : { requestRate }),
  };
}

function named<Choice extends string>(
  type: Name,
  name: Text,
  choices: readonly Choice[],
  what: string,
  out: Collector,
) {
  const chosen = choose(type, choices, what, out);
  if (name.value.trim() === "") return out.report("policy/empty-text", name.span, { what: "the name" });
  return chosen === undefined ? undefined : { type: chosen, name: name.value, span: type.span };
}

function readFirstModel(
  choice: "absolute_gates_only" | "refuse" | "approval",
  group: Text | undefined,
  out: Collector,
): CheckedModel["firstModel"] | undefined {
  if (choice !== "approval") return { kind: choice };
  if (group === undefined) return undefined;
  if (group.value.trim() === "")
    return out.report("policy/empty-text", group.span, { what: "the group that approves" });
  return { kind: "approval", approvers: group.value };
}
