import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import { headerLines } from "../shared/header.ts";
import { Lines } from "../shared/lines.ts";
import { writeYaml, type Yaml } from "../shared/yaml.ts";
import type { OutputFile } from "../target.ts";
import { accessDocuments } from "./access.ts";
import { policyName } from "./names.ts";
import { outline, retrainDocument } from "./retrain.ts";
import { tickDocuments } from "./tick.ts";

const LEGEND = [
  "Deciding tasks write one word; any other than the one that is waited for has ended the run.",
  "A stage is one pod that waits as long as the stage lasts.",
];

/** Three files: the template of a run, the monitor's tick with its plan, and the accounts that both run as. */
export function emit(plan: PipelinePlan): readonly OutputFile[] {
  return [
    file(
      plan,
      "retrain",
      ["One run, as the graph stands in the policy:", ...outline(plan), ...LEGEND],
      [retrainDocument(plan)],
    ),
    file(
      plan,
      "tick",
      [
        "The monitor: evaluates when to retrain and alone starts runs. Apply it with `kubectl apply --server-side`:",
        "the plan would not fit the annotation that a plain apply writes.",
      ],
      tickDocuments(plan),
    ),
    file(
      plan,
      "access",
      ["Accounts and their rights, the same for every policy of the namespace. Nothing else is asked of Kubernetes."],
      accessDocuments(plan),
    ),
  ];
}

function file(
  plan: PipelinePlan,
  part: string,
  about: readonly string[],
  documents: readonly { readonly comment: string; readonly document: Yaml }[],
): OutputFile {
  const lines = new Lines();
  for (const line of [...headerLines(plan, "argo"), "", ...about]) lines.add(line === "" ? "#" : `# ${line}`);
  for (const [index, { comment, document }] of documents.entries()) {
    if (index > 0) lines.add("---");
    if (comment !== "") lines.add(`# ${comment}`);
    writeYaml(lines, document);
  }
  return { path: `argo/${policyName(plan.policy.name)}-${part}.yaml`, text: lines.text(), mapped: lines.mapped };
}
