import { PipelinePlan } from "../../../compiler/plan/plan.ts";

/** Where a text of a policy or of its environment stands in a plan. */
export type Path = readonly (string | number)[];

/** Members that hold a name of the language, a reference to one, or a word of a closed list: the checker and the configuration let nothing hostile through. */
const NAMES = new Set(
  "name id dataset time column metric from to word subject zone cron forEach environment event schema digest verb".split(
    " ",
  ),
);

/** Every position of a plan that takes any text: found by trying, not by a list. `leaves` is asked about each, for those that a target is not to be shown. */
export function textPositions(plan: PipelinePlan, leaves: (path: Path) => boolean = () => true): Path[] {
  const found: Path[] = [];
  const walk = (value: unknown, path: Path): void => {
    if (typeof value === "string") {
      const name = path.findLast((part) => typeof part === "string");
      if (!NAMES.has(String(name)) && !isColumn(path) && leaves(path) && takes(plan, path)) found.push(path);
    } else if (typeof value === "object" && value !== null) {
      for (const [key, member] of Object.entries(value))
        walk(member, [...path, Array.isArray(value) ? Number(key) : key]);
    }
  };
  walk(plan, []);
  return found;
}

/** Columns are names too: lists of them have no member of their own. */
const isColumn = (path: Path): boolean => path.at(-2) === "columns" || path.at(-2) === "key";

function takes(plan: PipelinePlan, path: Path): boolean {
  return PipelinePlan.safeParse(withTexts(plan, [path], () => "a: {{ b }} 'c'\n")).success;
}

/** The plan with another text at each of some positions. */
export function withTexts(
  plan: PipelinePlan,
  paths: readonly Path[],
  textOf: (index: number, path: Path) => string,
): PipelinePlan {
  const copy = structuredClone(plan);
  for (const [index, path] of paths.entries()) {
    let at = copy as unknown as Record<string | number, unknown>;
    for (const part of path.slice(0, -1)) at = at[part] as Record<string | number, unknown>;
    at[path.at(-1) ?? ""] = textOf(index, path);
  }
  return copy;
}

/** The plan with a text in each place of a step that the example leaves empty, and an approval whose group is any text. */
export function withEverything(plan: PipelinePlan): PipelinePlan {
  const { rollout } = plan.programs;
  if (rollout === undefined) throw new Error("a plan without a rollout");
  const [shadow, ...stages] = rollout.stages;
  if (shadow === undefined) throw new Error("a rollout without stages");
  const approval = { ...shadow, name: "people", kind: "approval" as const, requirements: [], approvers: "owners" };
  const { onInconclusive: _, minimum: __, ...asked } = approval;
  const at = plan.retrain.nodes.findIndex(({ id }) => id === "stage.shadow");
  const nodes = plan.retrain.nodes.map((node) =>
    node.kind === "step"
      ? { ...node, step: { ...node.step, image: node.step.image ?? "image", env: { AUTHORS: "a", OTHERS: "b" } } }
      : node,
  );
  const stage = nodes[at];
  if (stage?.kind !== "verb") throw new Error("a plan without a shadow");
  return {
    ...plan,
    policy: { ...plan.policy, intendedUse: "use" },
    programs: { ...plan.programs, rollout: { ...rollout, stages: [asked, shadow, ...stages] } },
    retrain: {
      nodes: [...nodes.slice(0, at), { ...stage, id: "stage.people", subject: "people" }, ...nodes.slice(at)],
      edges: [
        ...plan.retrain.edges.map((edge) => (edge.to === "stage.shadow" ? { ...edge, to: "stage.people" } : edge)),
        { from: "stage.people", word: "advance", to: "stage.shadow" },
      ],
    },
  };
}
