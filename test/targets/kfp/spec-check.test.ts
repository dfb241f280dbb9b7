import { expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { emit } from "../../../targets/kfp/emit.ts";
import { specDefects } from "../../../targets/kfp/spec-check.ts";
import { kfpPlan } from "../../support/engine-plan.ts";

/** A part of a document, to be changed. */
// biome-ignore lint/suspicious/noExplicitAny: a document that is made wrong on purpose
type Loose = any;

const file = emit(kfpPlan()).find(({ path }) => path.endsWith("-retrain.yaml"));
const documents = () => parseAllDocuments(file?.text ?? "").map((one) => one.toJS() as Loose);

it("an emitted pipeline has no defect", () => {
  const [spec, platform] = documents();
  expect(specDefects(spec, platform)).toEqual([]);
});

const body = (spec: Loose) => spec.components["comp-if-validate-flights-pass"].dag.tasks;
const container = (spec: Loose, name: string) => spec.deploymentSpec.executors[name].container;

/** One change each that protos, SDK and server let pass, and what is said of it. */
const mutations: readonly (readonly [what: string, said: RegExp, change: (spec: Loose, platform: Loose) => void])[] = [
  [
    "a dependency on nothing",
    /waits for `nobody`, which is not there/,
    (s) => body(s).evaluate.dependentTasks.push("nobody"),
  ],
  [
    "an input that is not given",
    /gives nothing for the input `run`/,
    (s) => delete body(s).train.inputs.parameters.run,
  ],
  [
    "an input too many",
    /gives the input `more`, which its component does not have/,
    (s) => {
      body(s).train.inputs.parameters.more = { componentInputParameter: "run" };
    },
  ],
  [
    "a number for a text",
    /gives NUMBER_DOUBLE for the input `gate-offline-word` of type STRING/,
    (s) => {
      s.components["comp-gate-offline"].outputDefinitions.parameters.word.parameterType = "NUMBER_DOUBLE";
    },
  ],
  [
    "a bad quantity of cpu",
    /asks for resourceCpuRequest `100 millicores`, which is no quantity/,
    (s) => {
      container(s, "exec-register").resources.resourceCpuRequest = "100 millicores";
    },
  ],
  [
    "no image",
    /executor exec-train has no image/,
    (s) => {
      container(s, "exec-train").image = "";
    },
  ],
  [
    "a name with spaces",
    /the pipeline's name `flight delays` is none/,
    (s) => {
      s.pipelineInfo.name = "flight delays";
    },
  ],
  [
    "a task after the exit task",
    /task late of root comes after the exit task finish/,
    (s) => {
      s.root.dag.tasks.late = { ...s.root.dag.tasks.retrain, dependentTasks: ["finish"] };
    },
  ],
  [
    "a reader that does not wait",
    /reads what gate-offline writes and does not wait for it/,
    (s) => delete body(s)["after-gate-offline"].dependentTasks,
  ],
  [
    "a cycle",
    /tasks of comp-if-validate-flights-pass wait for each other/,
    (s) => {
      body(s).train.dependentTasks = ["gate-offline"];
    },
  ],
  [
    "a condition beside the word",
    /a condition on a word that is answered beside it/,
    (s) => {
      body(s)["after-gate-offline"].triggerPolicy = {
        condition: "inputs.parameter_values['gate-offline-word'] == 'pass'",
      };
    },
  ],
  [
    "a condition on another's input",
    /a condition on `other`, which is not its own input/,
    (s) => {
      s.components["comp-after-snapshot"].dag.tasks["if-snapshot-ready"].triggerPolicy.condition =
        "inputs.parameter_values['other'] == 'ready'";
    },
  ],
  [
    "a condition that computes",
    /a condition that is no comparison of one word/,
    (s) => {
      s.components["comp-after-snapshot"].dag.tasks["if-snapshot-ready"].triggerPolicy.condition = "1 < 2";
    },
  ],
  [
    "a task that may be cached",
    /does not say that it may not be cached/,
    (s) => delete body(s)["gate-offline"].cachingOptions,
  ],
  [
    "an output that nothing writes",
    /declares the output `word` and does not write it/,
    (s) => container(s, "exec-register").args.pop(),
  ],
  [
    "an undeclared placeholder",
    /uses inputs `who` without declaring it/,
    (s) => container(s, "exec-train").args.push("{{$.inputs.parameters['who']}}"),
  ],
  [
    "a placeholder of nobody",
    /holds `{{` where no placeholder is meant/,
    (s) => container(s, "exec-train").args.push("{{workflow.name}}"),
  ],
  [
    "a platform of nobody",
    /the platform configures exec-ghost, which is no executor/,
    (_, p) => {
      p.platforms.kubernetes.deploymentSpec.executors["exec-ghost"] = {};
    },
  ],
  [
    "a component of nobody",
    /has no component `comp-ghost`/,
    (s) => {
      body(s).train.componentRef.name = "comp-ghost";
    },
  ],
  [
    "another schema",
    /the version of the schema is not 2.1.0/,
    (s) => {
      s.schemaVersion = "2.2.0";
    },
  ],
];

it.each(mutations)("%s is refused", (_, said, change) => {
  const [spec, platform] = documents();
  change(spec, platform);
  expect(specDefects(spec, platform).join("\n")).toMatch(said);
});
