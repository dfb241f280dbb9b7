import type { Place } from "../../compiler/plan/common.ts";
import type { Step } from "../../compiler/plan/graph.ts";

/** Where a task's input comes from. */
export type Source =
  /** An input of the group that the task stands in. */
  | { readonly kind: "input"; readonly name: string }
  | { readonly kind: "output"; readonly task: string; readonly name: string }
  /** How the task ended that an exit task waits for. */
  | { readonly kind: "status"; readonly task: string };

export interface Retry {
  /** Further attempts after the first. */
  readonly times: number;
  /** Wait before the first and longest wait before a later further attempt, milliseconds; doubles in between. */
  readonly first: number;
  readonly longest: number;
}

/** A process in a container of its own. */
export interface Container {
  readonly kind: "container";
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  /** Names of the text outputs that it writes. */
  readonly outputs: readonly string[];
  readonly requests: { readonly cpu?: string; readonly memory?: string };
  readonly limits: { readonly cpu?: string; readonly memory?: string; readonly gpu?: number };
  /** Most that its folder /tmp may hold, as Kubernetes writes it. */
  readonly disk?: string;
  /** `secret/key` by variable. */
  readonly secrets: Step["secrets"];
  /** Longest time of one attempt, milliseconds. */
  readonly deadline: number;
}

/** Tasks that stand together, in the order in which they start. */
export interface Group {
  readonly kind: "group";
  readonly tasks: readonly Task[];
}

export interface Task {
  readonly name: string;
  readonly inputs: Readonly<Record<string, Source>>;
  /** Tasks of the same group that must have ended well. */
  readonly after: readonly string[];
  /** Runs only where this input of its own is this word. */
  readonly condition?: { readonly input: string; readonly word: string };
  /** Runs when the task before it has ended, well or not. */
  readonly isExit?: true;
  readonly retry?: Retry;
  readonly body: Container | Group;
  /** One line of our own words for the reader of the file. */
  readonly comment: string;
  readonly place: Place;
}

/** A pipeline of Kubeflow Pipelines, before it is written. */
export interface Pipeline {
  readonly name: string;
  /** Parameters of the pipeline; all of them are texts. */
  readonly parameters: readonly string[];
  readonly root: Group;
  /** Longest time of a run, milliseconds. */
  readonly deadline: number;
}
