import { type BuildContext, first, nameOf, nodeSpan, nth, wordOf } from "./build-context.ts";
import {
  amountOf,
  conditionOf,
  listOf,
  literalOf,
  nameNode,
  nameNodes,
  nounOf,
  operandOf,
  rangeOf,
  streakOf,
  textOf,
} from "./build-values.ts";
import type * as cst from "./cst.gen.d.ts";
import type * as tree from "./tree.ts";

/** Builders of the statements that say what is done, by the name of their rule. Each gets a node that is whole. */
export const deliveryBuilders = {
  image(context: BuildContext, node: cst.ImageCstNode): tree.Image {
    const { text } = node.children;
    return {
      kind: "Image",
      span: nodeSpan(context, node),
      image: textOf(context, first(text)),
    };
  },
  command(context: BuildContext, node: cst.CommandCstNode): tree.Command {
    const { list } = node.children;
    return {
      kind: "Command",
      span: nodeSpan(context, node),
      arguments: listOf(context, first(list)),
    };
  },
  environment(context: BuildContext, node: cst.EnvironmentCstNode): tree.Environment {
    const variables = (node.children.environmentElement ?? []).map((element): tree.EnvironmentVariable => {
      const variable = first(element.children.environmentVariable);
      const { name, text } = variable.children;
      const span = nodeSpan(context, variable);
      return {
        kind: "EnvironmentVariable",
        span,
        name: nameNode(context, first(name)),
        value: textOf(context, first(text)),
      };
    });
    return { kind: "Environment", span: nodeSpan(context, node), variables };
  },
  secret(context: BuildContext, node: cst.SecretCstNode): tree.Secret {
    const { name, text } = node.children;
    return {
      kind: "Secret",
      span: nodeSpan(context, node),
      name: nameNode(context, first(name)),
      from: textOf(context, first(text)),
    };
  },
  resources(context: BuildContext, node: cst.ResourcesCstNode): tree.Resources {
    const entries = (node.children.resourceElement ?? []).map((element): tree.ResourceEntry => {
      const entry = first(element.children.resourceEntry);
      const { name, amount } = entry.children;
      const span = nodeSpan(context, entry);
      return {
        kind: "ResourceEntry",
        span,
        name: nameNode(context, first(name)),
        amount: amountOf(context, first(amount)),
      };
    });
    return { kind: "Resources", span: nodeSpan(context, node), entries };
  },
  timeout(context: BuildContext, node: cst.TimeoutCstNode): tree.Timeout {
    const { amount } = node.children;
    return {
      kind: "Timeout",
      span: nodeSpan(context, node),
      length: amountOf(context, first(amount)),
    };
  },
  retry(context: BuildContext, node: cst.RetryCstNode): tree.Retry {
    const { amount, range } = node.children;
    return {
      kind: "Retry",
      span: nodeSpan(context, node),
      times: amountOf(context, first(amount)),
      ...(range?.[0] === undefined ? {} : { backoff: rangeOf(context, range[0]) }),
    };
  },
  onSpot(context: BuildContext, node: cst.OnSpotCstNode): tree.OnSpot {
    return {
      kind: "OnSpot",
      span: nodeSpan(context, node),
    };
  },
  workers(context: BuildContext, node: cst.WorkersCstNode): tree.Workers {
    const { amount } = node.children;
    return {
      kind: "Workers",
      span: nodeSpan(context, node),
      count: amountOf(context, first(amount)),
    };
  },
  approval(context: BuildContext, node: cst.ApprovalCstNode): tree.Approval {
    const { text, amount } = node.children;
    return {
      kind: "Approval",
      span: nodeSpan(context, node),
      group: textOf(context, first(text)),
      within: amountOf(context, first(amount)),
    };
  },
  rollbackWhen(context: BuildContext, node: cst.RollbackWhenCstNode): tree.RollbackWhen {
    const { condition, over, streak } = node.children;
    return {
      kind: "RollbackWhen",
      span: nodeSpan(context, node),
      condition: conditionOf(context, first(condition)),
      ...(over?.[0] === undefined ? {} : { over: amountOf(context, first(over[0].children.amount)) }),
      ...(streak?.[0] === undefined ? {} : { streak: streakOf(context, streak[0]) }),
    };
  },
  use(context: BuildContext, node: cst.UseCstNode): tree.Use {
    const { name } = node.children;
    return {
      kind: "Use",
      span: nodeSpan(context, node),
      name: nameNode(context, first(name)),
    };
  },
  notifyRule(context: BuildContext, node: cst.NotifyRuleCstNode): tree.NotifyRule {
    const { name, text, SecretWord } = node.children;
    const written = nameNodes(context, name);
    return {
      kind: "NotifyRule",
      span: nodeSpan(context, node),
      events: written.slice(0, -1),
      channel: nth(written, written.length - 1),
      secret: SecretWord !== undefined,
      address: textOf(context, first(text)),
    };
  },
  must(context: BuildContext, node: cst.MustCstNode): tree.GuardrailStatement {
    const span = nodeSpan(context, node);
    const children = node.children.mustHave?.[0]?.children;
    if (children === undefined) return { kind: "MustNotProceed", span };
    const { GateWord, FairnessWord, StageWord, ApprovalWord, NotifyWord, name, amount } = children;
    if (GateWord !== undefined) return { kind: "MustHaveGateRequirement", span, on: nameNode(context, first(name)) };
    if (FairnessWord !== undefined) return { kind: "MustHaveFairness", span };
    if (StageWord !== undefined) {
      const atLeast = amount?.[0] === undefined ? {} : { atLeast: amountOf(context, amount[0]) };
      return { kind: "MustHaveStage", span, stage: nameNode(context, first(name)), ...atLeast };
    }
    if (ApprovalWord !== undefined) return { kind: "MustHaveApproval", span, above: amountOf(context, first(amount)) };
    if (NotifyWord !== undefined) return { kind: "MustHaveNotify", span, event: nameNode(context, first(name)) };
    return { kind: "MustHaveRollback", span };
  },
  limit(context: BuildContext, node: cst.LimitCstNode): tree.LimitBudget | tree.LimitTraffic {
    const { BudgetWord, Identifier, amount } = node.children;
    const span = nodeSpan(context, node);
    const limit = amountOf(context, first(amount));
    if (BudgetWord !== undefined)
      return { kind: "LimitBudget", span, runs: limit, per: amountOf(context, nth(amount, 1)) };
    return { kind: "LimitTraffic", span, stage: nameOf(context, first(Identifier)), share: limit };
  },
  given(context: BuildContext, node: cst.GivenCstNode): tree.Given {
    const { operand, literal, overCount, range } = node.children;
    const over = overCount?.[0];
    return {
      kind: "Given",
      span: nodeSpan(context, node),
      operand: operandOf(context, first(operand)),
      value: literalOf(context, first(literal)),
      ...(over === undefined ? {} : { over: overCountOf(context, over) }),
      ...(range?.[0] === undefined ? {} : { interval: rangeOf(context, range[0]) }),
    };
  },
  atInstant(context: BuildContext, node: cst.AtInstantCstNode): tree.AtInstant {
    const { amount, operand, literal } = node.children;
    return {
      kind: "AtInstant",
      span: nodeSpan(context, node),
      at: amountOf(context, first(amount)),
      operand: operandOf(context, first(operand)),
      value: literalOf(context, first(literal)),
    };
  },
  scenarioExpect(
    context: BuildContext,
    node: cst.ScenarioExpectCstNode,
  ): tree.ExpectVerdict | tree.ExpectRun | tree.ExpectRuns {
    const { expectVerdict, expectRun, expectRuns } = node.children;
    const span = nodeSpan(context, node);
    if (expectRuns?.[0] !== undefined) {
      return { kind: "ExpectRuns", span, count: amountOf(context, first(expectRuns[0].children.amount)) };
    }
    if (expectRun?.[0] !== undefined) {
      const { amount, name } = expectRun[0].children;
      const because = name?.[0] === undefined ? {} : { because: nameNode(context, name[0]) };
      return { kind: "ExpectRun", span, at: amountOf(context, first(amount)), ...because };
    }
    const { GateWord, StageWord, name, PassesWord, FailsWord, IsWord, InconclusiveWord, text } =
      first(expectVerdict).children;
    return {
      kind: "ExpectVerdict",
      span,
      subject: wordOf(context, GateWord?.[0], StageWord?.[0]),
      name: nameNode(context, first(name)),
      verdict: wordOf(context, PassesWord?.[0], FailsWord?.[0], IsWord?.[0], InconclusiveWord?.[0]),
      ...(text?.[0] === undefined ? {} : { because: textOf(context, text[0]) }),
    };
  },
};

function overCountOf(context: BuildContext, node: cst.OverCountCstNode): tree.OverCount {
  const { amount, noun } = node.children;
  const count = amountOf(context, first(amount));
  return { kind: "OverCount", span: nodeSpan(context, node), count, noun: nounOf(context, first(noun)) };
}
