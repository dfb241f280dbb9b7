import type { CheckedModel } from "../../language/semantics/checked/policy.ts";
import { number } from "./quantities.ts";
import type { Reader } from "./reader.ts";
import { capital, type Writer } from "./sentence.ts";

const registries: Readonly<Record<string, string>> = {
  local: "a folder of this project",
  mlflow: "MLflow",
  wandb: "Weights & Biases",
  clearml: "ClearML",
};

const servings: Readonly<Record<string, string>> = {
  local: "the local model server answers requests",
  kserve: "KServe answers requests",
  gateway: "the service behind a Gateway API route answers requests",
};

/** Where versions are kept and served, and what happens to the first one. */
export function sayModel(model: CheckedModel, reader: Reader, writer: Writer): void {
  const [node] = reader.items("Model");
  const { registry, serving, firstModel, task } = model;
  const kept = registries[registry.type] ?? registry.type;
  writer.say(
    reader.line(registry.span),
    `Versions of the model are kept in ${kept}, under the name \`${registry.name}\`.`,
  );
  const served = servings[serving.type];
  writer.say(
    reader.line(serving.span),
    served === undefined
      ? `Nothing answers live requests: the model scores batches of rows, as \`${serving.name}\`.`
      : `${capital(served)} with it, under the name \`${serving.name}\`.`,
  );
  reader.explain("champion", "the version that serves now");
  reader.explain("challenger", "the version that a run has just trained");
  const first = {
    absolute_gates_only:
      "As long as there is no champion, a challenger has nobody to be compared with: it is judged only by what needs no comparison, and then goes straight to the last stage, past everything but approvals.",
    refuse:
      "As long as there is no champion, every challenger is refused: somebody puts the first version into service by hand.",
    approval: `As long as there is no champion, a challenger is judged only by what needs no comparison, and then \`${firstModel.kind === "approval" ? firstModel.approvers : ""}\` must approve it within 24 hours; it then goes straight to the last stage, past everything but approvals.`,
  } as const;
  writer.say(reader.at(node, "FirstModel"), first[firstModel.kind]);
  if (task === "binary") {
    writer.say(
      reader.at(node, "Decides"),
      `The model says yes to a row whose score is ${number(model.decidesAt)} or more${reader.mark("model.decidesAt")}.`,
    );
  }
  for (const expected of reader.expected(node)) {
    writer.say(reader.at(node, "Expect"), `It is expected to answer about ${expected}.`);
  }
}
