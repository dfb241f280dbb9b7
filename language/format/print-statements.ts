import type * as tree from "../syntax/tree.ts";
import * as print from "./print-values.ts";

/** A statement on one line: `key` and `rest` with a gap between them that aligns neighbours, unless it stands `alone`. */
export type Line = { readonly key: string; readonly rest: string; readonly alone: boolean };

/** Statements that hold no other statements. */
export type OneLiner = Exclude<
  | tree.Item
  | tree.ModelStatement
  | tree.DatasetStatement
  | tree.MetricStatement
  | tree.TriggerStatement
  | tree.ValidateStatement
  | tree.StepStatement
  | tree.GateStatement
  | tree.RolloutStatement
  | tree.StageStatement
  | tree.NotifyStatement
  | tree.GuardrailStatement
  | tree.ScenarioStatement
  | tree.Column
  | tree.Language
  | tree.Import
  | tree.EnvironmentVariable
  | tree.ResourceEntry,
  tree.Broken | Block
>;

/** What holds statements and is written over several lines. */
export type Block =
  | tree.Policy
  | tree.Template
  | tree.Override
  | tree.Model
  | tree.Dataset
  | tree.Columns
  | tree.Metric
  | tree.Trigger
  | tree.CauseGroup
  | tree.Validate
  | tree.Step
  | tree.Gate
  | tree.RequirementGroup
  | tree.Rollout
  | tree.Stage
  | tree.Notify
  | tree.Guardrail
  | tree.Scenario;

const aligned = (key: string, rest: string): Line => ({ key, rest, alone: false });
const alone = (key: string, rest = ""): Line => ({ key, rest, alone: true });

/** A text over several lines is indented with its statement; `reindent` does that. */
export type PrintText = (text: tree.Text) => string;

/** How a statement is written. */
export function printLine(node: OneLiner, text: PrintText): Line {
  switch (node.kind) {
    case "Language":
      return alone("language", node.version.raw);
    case "Import":
      return alone("import", `${text(node.path)} { ${node.names.map((name) => name.text).join(", ")} }`);
    case "ObserveOnly":
      return alone("observe only");
    case "Prose":
      return aligned(node.word.text, text(node.text));
    case "Risk":
      return aligned("risk", node.level.text);
    case "ReviewBy":
      return aligned("review_by", node.date.raw);
    case "Freeze": {
      const where = `${node.scope.text} ${print.range(node.range)} in ${text(node.zone)}`;
      return alone("freeze", `${where} because ${text(node.because)}`);
    }
    case "Registry":
      return aligned("registry", `${node.type.text} ${text(node.name)}`);
    case "Serving":
      return aligned("serving", `${node.type.text} ${text(node.name)}`);
    case "FirstModel":
      return aligned("first_model", words(node.choice.text, node.group && text(node.group)));
    case "Decides":
      return aligned("decides at", print.amount(node.at));
    case "Expect":
      return aligned("expect", `${print.amount(node.count)} ${node.noun.text} per ${print.amount(node.per)}`);
    case "DataSource":
      return aligned("source", `${node.format.text} ${text(node.uri)}`);
    case "TimeColumn":
      return aligned("time", node.column.text);
    case "KeyColumns":
      return aligned("key", node.columns.map((column) => column.text).join(", "));
    case "LabelColumn":
      return aligned("label", `${node.column.text} matures after ${print.amount(node.maturesAfter)}`);
    case "TrainingWindow":
      return aligned("training", print.amount(node.length));
    case "ReferenceWindow":
      return aligned("reference", `${print.amount(node.length)} before promotion`);
    case "ReferenceFixed":
      return aligned("reference", `fixed ${text(node.uri)}`);
    case "CurrentWindow":
      return aligned("current", print.amount(node.length));
    case "Holdout":
      return aligned("holdout", words(node.last && "last", print.amount(node.length)));
    case "Column": {
      const allowed = words(
        node.range && `in ${print.range(node.range)}`,
        node.oneOf && `one of ${print.list(node.oneOf)}`,
      );
      const rest = words(node.type.text, allowed, node.optional && "optional", node.from && `from ${text(node.from)}`);
      return aligned(node.name.kind === "Name" ? node.name.text : text(node.name), rest);
    }
    case "MetricType":
      return aligned("type", node.type.text);
    case "Better":
      return aligned("better", node.direction.text);
    case "MetricRange":
      return aligned("range", print.range(node.range));
    case "Fresh":
      return aligned("fresh", `within ${print.amount(node.within)}`);
    case "CountedBy":
      return aligned("counted", `by ${text(node.query)}`);
    case "FromEvaluation":
      return aligned("from", words("evaluation", node.key && `as ${text(node.key)}`));
    case "FromPredictions":
      return aligned("from", `predictions using ${print.operand(node.function)}`);
    case "FromPrometheus":
      return aligned("from", words(`prometheus ${text(node.query)}`, node.over && `over ${text(node.over)}`));
    case "FromRegistry":
      return aligned("from", `registry ${text(node.key)}`);
    case "Requirement":
      return aligned(node.level.text, print.requirementBody(node));
    case "OnInconclusive": {
      const then = node.then && `then ${node.then.text}`;
      const rest = words(
        node.because && `because ${text(node.because)}`,
        node.length && print.amount(node.length),
        then,
      );
      return alone("on inconclusive", words(node.action.text, rest));
    }
    case "Schedule":
    case "EventCause":
    case "DataCause":
    case "ConditionCause": {
      const { word, rest } = print.cause(node);
      return aligned(word, rest);
    }
    default:
      return printDelivery(node, text);
  }
}

type Delivery = Exclude<
  OneLiner,
  | tree.Language
  | tree.Import
  | tree.ObserveOnly
  | tree.Prose
  | tree.Risk
  | tree.ReviewBy
  | tree.Freeze
  | tree.Registry
  | tree.Serving
  | tree.FirstModel
  | tree.Decides
  | tree.Expect
  | tree.DataSource
  | tree.TimeColumn
  | tree.KeyColumns
  | tree.LabelColumn
  | tree.TrainingWindow
  | tree.ReferenceWindow
  | tree.ReferenceFixed
  | tree.CurrentWindow
  | tree.Holdout
  | tree.Column
  | tree.MetricType
  | tree.Better
  | tree.MetricRange
  | tree.Fresh
  | tree.CountedBy
  | tree.FromEvaluation
  | tree.FromPredictions
  | tree.FromPrometheus
  | tree.FromRegistry
  | tree.Requirement
  | tree.OnInconclusive
  | tree.Cause
>;

function printDelivery(node: Delivery, text: PrintText): Line {
  switch (node.kind) {
    case "Check":
      return aligned("check", `every ${print.amount(node.every)}`);
    case "Settle":
      return aligned("settle", print.amount(node.length));
    case "Grace":
      return aligned("grace", print.amount(node.length));
    case "Queue":
      return aligned("queue", node.mode.text);
    case "Cooldown": {
      const entries = node.entries.map((entry) => `${print.amount(entry.length)} after ${entry.outcome.text}`);
      return aligned("cooldown", entries.join(", "));
    }
    case "Budget": {
      const entries = node.entries.map((entry) => `${print.amount(entry.amount)} ${entry.noun.text}`);
      return aligned("budget", `${entries.join(", ")} per ${print.amount(node.per)}`);
    }
    case "Breaker":
      return aligned("breaker", `opens after ${print.amount(node.failures)} failures for ${print.amount(node.length)}`);
    case "OnMissing": {
      const notify = node.notifyAfter === undefined ? "" : `, notify after ${print.amount(node.notifyAfter)} checks`;
      return alone("on missing", `${node.action.text}${notify}`);
    }
    case "Image":
      return aligned("image", text(node.image));
    case "Command":
      return aligned("command", print.list(node.arguments));
    case "Environment":
      return aligned("env", entries(node.variables.map((each) => `${each.name.text} = ${text(each.value)}`)));
    case "Secret":
      return aligned("secret", `${node.name.text} from ${text(node.from)}`);
    case "Resources":
      return aligned(
        "resources",
        entries(node.entries.map((each) => `${each.name.text} ${print.amount(each.amount)}`)),
      );
    case "EnvironmentVariable":
      return alone(node.name.text, `= ${text(node.value)}`);
    case "ResourceEntry":
      return alone(node.name.text, print.amount(node.amount));
    case "Timeout":
      return aligned("timeout", print.amount(node.length));
    case "Retry":
      return aligned(
        "retry",
        words(`${print.amount(node.times)} times`, node.backoff && `backoff ${print.range(node.backoff)}`),
      );
    case "OnSpot":
      return alone("on spot");
    case "Workers":
      return aligned("workers", print.amount(node.count));
    case "Approval":
      return alone("approval", `${text(node.group)} within ${print.amount(node.within)}`);
    case "RollbackWhen":
      return alone("rollback when", print.rollbackBody(node));
    case "Use":
      return alone("use", node.name.text);
    case "NotifyRule": {
      const rest = words(node.channel.text, node.secret && "secret", text(node.address));
      return aligned(`on ${node.events.map((event) => event.text).join(", ")}`, rest);
    }
    case "MustHaveGateRequirement":
      return alone("must have gate requirement on", node.on.text);
    case "MustHaveFairness":
      return alone("must have fairness requirement");
    case "MustHaveStage":
      return alone(
        "must have stage",
        words(node.stage.text, node.atLeast && `for at least ${print.amount(node.atLeast)}`),
      );
    case "MustHaveApproval":
      return alone("must have approval before traffic above", print.amount(node.above));
    case "MustHaveNotify":
      return alone("must have notify on", node.event.text);
    case "MustHaveRollback":
      return alone("must have rollback");
    case "MustNotProceed":
      return alone("must not proceed on inconclusive");
    case "LimitBudget":
      return alone("limit budget <=", `${print.amount(node.runs)} runs per ${print.amount(node.per)}`);
    case "LimitTraffic":
      return alone("limit", `${node.stage.text} traffic <= ${print.amount(node.share)}`);
    case "Given": {
      const measured = words(
        node.over && print.count(node.over),
        node.interval && `interval ${print.range(node.interval)}`,
      );
      return alone("given", words(`${print.operand(node.operand)} = ${print.value(node.value)}`, measured));
    }
    case "AtInstant":
      return alone("at", `${print.amount(node.at)} ${print.operand(node.operand)} = ${print.value(node.value)}`);
    case "ExpectVerdict": {
      const verdict = `${node.subject.text} ${node.name.text} ${node.verdict.text}`;
      return alone("expect", words(verdict, node.because && `because ${text(node.because)}`));
    }
    case "ExpectRun":
      return alone(
        "expect",
        words(`run fires at ${print.amount(node.at)}`, node.because && `because ${node.because.text}`),
      );
    case "ExpectRuns":
      return alone("expect", `runs = ${print.amount(node.count)}`);
  }
}

function entries(written: readonly string[]): string {
  return written.length === 0 ? "{ }" : `{ ${written.join(" ")} }`;
}

function words(...parts: readonly (string | false | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== false && part !== "").join(" ");
}
