import type { Node, Step } from "../../compiler/plan/graph.ts";
import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import { challengerFolder, metricsFile, predictionsFile, rowsFolder } from "../../compiler/plan/run-folder.ts";

/** A piece of a word that an author's step is told: text as it stands, the run's name, or a value that the snapshot hands over (compiler/plan/command-line.ts). */
export type Segment =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "run" }
  | { readonly kind: "value"; readonly name: string };

/** What an author's step is started with on an engine. */
export interface Told {
  readonly command: readonly (readonly Segment[])[];
  /** The RETRAIN_ variables that every step gets, then the policy's own. */
  readonly environment: readonly { readonly name: string; readonly value: readonly Segment[] }[];
  /** `secret/key` by variable. */
  readonly secrets: Step["secrets"];
}

const REFERENCE = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_.]*)\}/g;
const RUN = "\u0000run\u0000";

function path(work: readonly Segment[], below: string): Segment[] {
  const [before = "", after = ""] = below.split(RUN);
  return [...work, text(`/${before}`), { kind: "run" }, text(after)];
}

const folder = (given: string | readonly Segment[]): readonly Segment[] =>
  typeof given === "string" ? [text(given)] : given;

const text = (value: string): Segment => ({ kind: "text", text: value });
const value = (name: string): Segment => ({ kind: "value", name });

/** Everything that `${...}` can stand for in a step, by name. `work` is the absolute folder of runs as the step sees it, `policyFolder` that of the policy. */
function references(
  plan: PipelinePlan,
  step: "train" | "evaluate",
  work: readonly Segment[],
  policyFolder: readonly Segment[],
) {
  const known: Record<string, readonly Segment[]> = {
    "challenger.uri": path(work, challengerFolder(RUN)),
    "champion.uri": [value("champion.uri")],
    "run.id": [{ kind: "run" }],
    "predictions.uri": path(work, predictionsFile(RUN)),
    "metrics.uri": path(work, metricsFile(RUN)),
  };
  for (const dataset of plan.datasets) {
    if (dataset.holdout === undefined) continue;
    const part = step === "train" ? "training" : "holdout";
    known[`${dataset.name}.uri`] = path(work, rowsFolder(RUN, dataset.name, part));
    known[`${dataset.name}.window.start`] = [value(`${dataset.name}.${part}.start`)];
    known[`${dataset.name}.window.end`] = [value(`${dataset.name}.${part}.end`)];
    known[`${dataset.name}.snapshot`] = [value(`${dataset.name}.snapshot`)];
    const { uri } = dataset.source;
    const isAbsolute = uri.startsWith("/") || /^[a-z][a-z0-9+.-]*:\/\//.test(uri);
    known[`${dataset.name}.source`] = isAbsolute ? [text(uri)] : [...policyFolder, text(`/${uri}`)];
  }
  return known;
}

/** Cuts a word of a command, or a variable's value, into its segments. A reference that nothing stands for is our own mistake: the checker lets only known names through. */
function segments(word: string, known: Readonly<Record<string, readonly Segment[]>>): Segment[] {
  const found: Segment[] = [];
  let end = 0;
  const literal = (piece: string) => {
    const last = found.at(-1);
    if (piece === "") return;
    if (last?.kind === "text") found[found.length - 1] = text(last.text + piece);
    else found.push(text(piece));
  };
  for (const match of word.matchAll(REFERENCE)) {
    literal(word.slice(end, match.index));
    end = match.index + match[0].length;
    const name = match[1];
    if (name === undefined) {
      literal("${");
      continue;
    }
    const stands = Object.hasOwn(known, name) ? known[name] : undefined;
    if (stands === undefined) throw new Error(`no value for the substitution ${match[0]}`);
    for (const piece of stands) {
      if (piece.kind === "text") literal(piece.text);
      else found.push(piece);
    }
  }
  literal(word.slice(end));
  return found;
}

/** What an author's step is told on an engine. @param work absolute folder of runs as the step sees it @param policyFolder absolute folder of the policy; both as segments where the engine knows a part of them only when it runs */
export function told(
  plan: PipelinePlan,
  node: Extract<Node, { kind: "step" }>,
  work: string | readonly Segment[],
  policyFolder: string | readonly Segment[],
): Told {
  const known = references(plan, node.name, folder(work), folder(policyFolder));
  const of = (reference: string): readonly Segment[] => known[reference] ?? [];
  const environment = [
    { name: "RETRAIN_RUN_ID", value: of("run.id") },
    { name: "RETRAIN_CHALLENGER_URI", value: of("challenger.uri") },
    { name: "RETRAIN_CHAMPION_URI", value: of("champion.uri") },
    { name: "RETRAIN_PREDICTIONS_URI", value: of("predictions.uri") },
    { name: "RETRAIN_METRICS_URI", value: of("metrics.uri") },
  ];
  for (const { name, holdout } of plan.datasets) {
    if (holdout === undefined) continue;
    const head = `RETRAIN_DATA_${name.toUpperCase()}`;
    environment.push(
      { name: `${head}_URI`, value: of(`${name}.uri`) },
      { name: `${head}_START`, value: of(`${name}.window.start`) },
      { name: `${head}_END`, value: of(`${name}.window.end`) },
    );
  }
  for (const [name, word] of Object.entries(node.step.env)) environment.push({ name, value: segments(word, known) });
  return {
    command: node.step.command.map((word) => segments(word, known)),
    environment,
    secrets: node.step.secrets,
  };
}
