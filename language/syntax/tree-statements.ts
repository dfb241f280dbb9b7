import type { Span } from "../text/source.ts";
import type {
  Amount,
  AtLeast,
  Broken,
  Condition,
  List,
  Literal,
  Name,
  Noun,
  Operand,
  OverCount,
  Quantifier,
  Quantity,
  Range,
  Streak,
  Text,
  Value,
  Word,
} from "./tree-values.ts";

/** Statements inside blocks. A statement's span begins at its first word and ends after its last token. */
type Node<Kind extends string, Fields = unknown> = { readonly kind: Kind; readonly span: Span } & Readonly<Fields>;

// policy, template, override
export type ObserveOnly = Node<"ObserveOnly">;
export type Prose = Node<"Prose", { word: Word<ProseWord>; text: Text }>;
export type ProseWord = "description" | "owner" | "intended_use" | "out_of_scope" | "not_measured";
export type Risk = Node<"Risk", { level: Name }>;
export type ReviewBy = Node<"ReviewBy", { date: Quantity }>;

// model
export type Registry = Node<"Registry", { type: Name; name: Text }>;
export type Serving = Node<"Serving", { type: Name; name: Text }>;
/** `group` only with `approval`. */
export type FirstModel = Node<
  "FirstModel",
  { choice: Word<"absolute_gates_only" | "refuse" | "approval">; group?: Text }
>;
export type Decides = Node<"Decides", { at: Amount }>;

// dataset
export type DataSource = Node<"DataSource", { format: Name; uri: Text }>;
export type TimeColumn = Node<"TimeColumn", { column: Name }>;
export type KeyColumns = Node<"KeyColumns", { columns: readonly Name[] }>;
export type LabelColumn = Node<"LabelColumn", { column: Name; maturesAfter: Amount }>;
export type TrainingWindow = Node<"TrainingWindow", { length: Amount }>;
export type ReferenceWindow = Node<"ReferenceWindow", { length: Amount }>;
export type ReferenceFixed = Node<"ReferenceFixed", { uri: Text }>;
export type CurrentWindow = Node<"CurrentWindow", { length: Amount }>;
/** `holdout 14d`, `holdout last 10%` (`last`). */
export type Holdout = Node<"Holdout", { last: boolean; length: Amount }>;
export type Columns = Node<"Columns", { columns: readonly (Column | Broken)[] }>;
export type Column = Node<
  "Column",
  { name: Name | Text; type: Name; range?: Range; oneOf?: List; optional: boolean; from?: Text }
>;

// metric
export type MetricType = Node<"MetricType", { type: Name }>;
export type Better = Node<"Better", { direction: Word<"higher" | "lower"> }>;
export type MetricRange = Node<"MetricRange", { range: Range }>;
export type Fresh = Node<"Fresh", { within: Amount }>;
export type CountedBy = Node<"CountedBy", { query: Text }>;
export type FromEvaluation = Node<"FromEvaluation", { key?: Text }>;
export type FromPredictions = Node<"FromPredictions", { function: Operand }>;
export type FromPrometheus = Node<"FromPrometheus", { query: Text; over?: Text }>;
export type FromRegistry = Node<"FromRegistry", { key: Text }>;

// requirements
export type Requirement = Node<
  "Requirement",
  {
    level: Word<"require" | "advisory" | "warn">;
    /** `for each COLUMN:` */
    forEach?: Name;
    condition: Condition;
    qualifiers: readonly Qualifier[];
  }
>;
export type Qualifier = AtLeast | PoolGroups | Exclude | ClusteredBy;
export type PoolGroups = Node<"PoolGroups", { under: Amount; noun: Noun }>;
export type Exclude = Node<"Exclude", { group: Text; because: Text }>;
export type ClusteredBy = Node<"ClusteredBy", { column: Name }>;
export type RequirementGroup = Node<
  "RequirementGroup",
  { quantifier: Quantifier; requirements: readonly (Requirement | Broken)[] }
>;
/** `because` only with `proceed`; `length` and `then` only with `hold`. */
export type OnInconclusive = Node<
  "OnInconclusive",
  {
    action: Word<"block" | "proceed" | "hold">;
    because?: Text;
    length?: Amount;
    then?: Word<"block" | "rollback">;
  }
>;

// trigger
export type Schedule = Node<"Schedule", { cron: Text; zone: Text }>;
export type EventCause = Node<"EventCause", { name: Text }>;
export type DataCause = Node<"DataCause", { dataset: Name; gains: Amount; labelled: boolean; rows: boolean }>;
/** `drift CONDITION ...`, `decay CONDITION ...`; modifiers in the order in which they were written. */
export type ConditionCause = Node<
  "ConditionCause",
  { family: Word<"drift" | "decay">; condition: Condition; modifiers: readonly CauseModifier[] }
>;
export type CauseModifier = Over | Clears | Streak;
export type Over = Node<"Over", { length: Amount }>;
/** `clears below 0.15 after 3 checks` */
export type Clears = Node<"Clears", { side: Word<"below" | "above">; value: Value; after?: Amount }>;
export type Cause = Schedule | EventCause | DataCause | ConditionCause;
export type CauseGroup = Node<
  "CauseGroup",
  { quantifier: Quantifier; within?: Amount; causes: readonly (Cause | Broken)[] }
>;
export type Check = Node<"Check", { every: Amount }>;
export type Settle = Node<"Settle", { length: Amount }>;
export type Grace = Node<"Grace", { length: Amount }>;
export type Queue = Node<"Queue", { mode: Word<"latest" | "skip" | "replace"> }>;
export type Cooldown = Node<"Cooldown", { entries: readonly CooldownEntry[] }>;
export type CooldownEntry = Node<"CooldownEntry", { length: Amount; outcome: Name }>;
export type Budget = Node<"Budget", { entries: readonly BudgetEntry[]; per: Amount }>;
export type BudgetEntry = Node<"BudgetEntry", { amount: Amount; noun: Name }>;
export type Breaker = Node<"Breaker", { failures: Amount; length: Amount }>;
/** `on missing hold, notify after 3 checks` */
export type OnMissing = Node<"OnMissing", { action: Word<"hold" | "reset">; notifyAfter?: Amount }>;

// train, evaluate
export type Image = Node<"Image", { image: Text }>;
export type Command = Node<"Command", { arguments: List }>;
export type Environment = Node<"Environment", { variables: readonly EnvironmentVariable[] }>;
export type EnvironmentVariable = Node<"EnvironmentVariable", { name: Name; value: Text }>;
export type Secret = Node<"Secret", { name: Name; from: Text }>;
export type Resources = Node<"Resources", { entries: readonly ResourceEntry[] }>;
export type ResourceEntry = Node<"ResourceEntry", { name: Name; amount: Amount }>;
export type Timeout = Node<"Timeout", { length: Amount }>;
export type Retry = Node<"Retry", { times: Amount; backoff?: Range }>;
export type OnSpot = Node<"OnSpot">;
export type Workers = Node<"Workers", { count: Amount }>;

// rollout
export type Traffic = Node<"Traffic", { mode: Word<"mirror" | "traffic">; share: Amount }>;
export type Use = Node<"Use", { name: Name }>;
export type Approval = Node<"Approval", { group: Text; within: Amount }>;
export type RollbackWhen = Node<"RollbackWhen", { condition: Condition; over?: Amount; streak?: Streak }>;

// notify
export type NotifyRule = Node<"NotifyRule", { events: readonly Name[]; channel: Name; secret: boolean; address: Text }>;

// guardrail
export type MustHaveGateRequirement = Node<"MustHaveGateRequirement", { on: Name }>;
export type MustHaveFairness = Node<"MustHaveFairness">;
export type MustHaveStage = Node<"MustHaveStage", { stage: Name; atLeast?: Amount }>;
export type MustHaveApproval = Node<"MustHaveApproval", { above: Amount }>;
export type MustHaveNotify = Node<"MustHaveNotify", { event: Name }>;
export type MustHaveRollback = Node<"MustHaveRollback">;
export type MustNotProceed = Node<"MustNotProceed">;
export type LimitBudget = Node<"LimitBudget", { runs: Amount; per: Amount }>;
export type LimitTraffic = Node<"LimitTraffic", { stage: Name; share: Amount }>;

// scenario
export type Given = Node<"Given", { operand: Operand; value: Literal; over?: OverCount; interval?: Range }>;
export type AtInstant = Node<"AtInstant", { at: Amount; operand: Operand; value: Literal }>;
export type ExpectVerdict = Node<
  "ExpectVerdict",
  {
    subject: Word<"gate" | "stage">;
    name: Name;
    verdict: Word<"passes" | "fails" | "is inconclusive">;
    because?: Text;
  }
>;
export type ExpectRun = Node<"ExpectRun", { at: Amount; because?: Name }>;
export type ExpectRuns = Node<"ExpectRuns", { count: Amount }>;

export type StatementNode =
  | ObserveOnly
  | Prose
  | Risk
  | ReviewBy
  | Registry
  | Serving
  | FirstModel
  | Decides
  | DataSource
  | TimeColumn
  | KeyColumns
  | LabelColumn
  | TrainingWindow
  | ReferenceWindow
  | ReferenceFixed
  | CurrentWindow
  | Holdout
  | Columns
  | Column
  | MetricType
  | Better
  | MetricRange
  | Fresh
  | CountedBy
  | FromEvaluation
  | FromPredictions
  | FromPrometheus
  | FromRegistry
  | Requirement
  | PoolGroups
  | Exclude
  | ClusteredBy
  | RequirementGroup
  | OnInconclusive
  | Cause
  | Over
  | Clears
  | CauseGroup
  | Check
  | Settle
  | Grace
  | Queue
  | Cooldown
  | CooldownEntry
  | Budget
  | BudgetEntry
  | Breaker
  | OnMissing
  | Image
  | Command
  | Environment
  | EnvironmentVariable
  | Secret
  | Resources
  | ResourceEntry
  | Timeout
  | Retry
  | OnSpot
  | Workers
  | Traffic
  | Use
  | Approval
  | RollbackWhen
  | NotifyRule
  | MustHaveGateRequirement
  | MustHaveFairness
  | MustHaveStage
  | MustHaveApproval
  | MustHaveNotify
  | MustHaveRollback
  | MustNotProceed
  | LimitBudget
  | LimitTraffic
  | Given
  | AtInstant
  | ExpectVerdict
  | ExpectRun
  | ExpectRuns;
