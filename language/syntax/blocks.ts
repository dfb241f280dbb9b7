import { firstOfSequence, partsOf, withMembers } from "./grammar-sets.ts";
import { parser } from "./parser.ts";

/** The rule of the statements of each block, by the block's own word. */
const elementRules: Readonly<Record<string, string>> = {
  file: "declaration",
  policy: "item",
  model: "modelStatement",
  dataset: "datasetStatement",
  metric: "metricStatement",
  trigger: "triggerStatement",
  validate: "validateStatement",
  train: "stepStatement",
  gate: "gateStatement",
  rollout: "rolloutStatement",
  stage: "stageStatement",
  notify: "notifyStatement",
  guardrail: "guardrailStatement",
  scenario: "scenarioStatement",
};

const remembered = new Map<string, readonly string[]>();

/** The words with which statements of a rule may begin, without braces and other signs. */
export function statementWords(rule: string): readonly string[] {
  const known = remembered.get(rule);
  if (known !== undefined) return known;
  const production = parser.getGAstProductions()[rule];
  const first = production === undefined ? [] : [...firstOfSequence(partsOf(production)).tokens];
  const words = first.flatMap((type) => /^`([a-z_]+)`$/.exec(type.LABEL ?? "")?.[1] ?? []);
  const found = first.some((type) => withMembers(type).length > 1) ? [] : words;
  remembered.set(rule, found);
  return found;
}

/** The blocks in which a statement may begin with a word, as people call them. */
export function placesOf(word: string): string[] {
  return Object.entries(elementRules)
    .filter(([, rule]) => statementWords(rule).includes(word))
    .map(([block]) => blockTitle(block));
}

/** How a block is called in a message. */
export function blockTitle(block: string): string {
  if (block === "file") return "the file";
  if (block === "step" || block === "train" || block === "evaluate") return "a `train` or `evaluate` block";
  if (block === "requirementGroup" || block === "causeGroup" || block === "group") return "a group";
  if (block === "importNames") return "an `import`";
  if (block === "environment") return "an `env` block";
  return /^[aeiou]/.test(block) ? `an \`${block}\` block` : `a \`${block}\` block`;
}
