import { handedOver } from "../../compiler/plan/command-line.ts";
import type { Node } from "../../compiler/plan/graph.ts";
import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import { type Segment, told } from "../shared/handover.ts";
import { byteQuantity, cpuQuantity, escaped, parameterOf } from "../shared/kubernetes.ts";
import type { Folders } from "./options.ts";
import type { Container } from "./pipeline.ts";

/** An input of the task, in a word of a command. */
export const valueInput = (name: string): string => `{{$.inputs.parameters['${name}']}}`;
const outputFile = (name: string): string => `{{$.outputs.parameters['${name}'].output_file}}`;

interface Verb {
  readonly words: readonly string[];
  /** Milliseconds. */
  readonly deadline: number;
  /** Writes the values that the author's steps are told. */
  readonly handsOver?: boolean;
}

/** A step of the runtime. Its word, and for the snapshot the values, go to files that the engine names. */
export function runtimeContainer(
  plan: PipelinePlan,
  folders: Folders,
  { words, deadline, handsOver = false }: Verb,
): Container {
  const { ledger, runtimeImage } = plan.bindings;
  const values = handsOver ? handedOver(plan) : [];
  return {
    kind: "container",
    image: runtimeImage ?? "",
    command: ["retrain-runtime"],
    args: [
      ...words,
      ...values.flatMap((name) => ["--value", `${name}=${outputFile(parameterOf(name))}`]),
      ...["--word", outputFile("word")],
    ],
    env: [{ name: "RETRAIN_FOLDER", value: folders.root }],
    outputs: [...values.map(parameterOf), "word"],
    requests: { cpu: "100m", memory: "512Mi" },
    limits: {},
    secrets: ledger.kind === "postgres" ? { RETRAIN_LEDGER_URL: ledger.secret } : {},
    deadline,
  };
}

/** The author's step in the author's image, and the inputs that it reads. The engine fills in values in words of a command only, so variables that hold one are set by `env NAME=VALUE COMMAND`; there is no shell. */
export function authorsContainer(
  plan: PipelinePlan,
  node: Extract<Node, { kind: "step" }>,
  folders: Folders,
): { readonly container: Container; readonly values: readonly string[] } {
  const { step } = node;
  const { command, environment, secrets } = told(plan, node, folders.work, folders.policy);
  const values = new Set<string>();
  const word = (segments: readonly Segment[]): string =>
    segments
      .map((segment) => {
        if (segment.kind === "text") return escaped(segment.text);
        const name = segment.kind === "run" ? "run" : parameterOf(segment.name);
        values.add(name);
        return valueInput(name);
      })
      .join("");
  const isFixed = (segments: readonly Segment[]) => segments.every(({ kind }) => kind === "text");
  const fixed = environment.filter(({ value }) => isFixed(value));
  const filled = environment.filter(({ value }) => !isFixed(value));
  const [program = "", ...rest] = command.map(word);
  const prefix = filled.map(({ name, value }) => `${name}=${word(value)}`);
  const { cpu, memory, gpu, disk } = step.resources;
  const amounts = {
    ...(cpu === undefined ? {} : { cpu: cpuQuantity(cpu) }),
    ...(memory === undefined ? {} : { memory: byteQuantity(memory) }),
  };
  const container: Container = {
    kind: "container",
    image: step.image ?? "",
    command: prefix.length === 0 ? [program] : ["env"],
    args: prefix.length === 0 ? rest : [...prefix, program, ...rest],
    env: fixed.map(({ name, value }) => ({ name, value: word(value) })),
    outputs: [],
    requests: amounts,
    limits: { ...amounts, ...(gpu === undefined || gpu === 0 ? {} : { gpu }) },
    ...(disk === undefined ? {} : { disk: byteQuantity(disk) }),
    secrets,
    deadline: step.timeout,
  };
  return { container, values: [...values].sort() };
}
