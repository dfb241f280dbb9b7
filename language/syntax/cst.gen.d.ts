import type { CstNode, ICstVisitor, IToken } from "chevrotain";

export interface NameCstNode extends CstNode {
  name: "name";
  children: NameCstChildren;
}

export type NameCstChildren = {
  NameLike: IToken[];
};

export interface AmountCstNode extends CstNode {
  name: "amount";
  children: AmountCstChildren;
}

export type AmountCstChildren = {
  Quantity?: IToken[];
  Identifier?: IToken[];
};

export interface TextCstNode extends CstNode {
  name: "text";
  children: TextCstChildren;
}

export type TextCstChildren = {
  TextLike: IToken[];
};

export interface ListCstNode extends CstNode {
  name: "list";
  children: ListCstChildren;
}

export type ListCstChildren = {
  LeftBracket: IToken[];
  text?: (TextCstNode)[];
  Comma?: IToken[];
  RightBracket: IToken[];
};

export interface RangeCstNode extends CstNode {
  name: "range";
  children: RangeCstChildren;
}

export type RangeCstChildren = {
  amount: (AmountCstNode)[];
  DotDot: IToken[];
};

export interface LiteralCstNode extends CstNode {
  name: "literal";
  children: LiteralCstChildren;
}

export type LiteralCstChildren = {
  Quantity?: IToken[];
  text?: TextCstNode[];
  list?: ListCstNode[];
};

export interface ValueCstNode extends CstNode {
  name: "value";
  children: ValueCstChildren;
}

export type ValueCstChildren = {
  literal?: LiteralCstNode[];
  operand?: OperandCstNode[];
};

export interface MarginCstNode extends CstNode {
  name: "margin";
  children: MarginCstChildren;
}

export type MarginCstChildren = {
  RelativeWord?: IToken[];
  value: ValueCstNode[];
};

export interface OperandCstNode extends CstNode {
  name: "operand";
  children: OperandCstChildren;
}

export type OperandCstChildren = {
  Head: IToken[];
  Dot?: IToken[];
  name?: NameCstNode[];
  LeftParenthesis?: IToken[];
  argument?: (ArgumentCstNode)[];
  Comma?: IToken[];
  RightParenthesis?: IToken[];
};

export interface ArgumentCstNode extends CstNode {
  name: "argument";
  children: ArgumentCstChildren;
}

export type ArgumentCstChildren = {
  RelativeWord?: IToken[];
  literal?: (LiteralCstNode)[];
  operand?: OperandCstNode[];
  argumentTail?: ArgumentTailCstNode[];
};

export interface ArgumentTailCstNode extends CstNode {
  name: "argumentTail";
  children: ArgumentTailCstChildren;
}

export type ArgumentTailCstChildren = {
  Colon?: IToken[];
  Operator?: IToken[];
  value: ValueCstNode[];
};

export interface NounCstNode extends CstNode {
  name: "noun";
  children: NounCstChildren;
}

export type NounCstChildren = {
  RowsWord?: IToken[];
  PositivesWord?: IToken[];
  NegativesWord?: IToken[];
  RequestsWord?: IToken[];
  PairsWord?: IToken[];
  RunsWord?: IToken[];
  ChecksWord?: IToken[];
  FailuresWord?: IToken[];
};

export interface ExpectCstNode extends CstNode {
  name: "expect";
  children: ExpectCstChildren;
}

export type ExpectCstChildren = {
  ExpectWord: IToken[];
  amount: (AmountCstNode)[];
  noun: NounCstNode[];
  PerWord: IToken[];
};

export interface ConditionCstNode extends CstNode {
  name: "condition";
  children: ConditionCstChildren;
}

export type ConditionCstChildren = {
  operand: OperandCstNode[];
  test: TestCstNode[];
  AtWord?: IToken[];
  amount?: AmountCstNode[];
  ConfidenceWord?: IToken[];
};

export interface TestCstNode extends CstNode {
  name: "test";
  children: TestCstChildren;
}

export type TestCstChildren = {
  comparison?: ComparisonCstNode[];
  inRange?: InRangeCstNode[];
  MatchesWord?: IToken[];
  comparedWith?: ComparedWithCstNode[];
  movedFrom?: MovedFromCstNode[];
};

export interface ComparisonCstNode extends CstNode {
  name: "comparison";
  children: ComparisonCstChildren;
}

export type ComparisonCstChildren = {
  Operator: IToken[];
  value: ValueCstNode[];
};

export interface InRangeCstNode extends CstNode {
  name: "inRange";
  children: InRangeCstChildren;
}

export type InRangeCstChildren = {
  InWord: IToken[];
  range: RangeCstNode[];
};

export interface ComparedWithCstNode extends CstNode {
  name: "comparedWith";
  children: ComparedWithCstChildren;
}

export type ComparedWithCstChildren = {
  NotWord?: IToken[];
  WorseWord?: IToken[];
  BetterWord?: IToken[];
  ThanWord: IToken[];
  operand: OperandCstNode[];
  ByWord: IToken[];
  margin: MarginCstNode[];
};

export interface MovedFromCstNode extends CstNode {
  name: "movedFrom";
  children: MovedFromCstChildren;
}

export type MovedFromCstChildren = {
  DropsWord?: IToken[];
  RisesWord?: IToken[];
  margin: MarginCstNode[];
  BelowWord?: IToken[];
  AboveWord?: IToken[];
  operand: OperandCstNode[];
};

export interface StreakCstNode extends CstNode {
  name: "streak";
  children: StreakCstChildren;
}

export type StreakCstChildren = {
  ForWord?: IToken[];
  amount?: (AmountCstNode)[];
  ChecksWord?: (IToken)[];
  InWord?: IToken[];
  OfWord?: IToken[];
};

export interface QualifierCstNode extends CstNode {
  name: "qualifier";
  children: QualifierCstChildren;
}

export type QualifierCstChildren = {
  atLeast?: AtLeastCstNode[];
  poolGroups?: PoolGroupsCstNode[];
  exclude?: ExcludeCstNode[];
  clusteredBy?: ClusteredByCstNode[];
};

export interface AtLeastCstNode extends CstNode {
  name: "atLeast";
  children: AtLeastCstChildren;
}

export type AtLeastCstChildren = {
  AtWord: IToken[];
  LeastWord: IToken[];
  amount: AmountCstNode[];
  noun: NounCstNode[];
};

export interface PoolGroupsCstNode extends CstNode {
  name: "poolGroups";
  children: PoolGroupsCstChildren;
}

export type PoolGroupsCstChildren = {
  PoolWord: IToken[];
  GroupsWord: IToken[];
  UnderWord: IToken[];
  amount: AmountCstNode[];
  noun: NounCstNode[];
};

export interface ExcludeCstNode extends CstNode {
  name: "exclude";
  children: ExcludeCstChildren;
}

export type ExcludeCstChildren = {
  ExcludeWord: IToken[];
  text: (TextCstNode)[];
  BecauseWord: IToken[];
};

export interface ClusteredByCstNode extends CstNode {
  name: "clusteredBy";
  children: ClusteredByCstChildren;
}

export type ClusteredByCstChildren = {
  ClusteredWord: IToken[];
  ByWord: IToken[];
  name: NameCstNode[];
};

export interface RequirementCstNode extends CstNode {
  name: "requirement";
  children: RequirementCstChildren;
}

export type RequirementCstChildren = {
  RequireWord?: IToken[];
  AdvisoryWord?: IToken[];
  WarnWord?: IToken[];
  ForWord?: IToken[];
  EachWord?: IToken[];
  name?: NameCstNode[];
  Colon?: IToken[];
  condition: ConditionCstNode[];
  Comma?: IToken[];
  qualifier?: QualifierCstNode[];
};

export interface QuantifierCstNode extends CstNode {
  name: "quantifier";
  children: QuantifierCstChildren;
}

export type QuantifierCstChildren = {
  AnyWord?: IToken[];
  AllWord?: IToken[];
  AtWord?: IToken[];
  LeastWord?: IToken[];
  NumberQuantity?: IToken[];
  OfWord: IToken[];
};

export interface OnInconclusiveCstNode extends CstNode {
  name: "onInconclusive";
  children: OnInconclusiveCstChildren;
}

export type OnInconclusiveCstChildren = {
  OnWord: IToken[];
  InconclusiveWord: IToken[];
  BlockWord?: (IToken)[];
  ProceedWord?: IToken[];
  BecauseWord?: IToken[];
  text?: TextCstNode[];
  HoldWord?: IToken[];
  amount?: AmountCstNode[];
  ThenWord?: IToken[];
  RollbackWord?: IToken[];
};

export interface ObserveOnlyCstNode extends CstNode {
  name: "observeOnly";
  children: ObserveOnlyCstChildren;
}

export type ObserveOnlyCstChildren = {
  ObserveWord: IToken[];
  OnlyWord: IToken[];
};

export interface JunkCstNode extends CstNode {
  name: "junk";
  children: JunkCstChildren;
}

export type JunkCstChildren = {
  Any?: (IToken)[];
  balanced?: (BalancedCstNode)[];
};

export interface StrayBraceCstNode extends CstNode {
  name: "strayBrace";
  children: StrayBraceCstChildren;
}

export type StrayBraceCstChildren = {
  RightBrace: IToken[];
};

export interface BalancedCstNode extends CstNode {
  name: "balanced";
  children: BalancedCstChildren;
}

export type BalancedCstChildren = {
  LeftBrace: IToken[];
  Any?: IToken[];
  balanced?: BalancedCstNode[];
  RightBrace: IToken[];
};

export interface ProseCstNode extends CstNode {
  name: "prose";
  children: ProseCstChildren;
}

export type ProseCstChildren = {
  DescriptionWord?: IToken[];
  OwnerWord?: IToken[];
  IntendedUseWord?: IToken[];
  OutOfScopeWord?: IToken[];
  NotMeasuredWord?: IToken[];
  text: TextCstNode[];
};

export interface RiskCstNode extends CstNode {
  name: "risk";
  children: RiskCstChildren;
}

export type RiskCstChildren = {
  RiskWord: IToken[];
  name: NameCstNode[];
};

export interface ReviewByCstNode extends CstNode {
  name: "reviewBy";
  children: ReviewByCstChildren;
}

export type ReviewByCstChildren = {
  ReviewByWord: IToken[];
  DateQuantity: IToken[];
};

export interface FreezeCstNode extends CstNode {
  name: "freeze";
  children: FreezeCstChildren;
}

export type FreezeCstChildren = {
  FreezeWord: IToken[];
  name: NameCstNode[];
  range: RangeCstNode[];
  InWord: IToken[];
  text: (TextCstNode)[];
  BecauseWord: IToken[];
};

export interface RegistryCstNode extends CstNode {
  name: "registry";
  children: RegistryCstChildren;
}

export type RegistryCstChildren = {
  RegistryWord: IToken[];
  name: NameCstNode[];
  text: TextCstNode[];
};

export interface ServingCstNode extends CstNode {
  name: "serving";
  children: ServingCstChildren;
}

export type ServingCstChildren = {
  ServingWord: IToken[];
  name: NameCstNode[];
  text: TextCstNode[];
};

export interface FirstModelCstNode extends CstNode {
  name: "firstModel";
  children: FirstModelCstChildren;
}

export type FirstModelCstChildren = {
  FirstModelWord: IToken[];
  AbsoluteGatesOnlyWord?: IToken[];
  RefuseWord?: IToken[];
  ApprovalWord?: IToken[];
  text?: TextCstNode[];
};

export interface DecidesCstNode extends CstNode {
  name: "decides";
  children: DecidesCstChildren;
}

export type DecidesCstChildren = {
  DecidesWord: IToken[];
  AtWord: IToken[];
  amount: AmountCstNode[];
};

export interface DataSourceCstNode extends CstNode {
  name: "dataSource";
  children: DataSourceCstChildren;
}

export type DataSourceCstChildren = {
  SourceWord: IToken[];
  name: NameCstNode[];
  text: TextCstNode[];
};

export interface TimeColumnCstNode extends CstNode {
  name: "timeColumn";
  children: TimeColumnCstChildren;
}

export type TimeColumnCstChildren = {
  TimeWord: IToken[];
  name: NameCstNode[];
};

export interface KeyColumnsCstNode extends CstNode {
  name: "keyColumns";
  children: KeyColumnsCstChildren;
}

export type KeyColumnsCstChildren = {
  KeyWord: IToken[];
  name: (NameCstNode)[];
  Comma?: IToken[];
};

export interface LabelColumnCstNode extends CstNode {
  name: "labelColumn";
  children: LabelColumnCstChildren;
}

export type LabelColumnCstChildren = {
  LabelWord: IToken[];
  name: NameCstNode[];
  MaturesWord: IToken[];
  AfterWord: IToken[];
  amount: AmountCstNode[];
};

export interface TrainingWindowCstNode extends CstNode {
  name: "trainingWindow";
  children: TrainingWindowCstChildren;
}

export type TrainingWindowCstChildren = {
  TrainingWord: IToken[];
  amount: AmountCstNode[];
};

export interface ReferenceCstNode extends CstNode {
  name: "reference";
  children: ReferenceCstChildren;
}

export type ReferenceCstChildren = {
  ReferenceWord: IToken[];
  amount?: AmountCstNode[];
  BeforeWord?: IToken[];
  PromotionWord?: IToken[];
  FixedWord?: IToken[];
  text?: TextCstNode[];
};

export interface CurrentWindowCstNode extends CstNode {
  name: "currentWindow";
  children: CurrentWindowCstChildren;
}

export type CurrentWindowCstChildren = {
  CurrentWord: IToken[];
  amount: AmountCstNode[];
};

export interface HoldoutCstNode extends CstNode {
  name: "holdout";
  children: HoldoutCstChildren;
}

export type HoldoutCstChildren = {
  HoldoutWord: IToken[];
  LastWord?: IToken[];
  amount: AmountCstNode[];
};

export interface ColumnCstNode extends CstNode {
  name: "column";
  children: ColumnCstChildren;
}

export type ColumnCstChildren = {
  name: (NameCstNode)[];
  text?: (TextCstNode)[];
  InWord?: IToken[];
  range?: RangeCstNode[];
  OneWord?: IToken[];
  OfWord?: IToken[];
  list?: ListCstNode[];
  OptionalWord?: IToken[];
  FromWord?: IToken[];
};

export interface ColumnElementCstNode extends CstNode {
  name: "columnElement";
  children: ColumnElementCstChildren;
}

export type ColumnElementCstChildren = {
  column?: ColumnCstNode[];
  junk?: JunkCstNode[];
};

export interface ColumnsCstNode extends CstNode {
  name: "columns";
  children: ColumnsCstChildren;
}

export type ColumnsCstChildren = {
  ColumnsWord: IToken[];
  LeftBrace: IToken[];
  columnElement?: ColumnElementCstNode[];
  RightBrace: IToken[];
};

export interface MetricTypeCstNode extends CstNode {
  name: "metricType";
  children: MetricTypeCstChildren;
}

export type MetricTypeCstChildren = {
  TypeWord: IToken[];
  name: NameCstNode[];
};

export interface BetterCstNode extends CstNode {
  name: "better";
  children: BetterCstChildren;
}

export type BetterCstChildren = {
  BetterWord: IToken[];
  HigherWord?: IToken[];
  LowerWord?: IToken[];
};

export interface MetricRangeCstNode extends CstNode {
  name: "metricRange";
  children: MetricRangeCstChildren;
}

export type MetricRangeCstChildren = {
  RangeWord: IToken[];
  range: RangeCstNode[];
};

export interface FreshCstNode extends CstNode {
  name: "fresh";
  children: FreshCstChildren;
}

export type FreshCstChildren = {
  FreshWord: IToken[];
  WithinWord: IToken[];
  amount: AmountCstNode[];
};

export interface CountedByCstNode extends CstNode {
  name: "countedBy";
  children: CountedByCstChildren;
}

export type CountedByCstChildren = {
  CountedWord: IToken[];
  ByWord: IToken[];
  text: TextCstNode[];
};

export interface MetricOriginCstNode extends CstNode {
  name: "metricOrigin";
  children: MetricOriginCstChildren;
}

export type MetricOriginCstChildren = {
  FromWord: IToken[];
  EvaluationWord?: IToken[];
  AsWord?: IToken[];
  text?: (TextCstNode)[];
  PredictionsWord?: IToken[];
  UsingWord?: IToken[];
  operand?: OperandCstNode[];
  PrometheusWord?: IToken[];
  OverWord?: IToken[];
  RegistryWord?: IToken[];
};

export interface RequirementElementCstNode extends CstNode {
  name: "requirementElement";
  children: RequirementElementCstChildren;
}

export type RequirementElementCstChildren = {
  requirement?: RequirementCstNode[];
  junk?: JunkCstNode[];
};

export interface RequirementGroupCstNode extends CstNode {
  name: "requirementGroup";
  children: RequirementGroupCstChildren;
}

export type RequirementGroupCstChildren = {
  quantifier: QuantifierCstNode[];
  LeftBrace: IToken[];
  requirementElement?: RequirementElementCstNode[];
  RightBrace: IToken[];
};

export interface CauseCstNode extends CstNode {
  name: "cause";
  children: CauseCstChildren;
}

export type CauseCstChildren = {
  schedule?: ScheduleCstNode[];
  eventCause?: EventCauseCstNode[];
  dataCause?: DataCauseCstNode[];
  conditionCause?: ConditionCauseCstNode[];
};

export interface ScheduleCstNode extends CstNode {
  name: "schedule";
  children: ScheduleCstChildren;
}

export type ScheduleCstChildren = {
  ScheduleWord: IToken[];
  text: (TextCstNode)[];
  InWord: IToken[];
};

export interface EventCauseCstNode extends CstNode {
  name: "eventCause";
  children: EventCauseCstChildren;
}

export type EventCauseCstChildren = {
  EventWord: IToken[];
  text: TextCstNode[];
};

export interface DataCauseCstNode extends CstNode {
  name: "dataCause";
  children: DataCauseCstChildren;
}

export type DataCauseCstChildren = {
  DataWord: IToken[];
  name: NameCstNode[];
  GainsWord: IToken[];
  amount: AmountCstNode[];
  LabelledWord?: IToken[];
  RowsWord?: IToken[];
};

export interface ConditionCauseCstNode extends CstNode {
  name: "conditionCause";
  children: ConditionCauseCstChildren;
}

export type ConditionCauseCstChildren = {
  DriftWord?: IToken[];
  DecayWord?: IToken[];
  condition: ConditionCstNode[];
  causeModifier?: CauseModifierCstNode[];
};

export interface CauseModifierCstNode extends CstNode {
  name: "causeModifier";
  children: CauseModifierCstChildren;
}

export type CauseModifierCstChildren = {
  over?: OverCstNode[];
  clears?: ClearsCstNode[];
  streak?: StreakCstNode[];
};

export interface OverCstNode extends CstNode {
  name: "over";
  children: OverCstChildren;
}

export type OverCstChildren = {
  OverWord: IToken[];
  amount: AmountCstNode[];
};

export interface ClearsCstNode extends CstNode {
  name: "clears";
  children: ClearsCstChildren;
}

export type ClearsCstChildren = {
  ClearsWord: IToken[];
  BelowWord?: IToken[];
  AboveWord?: IToken[];
  value: ValueCstNode[];
  AfterWord?: IToken[];
  amount?: AmountCstNode[];
  ChecksWord?: IToken[];
};

export interface CauseElementCstNode extends CstNode {
  name: "causeElement";
  children: CauseElementCstChildren;
}

export type CauseElementCstChildren = {
  cause?: CauseCstNode[];
  junk?: JunkCstNode[];
};

export interface CauseGroupCstNode extends CstNode {
  name: "causeGroup";
  children: CauseGroupCstChildren;
}

export type CauseGroupCstChildren = {
  quantifier: QuantifierCstNode[];
  WithinWord?: IToken[];
  amount?: AmountCstNode[];
  LeftBrace: IToken[];
  causeElement?: CauseElementCstNode[];
  RightBrace: IToken[];
};

export interface CheckCstNode extends CstNode {
  name: "check";
  children: CheckCstChildren;
}

export type CheckCstChildren = {
  CheckWord: IToken[];
  EveryWord: IToken[];
  amount: AmountCstNode[];
};

export interface SettleCstNode extends CstNode {
  name: "settle";
  children: SettleCstChildren;
}

export type SettleCstChildren = {
  SettleWord?: IToken[];
  GraceWord?: IToken[];
  amount: AmountCstNode[];
};

export interface QueueCstNode extends CstNode {
  name: "queue";
  children: QueueCstChildren;
}

export type QueueCstChildren = {
  QueueWord: IToken[];
  LatestWord?: IToken[];
  SkipWord?: IToken[];
  ReplaceWord?: IToken[];
};

export interface CooldownCstNode extends CstNode {
  name: "cooldown";
  children: CooldownCstChildren;
}

export type CooldownCstChildren = {
  CooldownWord: IToken[];
  cooldownEntry: (CooldownEntryCstNode)[];
  Comma?: IToken[];
};

export interface CooldownEntryCstNode extends CstNode {
  name: "cooldownEntry";
  children: CooldownEntryCstChildren;
}

export type CooldownEntryCstChildren = {
  amount: AmountCstNode[];
  AfterWord: IToken[];
  name: NameCstNode[];
};

export interface BudgetCstNode extends CstNode {
  name: "budget";
  children: BudgetCstChildren;
}

export type BudgetCstChildren = {
  BudgetWord: IToken[];
  budgetEntry: (BudgetEntryCstNode)[];
  Comma?: IToken[];
  PerWord: IToken[];
  amount: AmountCstNode[];
};

export interface BudgetEntryCstNode extends CstNode {
  name: "budgetEntry";
  children: BudgetEntryCstChildren;
}

export type BudgetEntryCstChildren = {
  amount: AmountCstNode[];
  name: NameCstNode[];
};

export interface BreakerCstNode extends CstNode {
  name: "breaker";
  children: BreakerCstChildren;
}

export type BreakerCstChildren = {
  BreakerWord: IToken[];
  OpensWord: IToken[];
  AfterWord: IToken[];
  amount: (AmountCstNode)[];
  FailuresWord: IToken[];
  ForWord: IToken[];
};

export interface OnMissingCstNode extends CstNode {
  name: "onMissing";
  children: OnMissingCstChildren;
}

export type OnMissingCstChildren = {
  OnWord: IToken[];
  MissingWord: IToken[];
  HoldWord?: IToken[];
  ResetWord?: IToken[];
  Comma?: IToken[];
  NotifyWord?: IToken[];
  AfterWord?: IToken[];
  amount?: AmountCstNode[];
  ChecksWord?: IToken[];
};

export interface ImageCstNode extends CstNode {
  name: "image";
  children: ImageCstChildren;
}

export type ImageCstChildren = {
  ImageWord: IToken[];
  text: TextCstNode[];
};

export interface CommandCstNode extends CstNode {
  name: "command";
  children: CommandCstChildren;
}

export type CommandCstChildren = {
  CommandWord: IToken[];
  list: ListCstNode[];
};

export interface EnvironmentVariableCstNode extends CstNode {
  name: "environmentVariable";
  children: EnvironmentVariableCstChildren;
}

export type EnvironmentVariableCstChildren = {
  name: NameCstNode[];
  Assign: IToken[];
  text: TextCstNode[];
};

export interface EnvironmentElementCstNode extends CstNode {
  name: "environmentElement";
  children: EnvironmentElementCstChildren;
}

export type EnvironmentElementCstChildren = {
  environmentVariable?: EnvironmentVariableCstNode[];
  junk?: JunkCstNode[];
};

export interface EnvironmentCstNode extends CstNode {
  name: "environment";
  children: EnvironmentCstChildren;
}

export type EnvironmentCstChildren = {
  EnvWord: IToken[];
  LeftBrace: IToken[];
  environmentElement?: EnvironmentElementCstNode[];
  RightBrace: IToken[];
};

export interface SecretCstNode extends CstNode {
  name: "secret";
  children: SecretCstChildren;
}

export type SecretCstChildren = {
  SecretWord: IToken[];
  name: NameCstNode[];
  FromWord: IToken[];
  text: TextCstNode[];
};

export interface ResourceEntryCstNode extends CstNode {
  name: "resourceEntry";
  children: ResourceEntryCstChildren;
}

export type ResourceEntryCstChildren = {
  name: NameCstNode[];
  amount: AmountCstNode[];
};

export interface ResourceElementCstNode extends CstNode {
  name: "resourceElement";
  children: ResourceElementCstChildren;
}

export type ResourceElementCstChildren = {
  resourceEntry?: ResourceEntryCstNode[];
  junk?: JunkCstNode[];
};

export interface ResourcesCstNode extends CstNode {
  name: "resources";
  children: ResourcesCstChildren;
}

export type ResourcesCstChildren = {
  ResourcesWord: IToken[];
  LeftBrace: IToken[];
  resourceElement?: ResourceElementCstNode[];
  RightBrace: IToken[];
};

export interface TimeoutCstNode extends CstNode {
  name: "timeout";
  children: TimeoutCstChildren;
}

export type TimeoutCstChildren = {
  TimeoutWord: IToken[];
  amount: AmountCstNode[];
};

export interface RetryCstNode extends CstNode {
  name: "retry";
  children: RetryCstChildren;
}

export type RetryCstChildren = {
  RetryWord: IToken[];
  amount: AmountCstNode[];
  TimesWord: IToken[];
  BackoffWord?: IToken[];
  range?: RangeCstNode[];
};

export interface OnSpotCstNode extends CstNode {
  name: "onSpot";
  children: OnSpotCstChildren;
}

export type OnSpotCstChildren = {
  OnWord: IToken[];
  SpotWord: IToken[];
};

export interface WorkersCstNode extends CstNode {
  name: "workers";
  children: WorkersCstChildren;
}

export type WorkersCstChildren = {
  WorkersWord: IToken[];
  amount: AmountCstNode[];
};

export interface ApprovalCstNode extends CstNode {
  name: "approval";
  children: ApprovalCstChildren;
}

export type ApprovalCstChildren = {
  ApprovalWord: IToken[];
  text: TextCstNode[];
  WithinWord: IToken[];
  amount: AmountCstNode[];
};

export interface RollbackWhenCstNode extends CstNode {
  name: "rollbackWhen";
  children: RollbackWhenCstChildren;
}

export type RollbackWhenCstChildren = {
  RollbackWord: IToken[];
  WhenWord: IToken[];
  condition: ConditionCstNode[];
  over?: OverCstNode[];
  streak?: StreakCstNode[];
};

export interface TrafficCstNode extends CstNode {
  name: "traffic";
  children: TrafficCstChildren;
}

export type TrafficCstChildren = {
  MirrorWord?: IToken[];
  TrafficWord?: IToken[];
  amount: AmountCstNode[];
};

export interface StayCstNode extends CstNode {
  name: "stay";
  children: StayCstChildren;
}

export type StayCstChildren = {
  ForWord: IToken[];
  range: RangeCstNode[];
};

export interface WatchCstNode extends CstNode {
  name: "watch";
  children: WatchCstChildren;
}

export type WatchCstChildren = {
  WatchWord: IToken[];
  amount: AmountCstNode[];
};

export interface KeepChampionCstNode extends CstNode {
  name: "keepChampion";
  children: KeepChampionCstChildren;
}

export type KeepChampionCstChildren = {
  KeepWord: IToken[];
  ChampionWord: IToken[];
  amount: AmountCstNode[];
};

export interface StageHeaderCstNode extends CstNode {
  name: "stageHeader";
  children: StageHeaderCstChildren;
}

export type StageHeaderCstChildren = {
  traffic?: TrafficCstNode[];
  stay?: StayCstNode[];
  atLeast?: AtLeastCstNode[];
  check?: CheckCstNode[];
  watch?: WatchCstNode[];
  keepChampion?: KeepChampionCstNode[];
};

export interface UseCstNode extends CstNode {
  name: "use";
  children: UseCstChildren;
}

export type UseCstChildren = {
  UseWord: IToken[];
  name: NameCstNode[];
};

export interface NotifyRuleCstNode extends CstNode {
  name: "notifyRule";
  children: NotifyRuleCstChildren;
}

export type NotifyRuleCstChildren = {
  OnWord: IToken[];
  name: (NameCstNode)[];
  Comma?: IToken[];
  SecretWord?: IToken[];
  text: TextCstNode[];
};

export interface MustCstNode extends CstNode {
  name: "must";
  children: MustCstChildren;
}

export type MustCstChildren = {
  MustWord: IToken[];
  HaveWord?: IToken[];
  mustHave?: MustHaveCstNode[];
  NotWord?: IToken[];
  ProceedWord?: IToken[];
  OnWord?: IToken[];
  InconclusiveWord?: IToken[];
};

export interface MustHaveCstNode extends CstNode {
  name: "mustHave";
  children: MustHaveCstChildren;
}

export type MustHaveCstChildren = {
  GateWord?: IToken[];
  RequirementWord?: (IToken)[];
  OnWord?: (IToken)[];
  name?: (NameCstNode)[];
  FairnessWord?: IToken[];
  StageWord?: IToken[];
  ForWord?: IToken[];
  AtWord?: IToken[];
  LeastWord?: IToken[];
  amount?: (AmountCstNode)[];
  ApprovalWord?: IToken[];
  BeforeWord?: IToken[];
  TrafficWord?: IToken[];
  AboveWord?: IToken[];
  NotifyWord?: IToken[];
  RollbackWord?: IToken[];
};

export interface LimitCstNode extends CstNode {
  name: "limit";
  children: LimitCstChildren;
}

export type LimitCstChildren = {
  LimitWord: IToken[];
  BudgetWord?: IToken[];
  AtMostSign?: (IToken)[];
  amount?: (AmountCstNode)[];
  RunsWord?: IToken[];
  PerWord?: IToken[];
  Identifier?: IToken[];
  TrafficWord?: IToken[];
};

export interface OverCountCstNode extends CstNode {
  name: "overCount";
  children: OverCountCstChildren;
}

export type OverCountCstChildren = {
  OverWord: IToken[];
  amount: AmountCstNode[];
  noun: NounCstNode[];
};

export interface GivenCstNode extends CstNode {
  name: "given";
  children: GivenCstChildren;
}

export type GivenCstChildren = {
  GivenWord: IToken[];
  operand: OperandCstNode[];
  Assign: IToken[];
  literal: LiteralCstNode[];
  overCount?: OverCountCstNode[];
  IntervalWord?: IToken[];
  range?: RangeCstNode[];
};

export interface AtInstantCstNode extends CstNode {
  name: "atInstant";
  children: AtInstantCstChildren;
}

export type AtInstantCstChildren = {
  AtWord: IToken[];
  amount: AmountCstNode[];
  operand: OperandCstNode[];
  Assign: IToken[];
  literal: LiteralCstNode[];
};

export interface ScenarioExpectCstNode extends CstNode {
  name: "scenarioExpect";
  children: ScenarioExpectCstChildren;
}

export type ScenarioExpectCstChildren = {
  ExpectWord: IToken[];
  expectVerdict?: ExpectVerdictCstNode[];
  expectRun?: ExpectRunCstNode[];
  expectRuns?: ExpectRunsCstNode[];
};

export interface ExpectVerdictCstNode extends CstNode {
  name: "expectVerdict";
  children: ExpectVerdictCstChildren;
}

export type ExpectVerdictCstChildren = {
  GateWord?: IToken[];
  StageWord?: IToken[];
  name: NameCstNode[];
  PassesWord?: IToken[];
  FailsWord?: IToken[];
  IsWord?: IToken[];
  InconclusiveWord?: IToken[];
  BecauseWord?: IToken[];
  text?: TextCstNode[];
};

export interface ExpectRunCstNode extends CstNode {
  name: "expectRun";
  children: ExpectRunCstChildren;
}

export type ExpectRunCstChildren = {
  RunWord: IToken[];
  FiresWord: IToken[];
  AtWord: IToken[];
  amount: AmountCstNode[];
  BecauseWord?: IToken[];
  name?: NameCstNode[];
};

export interface ExpectRunsCstNode extends CstNode {
  name: "expectRuns";
  children: ExpectRunsCstChildren;
}

export type ExpectRunsCstChildren = {
  RunsWord: IToken[];
  Assign: IToken[];
  amount: AmountCstNode[];
};

export interface ModelStatementCstNode extends CstNode {
  name: "modelStatement";
  children: ModelStatementCstChildren;
}

export type ModelStatementCstChildren = {
  registry?: RegistryCstNode[];
  serving?: ServingCstNode[];
  firstModel?: FirstModelCstNode[];
  decides?: DecidesCstNode[];
  expect?: ExpectCstNode[];
  junk?: JunkCstNode[];
};

export interface ModelCstNode extends CstNode {
  name: "model";
  children: ModelCstChildren;
}

export type ModelCstChildren = {
  ModelWord: IToken[];
  LeftBrace: IToken[];
  modelStatement?: ModelStatementCstNode[];
  RightBrace: IToken[];
};

export interface DatasetStatementCstNode extends CstNode {
  name: "datasetStatement";
  children: DatasetStatementCstChildren;
}

export type DatasetStatementCstChildren = {
  dataSource?: DataSourceCstNode[];
  timeColumn?: TimeColumnCstNode[];
  keyColumns?: KeyColumnsCstNode[];
  labelColumn?: LabelColumnCstNode[];
  trainingWindow?: TrainingWindowCstNode[];
  reference?: ReferenceCstNode[];
  currentWindow?: CurrentWindowCstNode[];
  holdout?: HoldoutCstNode[];
  expect?: ExpectCstNode[];
  columns?: ColumnsCstNode[];
  junk?: JunkCstNode[];
};

export interface DatasetCstNode extends CstNode {
  name: "dataset";
  children: DatasetCstChildren;
}

export type DatasetCstChildren = {
  DatasetWord: IToken[];
  name: NameCstNode[];
  LeftBrace: IToken[];
  datasetStatement?: DatasetStatementCstNode[];
  RightBrace: IToken[];
};

export interface MetricStatementCstNode extends CstNode {
  name: "metricStatement";
  children: MetricStatementCstChildren;
}

export type MetricStatementCstChildren = {
  metricType?: MetricTypeCstNode[];
  better?: BetterCstNode[];
  metricRange?: MetricRangeCstNode[];
  fresh?: FreshCstNode[];
  countedBy?: CountedByCstNode[];
  metricOrigin?: MetricOriginCstNode[];
  junk?: JunkCstNode[];
};

export interface MetricCstNode extends CstNode {
  name: "metric";
  children: MetricCstChildren;
}

export type MetricCstChildren = {
  MetricWord: IToken[];
  name: NameCstNode[];
  LeftBrace: IToken[];
  metricStatement?: MetricStatementCstNode[];
  RightBrace: IToken[];
};

export interface TriggerStatementCstNode extends CstNode {
  name: "triggerStatement";
  children: TriggerStatementCstChildren;
}

export type TriggerStatementCstChildren = {
  cause?: CauseCstNode[];
  causeGroup?: CauseGroupCstNode[];
  check?: CheckCstNode[];
  settle?: SettleCstNode[];
  queue?: QueueCstNode[];
  cooldown?: CooldownCstNode[];
  budget?: BudgetCstNode[];
  breaker?: BreakerCstNode[];
  onMissing?: OnMissingCstNode[];
  junk?: JunkCstNode[];
};

export interface TriggerCstNode extends CstNode {
  name: "trigger";
  children: TriggerCstChildren;
}

export type TriggerCstChildren = {
  TriggerWord: IToken[];
  LeftBrace: IToken[];
  triggerStatement?: TriggerStatementCstNode[];
  RightBrace: IToken[];
};

export interface ValidateStatementCstNode extends CstNode {
  name: "validateStatement";
  children: ValidateStatementCstChildren;
}

export type ValidateStatementCstChildren = {
  requirement?: RequirementCstNode[];
  junk?: JunkCstNode[];
};

export interface ValidateCstNode extends CstNode {
  name: "validate";
  children: ValidateCstChildren;
}

export type ValidateCstChildren = {
  ValidateWord: IToken[];
  name: NameCstNode[];
  LeftBrace: IToken[];
  validateStatement?: ValidateStatementCstNode[];
  RightBrace: IToken[];
};

export interface StepStatementCstNode extends CstNode {
  name: "stepStatement";
  children: StepStatementCstChildren;
}

export type StepStatementCstChildren = {
  image?: ImageCstNode[];
  command?: CommandCstNode[];
  environment?: EnvironmentCstNode[];
  secret?: SecretCstNode[];
  resources?: ResourcesCstNode[];
  timeout?: TimeoutCstNode[];
  retry?: RetryCstNode[];
  onSpot?: OnSpotCstNode[];
  workers?: WorkersCstNode[];
  junk?: JunkCstNode[];
};

export interface StepCstNode extends CstNode {
  name: "step";
  children: StepCstChildren;
}

export type StepCstChildren = {
  TrainWord?: IToken[];
  EvaluateWord?: IToken[];
  LeftBrace: IToken[];
  stepStatement?: StepStatementCstNode[];
  RightBrace: IToken[];
};

export interface GateStatementCstNode extends CstNode {
  name: "gateStatement";
  children: GateStatementCstChildren;
}

export type GateStatementCstChildren = {
  requirement?: RequirementCstNode[];
  requirementGroup?: RequirementGroupCstNode[];
  onInconclusive?: OnInconclusiveCstNode[];
  observeOnly?: ObserveOnlyCstNode[];
  junk?: JunkCstNode[];
};

export interface GateCstNode extends CstNode {
  name: "gate";
  children: GateCstChildren;
}

export type GateCstChildren = {
  GateWord: IToken[];
  name: NameCstNode[];
  LeftBrace: IToken[];
  gateStatement?: GateStatementCstNode[];
  RightBrace: IToken[];
};

export interface StageStatementCstNode extends CstNode {
  name: "stageStatement";
  children: StageStatementCstChildren;
}

export type StageStatementCstChildren = {
  requirement?: RequirementCstNode[];
  onInconclusive?: OnInconclusiveCstNode[];
  use?: UseCstNode[];
  junk?: JunkCstNode[];
};

export interface StageCstNode extends CstNode {
  name: "stage";
  children: StageCstChildren;
}

export type StageCstChildren = {
  StageWord: IToken[];
  name: NameCstNode[];
  LeftBrace: IToken[];
  stageHeader: StageHeaderCstNode[];
  stageStatement?: StageStatementCstNode[];
  RightBrace: IToken[];
};

export interface RolloutStatementCstNode extends CstNode {
  name: "rolloutStatement";
  children: RolloutStatementCstChildren;
}

export type RolloutStatementCstChildren = {
  stage?: StageCstNode[];
  approval?: ApprovalCstNode[];
  rollbackWhen?: RollbackWhenCstNode[];
  onInconclusive?: OnInconclusiveCstNode[];
  junk?: JunkCstNode[];
};

export interface RolloutCstNode extends CstNode {
  name: "rollout";
  children: RolloutCstChildren;
}

export type RolloutCstChildren = {
  RolloutWord: IToken[];
  LeftBrace: IToken[];
  rolloutStatement?: RolloutStatementCstNode[];
  RightBrace: IToken[];
};

export interface NotifyStatementCstNode extends CstNode {
  name: "notifyStatement";
  children: NotifyStatementCstChildren;
}

export type NotifyStatementCstChildren = {
  notifyRule?: NotifyRuleCstNode[];
  junk?: JunkCstNode[];
};

export interface NotifyCstNode extends CstNode {
  name: "notify";
  children: NotifyCstChildren;
}

export type NotifyCstChildren = {
  NotifyWord: IToken[];
  LeftBrace: IToken[];
  notifyStatement?: NotifyStatementCstNode[];
  RightBrace: IToken[];
};

export interface GuardrailStatementCstNode extends CstNode {
  name: "guardrailStatement";
  children: GuardrailStatementCstChildren;
}

export type GuardrailStatementCstChildren = {
  must?: MustCstNode[];
  limit?: LimitCstNode[];
  junk?: JunkCstNode[];
};

export interface GuardrailCstNode extends CstNode {
  name: "guardrail";
  children: GuardrailCstChildren;
}

export type GuardrailCstChildren = {
  GuardrailWord: IToken[];
  name: (NameCstNode)[];
  AppliesWord?: IToken[];
  WhenWord?: IToken[];
  RiskWord?: IToken[];
  IsWord?: IToken[];
  OrWord?: IToken[];
  LeftBrace: IToken[];
  guardrailStatement?: GuardrailStatementCstNode[];
  RightBrace: IToken[];
};

export interface ScenarioStatementCstNode extends CstNode {
  name: "scenarioStatement";
  children: ScenarioStatementCstChildren;
}

export type ScenarioStatementCstChildren = {
  given?: GivenCstNode[];
  atInstant?: AtInstantCstNode[];
  scenarioExpect?: ScenarioExpectCstNode[];
  junk?: JunkCstNode[];
};

export interface ScenarioCstNode extends CstNode {
  name: "scenario";
  children: ScenarioCstChildren;
}

export type ScenarioCstChildren = {
  ScenarioWord: IToken[];
  text: TextCstNode[];
  ForWord: IToken[];
  name: NameCstNode[];
  LeftBrace: IToken[];
  scenarioStatement?: ScenarioStatementCstNode[];
  RightBrace: IToken[];
};

export interface ItemCstNode extends CstNode {
  name: "item";
  children: ItemCstChildren;
}

export type ItemCstChildren = {
  observeOnly?: ObserveOnlyCstNode[];
  prose?: ProseCstNode[];
  risk?: RiskCstNode[];
  reviewBy?: ReviewByCstNode[];
  model?: ModelCstNode[];
  dataset?: DatasetCstNode[];
  metric?: MetricCstNode[];
  trigger?: TriggerCstNode[];
  validate?: ValidateCstNode[];
  step?: StepCstNode[];
  gate?: GateCstNode[];
  rollout?: RolloutCstNode[];
  notify?: NotifyCstNode[];
  freeze?: FreezeCstNode[];
  override?: OverrideCstNode[];
  junk?: JunkCstNode[];
};

export interface BodyCstNode extends CstNode {
  name: "body";
  children: BodyCstChildren;
}

export type BodyCstChildren = {
  LeftBrace: IToken[];
  item?: ItemCstNode[];
  RightBrace: IToken[];
};

export interface OverrideCstNode extends CstNode {
  name: "override";
  children: OverrideCstChildren;
}

export type OverrideCstChildren = {
  OverrideWord: IToken[];
  BecauseWord: IToken[];
  text: TextCstNode[];
  body: BodyCstNode[];
};

export interface PolicyCstNode extends CstNode {
  name: "policy";
  children: PolicyCstChildren;
}

export type PolicyCstChildren = {
  PolicyWord: IToken[];
  name: NameCstNode[];
  templateUse?: TemplateUseCstNode[];
  body: BodyCstNode[];
};

export interface TemplateUseCstNode extends CstNode {
  name: "templateUse";
  children: TemplateUseCstChildren;
}

export type TemplateUseCstChildren = {
  FromWord: IToken[];
  name: NameCstNode[];
  LeftParenthesis: IToken[];
  templateArgument?: (TemplateArgumentCstNode)[];
  Comma?: IToken[];
  RightParenthesis: IToken[];
};

export interface TemplateArgumentCstNode extends CstNode {
  name: "templateArgument";
  children: TemplateArgumentCstChildren;
}

export type TemplateArgumentCstChildren = {
  name: NameCstNode[];
  Colon: IToken[];
  literal: LiteralCstNode[];
};

export interface TemplateCstNode extends CstNode {
  name: "template";
  children: TemplateCstChildren;
}

export type TemplateCstChildren = {
  TemplateWord: IToken[];
  name: NameCstNode[];
  LeftParenthesis: IToken[];
  parameter?: (ParameterCstNode)[];
  Comma?: IToken[];
  RightParenthesis: IToken[];
  body: BodyCstNode[];
};

export interface ParameterCstNode extends CstNode {
  name: "parameter";
  children: ParameterCstChildren;
}

export type ParameterCstChildren = {
  Identifier: IToken[];
  Colon: IToken[];
  name: NameCstNode[];
  Assign?: IToken[];
  literal?: LiteralCstNode[];
};

export interface ImportNamesCstNode extends CstNode {
  name: "importNames";
  children: ImportNamesCstChildren;
}

export type ImportNamesCstChildren = {
  ImportWord: IToken[];
  text: TextCstNode[];
  LeftBrace: IToken[];
  name: (NameCstNode)[];
  Comma?: IToken[];
  RightBrace: IToken[];
};

export interface LanguageCstNode extends CstNode {
  name: "language";
  children: LanguageCstChildren;
}

export type LanguageCstChildren = {
  LanguageWord: IToken[];
  NumberQuantity: IToken[];
};

export interface DeclarationCstNode extends CstNode {
  name: "declaration";
  children: DeclarationCstChildren;
}

export type DeclarationCstChildren = {
  importNames?: ImportNamesCstNode[];
  policy?: PolicyCstNode[];
  template?: TemplateCstNode[];
  dataset?: DatasetCstNode[];
  metric?: MetricCstNode[];
  gate?: GateCstNode[];
  guardrail?: GuardrailCstNode[];
  scenario?: ScenarioCstNode[];
  freeze?: FreezeCstNode[];
  strayBrace?: StrayBraceCstNode[];
  junk?: JunkCstNode[];
};

export interface FileCstNode extends CstNode {
  name: "file";
  children: FileCstChildren;
}

export type FileCstChildren = {
  language?: LanguageCstNode[];
  declaration?: DeclarationCstNode[];
  EOF: IToken[];
};
