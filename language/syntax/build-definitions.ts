import { type BuildContext, first, nodeSpan, nth, wordOf } from "./build-context.ts";
import {
  amountOf,
  conditionOf,
  expectOf,
  listOf,
  nameNode,
  nameNodes,
  operandOf,
  quantityOf,
  rangeOf,
  requirementOf,
  streakOf,
  textOf,
  valueNode,
} from "./build-values.ts";
import type * as cst from "./cst.gen.d.ts";
import type * as tree from "./tree.ts";

/** Builders of the statements that say what there is, by the name of their rule. Each gets a node that is whole. */
export const definitionBuilders = {
  importNames(context: BuildContext, node: cst.ImportNamesCstNode): tree.Import {
    const { text, name } = node.children;
    return {
      kind: "Import",
      span: nodeSpan(context, node),
      path: textOf(context, first(text)),
      names: nameNodes(context, name),
    };
  },
  observeOnly(context: BuildContext, node: cst.ObserveOnlyCstNode): tree.ObserveOnly {
    return {
      kind: "ObserveOnly",
      span: nodeSpan(context, node),
    };
  },
  prose(context: BuildContext, node: cst.ProseCstNode): tree.Prose {
    const { text, DescriptionWord, OwnerWord, IntendedUseWord, OutOfScopeWord, NotMeasuredWord } = node.children;
    return {
      kind: "Prose",
      span: nodeSpan(context, node),
      word: wordOf(
        context,
        DescriptionWord?.[0],
        OwnerWord?.[0],
        IntendedUseWord?.[0],
        OutOfScopeWord?.[0],
        NotMeasuredWord?.[0],
      ),
      text: textOf(context, first(text)),
    };
  },
  risk(context: BuildContext, node: cst.RiskCstNode): tree.Risk {
    const { name } = node.children;
    return {
      kind: "Risk",
      span: nodeSpan(context, node),
      level: nameNode(context, first(name)),
    };
  },
  reviewBy(context: BuildContext, node: cst.ReviewByCstNode): tree.ReviewBy {
    const { DateQuantity } = node.children;
    return {
      kind: "ReviewBy",
      span: nodeSpan(context, node),
      date: quantityOf(context, first(DateQuantity)),
    };
  },
  freeze(context: BuildContext, node: cst.FreezeCstNode): tree.Freeze {
    const { name, range, text } = node.children;
    return {
      kind: "Freeze",
      span: nodeSpan(context, node),
      scope: nameNode(context, first(name)),
      range: rangeOf(context, first(range)),
      zone: textOf(context, nth(text, 0)),
      because: textOf(context, nth(text, 1)),
    };
  },
  registry(context: BuildContext, node: cst.RegistryCstNode): tree.Registry {
    const { name, text } = node.children;
    return {
      kind: "Registry",
      span: nodeSpan(context, node),
      type: nameNode(context, first(name)),
      name: textOf(context, first(text)),
    };
  },
  serving(context: BuildContext, node: cst.ServingCstNode): tree.Serving {
    const { name, text } = node.children;
    return {
      kind: "Serving",
      span: nodeSpan(context, node),
      type: nameNode(context, first(name)),
      name: textOf(context, first(text)),
    };
  },
  firstModel(context: BuildContext, node: cst.FirstModelCstNode): tree.FirstModel {
    const { AbsoluteGatesOnlyWord, RefuseWord, ApprovalWord, text } = node.children;
    return {
      kind: "FirstModel",
      span: nodeSpan(context, node),
      choice: wordOf(context, AbsoluteGatesOnlyWord?.[0], RefuseWord?.[0], ApprovalWord?.[0]),
      ...(text?.[0] === undefined ? {} : { group: textOf(context, text[0]) }),
    };
  },
  decides(context: BuildContext, node: cst.DecidesCstNode): tree.Decides {
    const { amount } = node.children;
    return {
      kind: "Decides",
      span: nodeSpan(context, node),
      at: amountOf(context, first(amount)),
    };
  },
  expect: expectOf,
  dataSource(context: BuildContext, node: cst.DataSourceCstNode): tree.DataSource {
    const { name, text } = node.children;
    return {
      kind: "DataSource",
      span: nodeSpan(context, node),
      format: nameNode(context, first(name)),
      uri: textOf(context, first(text)),
    };
  },
  timeColumn(context: BuildContext, node: cst.TimeColumnCstNode): tree.TimeColumn {
    const { name } = node.children;
    return {
      kind: "TimeColumn",
      span: nodeSpan(context, node),
      column: nameNode(context, first(name)),
    };
  },
  keyColumns(context: BuildContext, node: cst.KeyColumnsCstNode): tree.KeyColumns {
    const { name } = node.children;
    return {
      kind: "KeyColumns",
      span: nodeSpan(context, node),
      columns: nameNodes(context, name),
    };
  },
  labelColumn(context: BuildContext, node: cst.LabelColumnCstNode): tree.LabelColumn {
    const { name, amount } = node.children;
    return {
      kind: "LabelColumn",
      span: nodeSpan(context, node),
      column: nameNode(context, first(name)),
      maturesAfter: amountOf(context, first(amount)),
    };
  },
  trainingWindow(context: BuildContext, node: cst.TrainingWindowCstNode): tree.TrainingWindow {
    const { amount } = node.children;
    return {
      kind: "TrainingWindow",
      span: nodeSpan(context, node),
      length: amountOf(context, first(amount)),
    };
  },
  reference(context: BuildContext, node: cst.ReferenceCstNode): tree.ReferenceWindow | tree.ReferenceFixed {
    const { amount, text } = node.children;
    const span = nodeSpan(context, node);
    if (text?.[0] !== undefined) return { kind: "ReferenceFixed", span, uri: textOf(context, text[0]) };
    return { kind: "ReferenceWindow", span, length: amountOf(context, first(amount)) };
  },
  currentWindow(context: BuildContext, node: cst.CurrentWindowCstNode): tree.CurrentWindow {
    const { amount } = node.children;
    return {
      kind: "CurrentWindow",
      span: nodeSpan(context, node),
      length: amountOf(context, first(amount)),
    };
  },
  holdout(context: BuildContext, node: cst.HoldoutCstNode): tree.Holdout {
    const { LastWord, amount } = node.children;
    return {
      kind: "Holdout",
      span: nodeSpan(context, node),
      last: LastWord !== undefined,
      length: amountOf(context, first(amount)),
    };
  },
  column(context: BuildContext, node: cst.ColumnCstNode): tree.Column {
    const { name, text, range, list, OptionalWord, OneWord, FromWord } = node.children;
    const quoted = name.length === 1;
    const from = FromWord === undefined ? undefined : nth(text, quoted ? 1 : 0);
    return {
      kind: "Column",
      span: nodeSpan(context, node),
      name: quoted ? textOf(context, first(text)) : nameNode(context, first(name)),
      type: nameNode(context, nth(name, quoted ? 0 : 1)),
      ...(range?.[0] === undefined ? {} : { range: rangeOf(context, range[0]) }),
      ...(OneWord === undefined ? {} : { oneOf: listOf(context, first(list)) }),
      optional: OptionalWord !== undefined,
      ...(from === undefined ? {} : { from: textOf(context, from) }),
    };
  },
  metricType(context: BuildContext, node: cst.MetricTypeCstNode): tree.MetricType {
    const { name } = node.children;
    return {
      kind: "MetricType",
      span: nodeSpan(context, node),
      type: nameNode(context, first(name)),
    };
  },
  better(context: BuildContext, node: cst.BetterCstNode): tree.Better {
    const { HigherWord, LowerWord } = node.children;
    return {
      kind: "Better",
      span: nodeSpan(context, node),
      direction: wordOf(context, HigherWord?.[0], LowerWord?.[0]),
    };
  },
  metricRange(context: BuildContext, node: cst.MetricRangeCstNode): tree.MetricRange {
    const { range } = node.children;
    return {
      kind: "MetricRange",
      span: nodeSpan(context, node),
      range: rangeOf(context, first(range)),
    };
  },
  fresh(context: BuildContext, node: cst.FreshCstNode): tree.Fresh {
    const { amount } = node.children;
    return {
      kind: "Fresh",
      span: nodeSpan(context, node),
      within: amountOf(context, first(amount)),
    };
  },
  countedBy(context: BuildContext, node: cst.CountedByCstNode): tree.CountedBy {
    const { text } = node.children;
    return {
      kind: "CountedBy",
      span: nodeSpan(context, node),
      query: textOf(context, first(text)),
    };
  },
  metricOrigin(
    context: BuildContext,
    node: cst.MetricOriginCstNode,
  ): tree.FromEvaluation | tree.FromPredictions | tree.FromPrometheus | tree.FromRegistry {
    const { EvaluationWord, PredictionsWord, PrometheusWord, text, operand } = node.children;
    const span = nodeSpan(context, node);
    if (EvaluationWord !== undefined) {
      return { kind: "FromEvaluation", span, ...(text?.[0] === undefined ? {} : { key: textOf(context, text[0]) }) };
    }
    if (PredictionsWord !== undefined) {
      return { kind: "FromPredictions", span, function: operandOf(context, first(operand)) };
    }
    if (PrometheusWord === undefined) return { kind: "FromRegistry", span, key: textOf(context, first(text)) };
    const query = textOf(context, first(text));
    return {
      kind: "FromPrometheus",
      span,
      query,
      ...(text?.[1] === undefined ? {} : { over: textOf(context, text[1]) }),
    };
  },
  requirement: requirementOf,
  onInconclusive(context: BuildContext, node: cst.OnInconclusiveCstNode): tree.OnInconclusive {
    const { ProceedWord, HoldWord, BlockWord, ThenWord, RollbackWord, text, amount } = node.children;
    return {
      kind: "OnInconclusive",
      span: nodeSpan(context, node),
      action: wordOf(context, ProceedWord?.[0] ?? HoldWord?.[0] ?? BlockWord?.[0]),
      ...(text?.[0] === undefined ? {} : { because: textOf(context, text[0]) }),
      ...(amount?.[0] === undefined ? {} : { length: amountOf(context, amount[0]) }),
      // biome-ignore lint/suspicious/noThenProperty: it is the word of the language, and no function
      ...(ThenWord === undefined ? {} : { then: wordOf(context, BlockWord?.[0], RollbackWord?.[0]) }),
    };
  },
  cause: causeOf,
  check(context: BuildContext, node: cst.CheckCstNode): tree.Check {
    const { amount } = node.children;
    return {
      kind: "Check",
      span: nodeSpan(context, node),
      every: amountOf(context, first(amount)),
    };
  },
  settle(context: BuildContext, node: cst.SettleCstNode): tree.Settle | tree.Grace {
    const length = amountOf(context, first(node.children.amount));
    return { kind: node.children.GraceWord === undefined ? "Settle" : "Grace", span: nodeSpan(context, node), length };
  },
  queue(context: BuildContext, node: cst.QueueCstNode): tree.Queue {
    const { LatestWord, SkipWord, ReplaceWord } = node.children;
    return {
      kind: "Queue",
      span: nodeSpan(context, node),
      mode: wordOf(context, LatestWord?.[0], SkipWord?.[0], ReplaceWord?.[0]),
    };
  },
  cooldown(context: BuildContext, node: cst.CooldownCstNode): tree.Cooldown {
    const entries = node.children.cooldownEntry.map((entry): tree.CooldownEntry => {
      const { amount, name } = entry.children;
      const length = amountOf(context, first(amount));
      return { kind: "CooldownEntry", span: nodeSpan(context, entry), length, outcome: nameNode(context, first(name)) };
    });
    return { kind: "Cooldown", span: nodeSpan(context, node), entries };
  },
  budget(context: BuildContext, node: cst.BudgetCstNode): tree.Budget {
    const entries = node.children.budgetEntry.map((entry): tree.BudgetEntry => {
      const { amount, name } = entry.children;
      const noun = nameNode(context, first(name));
      return { kind: "BudgetEntry", span: nodeSpan(context, entry), amount: amountOf(context, first(amount)), noun };
    });
    const per = amountOf(context, first(node.children.amount));
    return { kind: "Budget", span: nodeSpan(context, node), entries, per };
  },
  breaker(context: BuildContext, node: cst.BreakerCstNode): tree.Breaker {
    const { amount } = node.children;
    return {
      kind: "Breaker",
      span: nodeSpan(context, node),
      failures: amountOf(context, nth(amount, 0)),
      length: amountOf(context, nth(amount, 1)),
    };
  },
  onMissing(context: BuildContext, node: cst.OnMissingCstNode): tree.OnMissing {
    const { HoldWord, ResetWord, amount } = node.children;
    return {
      kind: "OnMissing",
      span: nodeSpan(context, node),
      action: wordOf(context, HoldWord?.[0], ResetWord?.[0]),
      ...(amount?.[0] === undefined ? {} : { notifyAfter: amountOf(context, amount[0]) }),
    };
  },
};

function causeOf(context: BuildContext, node: cst.CauseCstNode): tree.Cause {
  const { schedule, eventCause, dataCause, conditionCause } = node.children;
  const span = nodeSpan(context, node);
  if (schedule?.[0] !== undefined) {
    const { text } = schedule[0].children;
    return { kind: "Schedule", span, cron: textOf(context, nth(text, 0)), zone: textOf(context, nth(text, 1)) };
  }
  if (eventCause?.[0] !== undefined) {
    return { kind: "EventCause", span, name: textOf(context, first(eventCause[0].children.text)) };
  }
  if (dataCause?.[0] !== undefined) {
    const { name, amount, LabelledWord, RowsWord } = dataCause[0].children;
    const gains = amountOf(context, first(amount));
    const dataset = nameNode(context, first(name));
    return {
      kind: "DataCause",
      span,
      dataset,
      gains,
      labelled: LabelledWord !== undefined,
      rows: RowsWord !== undefined,
    };
  }
  const { DriftWord, DecayWord, condition, causeModifier } = first(conditionCause).children;
  return {
    kind: "ConditionCause",
    span,
    family: wordOf(context, DriftWord?.[0], DecayWord?.[0]),
    condition: conditionOf(context, first(condition)),
    modifiers: (causeModifier ?? []).map((modifier) => modifierOf(context, modifier)),
  };
}

function modifierOf(context: BuildContext, node: cst.CauseModifierCstNode): tree.CauseModifier {
  const { over, clears, streak } = node.children;
  const span = nodeSpan(context, node);
  if (over?.[0] !== undefined) return { kind: "Over", span, length: amountOf(context, first(over[0].children.amount)) };
  if (streak?.[0] !== undefined) return streakOf(context, streak[0]);
  const { BelowWord, AboveWord, value, amount } = first(clears).children;
  return {
    kind: "Clears",
    span,
    side: wordOf(context, BelowWord?.[0], AboveWord?.[0]),
    value: valueNode(context, first(value)),
    ...(amount?.[0] === undefined ? {} : { after: amountOf(context, amount[0]) }),
  };
}
