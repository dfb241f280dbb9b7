import type { Span } from "../text/source.ts";
import type {
  Approval,
  AtInstant,
  Better,
  Breaker,
  Budget,
  Cause,
  CauseGroup,
  Check,
  Columns,
  Command,
  Cooldown,
  CountedBy,
  CurrentWindow,
  DataSource,
  Decides,
  Environment,
  ExpectRun,
  ExpectRuns,
  ExpectVerdict,
  FirstModel,
  Fresh,
  FromEvaluation,
  FromPredictions,
  FromPrometheus,
  FromRegistry,
  Given,
  Grace,
  Holdout,
  Image,
  KeyColumns,
  LabelColumn,
  LimitBudget,
  LimitTraffic,
  MetricRange,
  MetricType,
  MustHaveApproval,
  MustHaveFairness,
  MustHaveGateRequirement,
  MustHaveNotify,
  MustHaveRollback,
  MustHaveStage,
  MustNotProceed,
  NotifyRule,
  ObserveOnly,
  OnInconclusive,
  OnMissing,
  OnSpot,
  Prose,
  Queue,
  ReferenceFixed,
  ReferenceWindow,
  Registry,
  Requirement,
  RequirementGroup,
  Resources,
  Retry,
  ReviewBy,
  Risk,
  RollbackWhen,
  Secret,
  Serving,
  Settle,
  StatementNode,
  TimeColumn,
  Timeout,
  Traffic,
  TrainingWindow,
  Use,
  Workers,
} from "./tree-statements.ts";
import type {
  Amount,
  AtLeast,
  Broken,
  Expect,
  Literal,
  Name,
  Quantity,
  Range,
  Text,
  ValueNode,
  Word,
} from "./tree-values.ts";

export type * from "./tree-statements.ts";
export type * from "./tree-values.ts";

/**
 * The typed tree of one file: readonly plain objects with a string `kind` and a `span`. Statements keep the order in which
 * they were written, repetitions included; the checker says what may stand once.
 */
type Node<Kind extends string, Fields = unknown> = { readonly kind: Kind; readonly span: Span } & Readonly<Fields>;

export type FileNode = Node<"File", { language?: Language; declarations: readonly Declaration[] }>;

export type Declaration = Import | Policy | Template | Dataset | Metric | Gate | Guardrail | Scenario | Freeze | Broken;

export type Language = Node<"Language", { version: Quantity }>;
export type Import = Node<"Import", { path: Text; names: readonly Name[] }>;
export type Policy = Node<"Policy", { name: Name; from?: TemplateUse; items: readonly Item[] }>;
/** `from NAME(param: value)` */
export type TemplateUse = Node<"TemplateUse", { template: Name; arguments: readonly TemplateArgument[] }>;
export type TemplateArgument = Node<"TemplateArgument", { name: Name; value: Literal }>;
export type Template = Node<"Template", { name: Name; parameters: readonly Parameter[]; items: readonly Item[] }>;
export type Parameter = Node<"Parameter", { name: Name; type: Name; default?: Literal }>;

/** What stands in the braces of a policy, a template or an `override`. */
export type Item =
  | ObserveOnly
  | Prose
  | Risk
  | ReviewBy
  | Model
  | Dataset
  | Metric
  | Trigger
  | Validate
  | Step
  | Gate
  | Rollout
  | Notify
  | Freeze
  | Override
  | Broken;

/** `freeze rollout 2026-11-25..2026-12-01 in "ZONE" because "..."`; `scope` is `rollout` or `all`. */
export type Freeze = Node<"Freeze", { scope: Name; range: Range; zone: Text; because: Text }>;
export type Override = Node<"Override", { because: Text; items: readonly Item[] }>;

export type Model = Node<"Model", { statements: readonly ModelStatement[] }>;
export type ModelStatement = Registry | Serving | FirstModel | Decides | Expect | Broken;

export type Dataset = Node<"Dataset", { name: Name; statements: readonly DatasetStatement[] }>;
export type DatasetStatement =
  | DataSource
  | TimeColumn
  | KeyColumns
  | LabelColumn
  | TrainingWindow
  | ReferenceWindow
  | ReferenceFixed
  | CurrentWindow
  | Holdout
  | Expect
  | Columns
  | Broken;

export type Metric = Node<"Metric", { name: Name; statements: readonly MetricStatement[] }>;
export type MetricStatement =
  | MetricType
  | Better
  | MetricRange
  | Fresh
  | CountedBy
  | FromEvaluation
  | FromPredictions
  | FromPrometheus
  | FromRegistry
  | Broken;

export type Trigger = Node<"Trigger", { statements: readonly TriggerStatement[] }>;
export type TriggerStatement =
  | Cause
  | CauseGroup
  | Check
  | Settle
  | Grace
  | Queue
  | Cooldown
  | Budget
  | Breaker
  | OnMissing
  | Broken;

export type Validate = Node<"Validate", { dataset: Name; statements: readonly ValidateStatement[] }>;
export type ValidateStatement = Requirement | Broken;

/** `train { ... }` or `evaluate { ... }` */
export type Step = Node<"Step", { step: Word<"train" | "evaluate">; statements: readonly StepStatement[] }>;
export type StepStatement =
  | Image
  | Command
  | Environment
  | Secret
  | Resources
  | Timeout
  | Retry
  | OnSpot
  | Workers
  | Broken;

export type Gate = Node<"Gate", { name: Name; statements: readonly GateStatement[] }>;
export type GateStatement = Requirement | RequirementGroup | OnInconclusive | ObserveOnly | Broken;

export type Rollout = Node<"Rollout", { statements: readonly RolloutStatement[] }>;
export type RolloutStatement = Stage | Approval | RollbackWhen | OnInconclusive | Broken;
/** The header's words stand once each, in this order; `stay` is `for MIN..MAX`. */
export type Stage = Node<
  "Stage",
  {
    name: Name;
    traffic?: Traffic;
    stay?: Range;
    atLeast?: AtLeast;
    checkEvery?: Amount;
    watch?: Amount;
    keepChampion?: Amount;
    statements: readonly StageStatement[];
  }
>;
export type StageStatement = Requirement | OnInconclusive | Use | Broken;

export type Notify = Node<"Notify", { statements: readonly NotifyStatement[] }>;
export type NotifyStatement = NotifyRule | Broken;

/** `risks` are the tiers of `applies when risk is high or medium`; empty when the guardrail applies to all. */
export type Guardrail = Node<
  "Guardrail",
  { name: Name; risks: readonly Name[]; statements: readonly GuardrailStatement[] }
>;
export type GuardrailStatement =
  | MustHaveGateRequirement
  | MustHaveFairness
  | MustHaveStage
  | MustHaveApproval
  | MustHaveNotify
  | MustHaveRollback
  | MustNotProceed
  | LimitBudget
  | LimitTraffic
  | Broken;

export type Scenario = Node<"Scenario", { title: Text; policy: Name; statements: readonly ScenarioStatement[] }>;
export type ScenarioStatement = Given | AtInstant | ExpectVerdict | ExpectRun | ExpectRuns | Broken;

export type TreeNode =
  | ValueNode
  | StatementNode
  | FileNode
  | Language
  | Import
  | Policy
  | TemplateUse
  | TemplateArgument
  | Template
  | Parameter
  | Freeze
  | Override
  | Model
  | Dataset
  | Metric
  | Trigger
  | Validate
  | Step
  | Gate
  | Rollout
  | Stage
  | Notify
  | Guardrail
  | Scenario;

export type NodeKind = TreeNode["kind"];
export type NodeOfKind<Kind extends NodeKind> = Extract<TreeNode, { kind: Kind }>;

/** A comment as it was written, with its `//` or its slashes and stars. */
export type Comment = { readonly kind: "line" | "block"; readonly span: Span; readonly text: string };
