import type { NodeKind, NodeOfKind, TreeNode } from "./tree.ts";

/** The keys under which nodes of each kind hold other nodes, in the order in which these stand in the text. */
type ChildKeyTable = { readonly [Kind in NodeKind]: readonly ChildKeyOf<NodeOfKind<Kind>>[] };
type ChildKeyOf<Node> = Node extends unknown
  ? {
      [Key in keyof Node]-?: Exclude<Node[Key], undefined> extends TreeNode | readonly TreeNode[] ? Key : never;
    }[keyof Node]
  : never;

/** One table drives the visitor, the dump, the formatter's check and every test that walks a tree. */
export const childKeys: ChildKeyTable = {
  File: ["language", "declarations"],
  Language: ["version"],
  Import: ["path", "names"],
  Policy: ["name", "from", "items"],
  TemplateUse: ["template", "arguments"],
  TemplateArgument: ["name", "value"],
  Template: ["name", "parameters", "items"],
  Parameter: ["name", "type", "default"],
  Freeze: ["scope", "range", "zone", "because"],
  Override: ["because", "items"],
  Model: ["statements"],
  Dataset: ["name", "statements"],
  Metric: ["name", "statements"],
  Trigger: ["statements"],
  Validate: ["dataset", "statements"],
  Step: ["step", "statements"],
  Gate: ["name", "statements"],
  Rollout: ["statements"],
  Stage: ["name", "traffic", "stay", "atLeast", "checkEvery", "watch", "keepChampion", "statements"],
  Notify: ["statements"],
  Guardrail: ["name", "risks", "statements"],
  Scenario: ["title", "policy", "statements"],

  ObserveOnly: [],
  Prose: ["word", "text"],
  Risk: ["level"],
  ReviewBy: ["date"],
  Registry: ["type", "name"],
  Serving: ["type", "name"],
  FirstModel: ["choice", "group"],
  Decides: ["at"],
  DataSource: ["format", "uri"],
  TimeColumn: ["column"],
  KeyColumns: ["columns"],
  LabelColumn: ["column", "maturesAfter"],
  TrainingWindow: ["length"],
  ReferenceWindow: ["length"],
  ReferenceFixed: ["uri"],
  CurrentWindow: ["length"],
  Holdout: ["length"],
  Columns: ["columns"],
  Column: ["name", "type", "range", "oneOf", "from"],
  MetricType: ["type"],
  Better: ["direction"],
  MetricRange: ["range"],
  Fresh: ["within"],
  CountedBy: ["query"],
  FromEvaluation: ["key"],
  FromPredictions: ["function"],
  FromPrometheus: ["query", "over"],
  FromRegistry: ["key"],
  Requirement: ["level", "forEach", "condition", "qualifiers"],
  PoolGroups: ["under", "noun"],
  Exclude: ["group", "because"],
  ClusteredBy: ["column"],
  RequirementGroup: ["quantifier", "requirements"],
  OnInconclusive: ["action", "because", "length", "then"],
  Schedule: ["cron", "zone"],
  EventCause: ["name"],
  DataCause: ["dataset", "gains"],
  ConditionCause: ["family", "condition", "modifiers"],
  Over: ["length"],
  Clears: ["side", "value", "after"],
  CauseGroup: ["quantifier", "within", "causes"],
  Check: ["every"],
  Settle: ["length"],
  Grace: ["length"],
  Queue: ["mode"],
  Cooldown: ["entries"],
  CooldownEntry: ["length", "outcome"],
  Budget: ["entries", "per"],
  BudgetEntry: ["amount", "noun"],
  Breaker: ["failures", "length"],
  OnMissing: ["action", "notifyAfter"],
  Image: ["image"],
  Command: ["arguments"],
  Environment: ["variables"],
  EnvironmentVariable: ["name", "value"],
  Secret: ["name", "from"],
  Resources: ["entries"],
  ResourceEntry: ["name", "amount"],
  Timeout: ["length"],
  Retry: ["times", "backoff"],
  OnSpot: [],
  Workers: ["count"],
  Traffic: ["mode", "share"],
  Use: ["name"],
  Approval: ["group", "within"],
  RollbackWhen: ["condition", "over", "streak"],
  NotifyRule: ["events", "channel", "address"],
  MustHaveGateRequirement: ["on"],
  MustHaveFairness: [],
  MustHaveStage: ["stage", "atLeast"],
  MustHaveApproval: ["above"],
  MustHaveNotify: ["event"],
  MustHaveRollback: [],
  MustNotProceed: [],
  LimitBudget: ["runs", "per"],
  LimitTraffic: ["stage", "share"],
  Given: ["operand", "value", "over", "interval"],
  AtInstant: ["at", "operand", "value"],
  ExpectVerdict: ["subject", "name", "verdict", "because"],
  ExpectRun: ["at", "because"],
  ExpectRuns: ["count"],

  Name: [],
  Word: [],
  Text: [],
  Quantity: [],
  Range: ["low", "high"],
  List: ["items"],
  Operand: ["path", "arguments"],
  NamedArgument: ["name", "value"],
  ComparisonArgument: ["left", "operator", "right"],
  Margin: ["value"],
  Condition: ["subject", "test", "confidence"],
  Comparison: ["operator", "value"],
  InRange: ["range"],
  Matches: [],
  ComparedWith: ["direction", "than", "margin"],
  MovedFrom: ["verb", "margin", "side", "from"],
  AtLeast: ["count", "noun"],
  OverCount: ["count", "noun"],
  Expect: ["count", "noun", "per"],
  Quantifier: ["count"],
  StreakFor: ["amount"],
  StreakIn: ["hits", "of"],
  Broken: [],
};

/** The nodes directly inside a node, in the order of the text. */
export function childrenOf(node: TreeNode): TreeNode[] {
  const children: TreeNode[] = [];
  const fields = node as unknown as Readonly<Record<string, TreeNode | readonly TreeNode[] | undefined>>;
  for (const key of childKeys[node.kind]) {
    const value = fields[key];
    if (Array.isArray(value)) for (const each of value as readonly TreeNode[]) children.push(each);
    else if (value !== undefined) children.push(value as TreeNode);
  }
  return children;
}

/** Calls `visit` for a node and everything inside it, outer nodes first; `visit` returning false skips what is inside. */
export function walk(node: TreeNode, visit: (node: TreeNode) => boolean | undefined): void {
  if (visit(node) === false) return;
  for (const child of childrenOf(node)) walk(child, visit);
}
