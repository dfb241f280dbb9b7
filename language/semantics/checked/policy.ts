import type { Source, Span } from "../../text/source.ts";
import type { CheckedProgram } from "./condition.ts";
import type { Better, QueryForm, Unit } from "./measure.ts";
import type { CheckedRollout } from "./rollout.ts";
import type { CheckedScenario } from "./scenario.ts";
import type { CheckedFreeze, CheckedTrigger } from "./trigger.ts";

export type Task = "binary" | "multiclass" | "regression";
export type ColumnType = "number" | "integer" | "category" | "boolean" | "timestamp" | "text";

export interface CheckedModel {
  readonly registry: { readonly type: string; readonly name: string; readonly span: Span };
  readonly serving: { readonly type: string; readonly name: string; readonly span: Span };
  readonly task: Task;
  readonly decidesAt: number;
  readonly firstModel:
    | { readonly kind: "absolute_gates_only" }
    | { readonly kind: "refuse" }
    | { readonly kind: "approval"; readonly approvers: string };
  /** Requests a second that are expected. */
  readonly requestRate?: number;
}

export interface CheckedColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly range?: { readonly low: number; readonly high: number };
  readonly oneOf?: readonly string[];
  readonly optional: boolean;
  /** Name of the column in the source, where that is another one. */
  readonly from?: string;
  readonly span: Span;
}

/** All lengths are milliseconds. */
export interface CheckedDataset {
  readonly name: string;
  readonly span: Span;
  readonly source: { readonly kind: "parquet" | "csv" | "jsonl" | "table"; readonly uri: string; readonly span: Span };
  readonly time: string;
  readonly key: readonly string[];
  readonly label?: { readonly column: string; readonly maturesAfter: number; readonly span: Span };
  readonly reference?:
    | { readonly kind: "before_promotion"; readonly length: number }
    | { readonly kind: "fixed"; readonly uri: string };
  readonly current?: number;
  readonly holdout?:
    | { readonly kind: "span"; readonly length: number }
    | { readonly kind: "share"; readonly share: number };
  readonly training?: number;
  readonly columns: readonly CheckedColumn[];
  /** Rows and positives a second that are expected. */
  readonly expected: { readonly rows?: number; readonly positives?: number; readonly negatives?: number };
  /** Which parts are written, right or wrong: a part that is wrong was reported and is not missing as well. */
  readonly stated: {
    readonly label: boolean;
    readonly reference: boolean;
    readonly current: boolean;
    readonly holdout: boolean;
  };
  /** Some of its statements do not parse: what is not found here may be in them. */
  readonly incomplete: boolean;
}

/** A metric that the policy declares. */
export interface CheckedMetric {
  readonly name: string;
  readonly span: Span;
  readonly unit: Unit;
  readonly better: Better;
  readonly low?: number;
  readonly high?: number;
  readonly source:
    | { readonly kind: "evaluation"; readonly key: string }
    | {
        readonly kind: "prediction";
        readonly metric: string;
        readonly options: Readonly<Record<string, string | number>>;
      }
    /** Declared wrongly, which was reported: what uses it is not judged. */
    | { readonly kind: "broken" }
    | {
        readonly kind: "prometheus";
        readonly query: string;
        readonly form: QueryForm;
        readonly freshWithin: number;
        /** The queries name the version, so that each version has a number of its own. */
        readonly perVersion: boolean;
      }
    | { readonly kind: "registry"; readonly key: string };
}

/** The author's own step. Lengths are milliseconds, sizes bytes. */
export interface CheckedStep {
  readonly name: "train" | "evaluate";
  readonly span: Span;
  readonly image?: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly resources: Readonly<Record<string, number>>;
  readonly timeout: number;
  readonly retry: { readonly times: number; readonly first: number; readonly longest: number };
  readonly spot: boolean;
  readonly workers: number;
}

export type NotifyEvent =
  | "fired"
  | "suppressed"
  | "refused"
  | "failed"
  | "approval_needed"
  | "promoted"
  | "rolled_back"
  | "rollback_failed"
  | "inconclusive"
  | "held";

export interface CheckedNotification {
  readonly events: readonly NotifyEvent[];
  readonly channel: "slack" | "email" | "webhook" | "pagerduty";
  readonly address:
    | { readonly kind: "plain"; readonly value: string }
    | { readonly kind: "secret"; readonly reference: string };
  readonly span: Span;
}

/** A value that the policy does not say. `path` is where it stands in the checked policy, `why` where it comes from. */
export interface Default {
  readonly path: string;
  readonly value: string | number | boolean;
  readonly span: Span;
  readonly why: string;
}

/** What must be there for a plan; present only when everything was said and is in order. */
export interface CheckedBody {
  readonly owner: string;
  readonly model: CheckedModel;
  readonly trigger: CheckedTrigger;
  readonly train: CheckedStep;
  readonly evaluate: CheckedStep;
}

/** A policy with its names resolved, its quantities in one unit and its defaults filled in. */
export interface CheckedPolicy {
  readonly name: string;
  readonly span: Span;
  readonly source: Source;
  /** Texts that its parts stand in, by path: its own file, templates, imports and guardrails. */
  readonly sources: ReadonlyMap<string, Source>;
  readonly description?: string;
  readonly intendedUse?: string;
  readonly outOfScope?: string;
  readonly notMeasured?: string;
  readonly risk: "low" | "medium" | "high";
  /** The day of `review_by`, epoch milliseconds of its 00:00Z. */
  readonly reviewBy?: number;
  /** Absent where the policy lacks a part that it must have; a diagnostic says which. */
  readonly body?: CheckedBody;
  readonly datasets: readonly CheckedDataset[];
  readonly metrics: readonly CheckedMetric[];
  readonly validate: readonly CheckedProgram[];
  readonly gates: readonly CheckedProgram[];
  readonly rollout?: CheckedRollout;
  readonly notify: readonly CheckedNotification[];
  readonly freezes: readonly CheckedFreeze[];
  readonly scenarios: readonly CheckedScenario[];
  readonly defaults: readonly Default[];
  /** Errors were found in it: it cannot be compiled. */
  readonly broken: boolean;
}
