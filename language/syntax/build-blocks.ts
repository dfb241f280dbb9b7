import type { CstNode } from "chevrotain";
import { type BuildContext, first, isWhole, nameOf, nodeSpan, partsAreWhole, wordOf } from "./build-context.ts";
import { definitionBuilders } from "./build-definitions.ts";
import { deliveryBuilders } from "./build-deliveries.ts";
import { buildElements, type ElementBuilder, whole } from "./build-elements.ts";
import { amountOf, atLeastOf, literalOf, nameNode, quantifierOf, quantityOf, rangeOf, textOf } from "./build-values.ts";
import type * as cst from "./cst.gen.d.ts";
import type * as tree from "./tree.ts";

type Whole<Statement> = Exclude<Statement, tree.Broken>;
type BlockBuilder = (context: BuildContext, node: never) => tree.TreeNode;

/** Builders of the blocks, by the name of their rule. Each gets a node whose header is whole and that has its `{`. */
const blockBuilders: Readonly<Record<string, BlockBuilder>> = {
  model: (context, node: cst.ModelCstNode) => {
    const { modelStatement } = node.children;
    const statements = elements<Whole<tree.ModelStatement>>(context, modelStatement, "modelStatement", "model");
    return { kind: "Model", span: nodeSpan(context, node), statements };
  },
  dataset: (context, node: cst.DatasetCstNode) => {
    const { name, datasetStatement } = node.children;
    const statements = elements<Whole<tree.DatasetStatement>>(context, datasetStatement, "datasetStatement", "dataset");
    return { kind: "Dataset", span: nodeSpan(context, node), name: nameNode(context, first(name)), statements };
  },
  metric: (context, node: cst.MetricCstNode) => {
    const { name, metricStatement } = node.children;
    const statements = elements<Whole<tree.MetricStatement>>(context, metricStatement, "metricStatement", "metric");
    return { kind: "Metric", span: nodeSpan(context, node), name: nameNode(context, first(name)), statements };
  },
  trigger: (context, node: cst.TriggerCstNode) => {
    const { triggerStatement } = node.children;
    const statements = elements<Whole<tree.TriggerStatement>>(context, triggerStatement, "triggerStatement", "trigger");
    return { kind: "Trigger", span: nodeSpan(context, node), statements };
  },
  validate: (context, node: cst.ValidateCstNode) => {
    const { name, validateStatement } = node.children;
    const statements = elements<Whole<tree.ValidateStatement>>(
      context,
      validateStatement,
      "validateStatement",
      "validate",
    );
    return { kind: "Validate", span: nodeSpan(context, node), dataset: nameNode(context, first(name)), statements };
  },
  gate: (context, node: cst.GateCstNode) => {
    const { name, gateStatement } = node.children;
    const statements = elements<Whole<tree.GateStatement>>(context, gateStatement, "gateStatement", "gate");
    return { kind: "Gate", span: nodeSpan(context, node), name: nameNode(context, first(name)), statements };
  },
  rollout: (context, node: cst.RolloutCstNode) => {
    const { rolloutStatement } = node.children;
    const statements = elements<Whole<tree.RolloutStatement>>(context, rolloutStatement, "rolloutStatement", "rollout");
    return { kind: "Rollout", span: nodeSpan(context, node), statements };
  },
  notify: (context, node: cst.NotifyCstNode) => {
    const { notifyStatement } = node.children;
    const statements = elements<Whole<tree.NotifyStatement>>(context, notifyStatement, "notifyStatement", "notify");
    return { kind: "Notify", span: nodeSpan(context, node), statements };
  },
  guardrail: (context, node: cst.GuardrailCstNode) => {
    const { name, guardrailStatement } = node.children;
    const statements = elements<Whole<tree.GuardrailStatement>>(
      context,
      guardrailStatement,
      "guardrailStatement",
      "guardrail",
    );
    const risks = name.slice(1).map((each) => nameNode(context, each));
    return {
      kind: "Guardrail",
      span: nodeSpan(context, node),
      name: nameNode(context, first(name)),
      risks,
      statements,
    };
  },
  scenario: (context, node: cst.ScenarioCstNode) => {
    const { text, name, scenarioStatement } = node.children;
    const statements = elements<Whole<tree.ScenarioStatement>>(
      context,
      scenarioStatement,
      "scenarioStatement",
      "scenario",
    );
    return {
      kind: "Scenario",
      span: nodeSpan(context, node),
      title: textOf(context, first(text)),
      policy: nameNode(context, first(name)),
      statements,
    };
  },
  step: (context, node: cst.StepCstNode) => {
    const { TrainWord, EvaluateWord, stepStatement } = node.children;
    const step: tree.Step["step"] = wordOf(context, TrainWord?.[0], EvaluateWord?.[0]);
    const statements = elements<Whole<tree.StepStatement>>(context, stepStatement, "stepStatement", step.text);
    return { kind: "Step", span: nodeSpan(context, node), step, statements };
  },
  stage: stageOf,
  columns: (context, node: cst.ColumnsCstNode) => {
    const columns = elements<tree.Column>(context, node.children.columnElement, "columnElement", "columns");
    return { kind: "Columns", span: nodeSpan(context, node), columns };
  },
  requirementGroup: (context, node: cst.RequirementGroupCstNode) => {
    const { quantifier, requirementElement } = node.children;
    const requirements = elements<tree.Requirement>(context, requirementElement, "requirementElement", "group");
    if (requirements.length === 0) context.emptyGroups.push(nodeSpan(context, node));
    const word = quantifierOf(context, first(quantifier));
    return { kind: "RequirementGroup", span: nodeSpan(context, node), quantifier: word, requirements };
  },
  causeGroup: (context, node: cst.CauseGroupCstNode) => {
    const { quantifier, amount, causeElement } = node.children;
    if (causeElement === undefined) context.emptyGroups.push(nodeSpan(context, node));
    return {
      kind: "CauseGroup",
      span: nodeSpan(context, node),
      quantifier: quantifierOf(context, first(quantifier)),
      ...(amount?.[0] === undefined ? {} : { within: amountOf(context, amount[0]) }),
      causes: elements<tree.Cause>(context, causeElement, "causeElement", "group"),
    };
  },
};

const statementBuilders: Readonly<Record<string, BlockBuilder>> = { ...definitionBuilders, ...deliveryBuilders };

/** Builders of what holds a body of policy items. */
const bodyBuilders: Readonly<Record<string, BlockBuilder>> = {
  override: (context, node: cst.OverrideCstNode) => {
    const { text, body } = node.children;
    return {
      kind: "Override",
      span: nodeSpan(context, node),
      because: textOf(context, first(text)),
      items: items(context, first(body), "override"),
    };
  },
  policy: (context, node: cst.PolicyCstNode) => {
    const { name, templateUse, body } = node.children;
    const use = templateUse?.[0];
    return {
      kind: "Policy",
      span: nodeSpan(context, node),
      name: nameNode(context, first(name)),
      ...(use === undefined ? {} : { from: templateUseOf(context, use) }),
      items: items(context, first(body), "policy"),
    };
  },
  template: (context, node: cst.TemplateCstNode) => {
    const { name, parameter, body } = node.children;
    return {
      kind: "Template",
      span: nodeSpan(context, node),
      name: nameNode(context, first(name)),
      parameters: (parameter ?? []).map((each) => parameterOf(context, each)),
      items: items(context, first(body), "template"),
    };
  },
};

const headerExceptions: readonly string[] = ["stageHeader", "LeftBrace", "RightBrace", "body"];

/** Builds a statement or a block of any kind; undefined when its header, or a statement, was not written in full. */
const build: ElementBuilder = (context, node) => {
  const block = blockBuilders[node.name];
  if (block !== undefined) {
    const elementKey = Object.keys(node.children).find((key) => /(?:Statement|Element)$/.test(key)) ?? "";
    const usable =
      node.children["LeftBrace"] !== undefined && partsAreWhole(context, node, [...headerExceptions, elementKey]);
    return usable ? block(context, node as never) : undefined;
  }
  const withBody = bodyBuilders[node.name];
  if (withBody !== undefined) {
    const body = node.children["body"]?.[0] as cst.BodyCstNode | undefined;
    const usable = body?.children.LeftBrace !== undefined && partsAreWhole(context, node, headerExceptions);
    return usable ? withBody(context, node as never) : undefined;
  }
  const statement = statementBuilders[node.name];
  if (statement === undefined) throw new Error(`rule ${node.name} has no builder`);
  return whole(statement)(context, node);
};

function elements<T extends tree.TreeNode>(
  context: BuildContext,
  nodes: readonly CstNode[] | undefined,
  elementRule: string,
  block: string,
): readonly (T | tree.Broken)[] {
  return buildElements<T>(context, nodes, { elementRule, block }, build);
}

function items(context: BuildContext, body: cst.BodyCstNode, block: string): readonly tree.Item[] {
  return elements<Whole<tree.Item>>(context, body.children.item, "item", block);
}

/** A header that does not parse becomes the first statement, broken, and none of its words are kept. */
function stageOf(context: BuildContext, node: cst.StageCstNode): tree.Stage {
  const { name, stageHeader, stageStatement } = node.children;
  const base = { kind: "Stage", span: nodeSpan(context, node), name: nameNode(context, first(name)) } as const;
  const header = stageHeader?.[0];
  const headerIsWhole = header === undefined || isWhole(context, header);
  if (!headerIsWhole) {
    const { start, end } = nodeSpan(context, header);
    context.regions.push({
      start,
      end,
      stray: undefined,
      rule: "stageHeader",
      elementRule: "stageStatement",
      block: "stage",
    });
  }
  const statements = elements<Whole<tree.StageStatement>>(context, stageStatement, "stageStatement", "stage");
  if (!headerIsWhole)
    return { ...base, statements: [{ kind: "Broken", span: nodeSpan(context, header) }, ...statements] };
  if (header === undefined) return { ...base, statements };
  const { traffic, stay, atLeast, check, watch, keepChampion } = header.children;
  return {
    ...base,
    ...(traffic?.[0] === undefined ? {} : { traffic: trafficOf(context, traffic[0]) }),
    ...(stay?.[0] === undefined ? {} : { stay: rangeOf(context, first(stay[0].children.range)) }),
    ...(atLeast?.[0] === undefined ? {} : { atLeast: atLeastOf(context, atLeast[0]) }),
    ...(check?.[0] === undefined ? {} : { checkEvery: amountOf(context, first(check[0].children.amount)) }),
    ...(watch?.[0] === undefined ? {} : { watch: amountOf(context, first(watch[0].children.amount)) }),
    ...(keepChampion?.[0] === undefined
      ? {}
      : { keepChampion: amountOf(context, first(keepChampion[0].children.amount)) }),
    statements,
  };
}

function trafficOf(context: BuildContext, node: cst.TrafficCstNode): tree.Traffic {
  const { MirrorWord, TrafficWord, amount } = node.children;
  const mode: tree.Traffic["mode"] = wordOf(context, MirrorWord?.[0], TrafficWord?.[0]);
  return { kind: "Traffic", span: nodeSpan(context, node), mode, share: amountOf(context, first(amount)) };
}

function templateUseOf(context: BuildContext, node: cst.TemplateUseCstNode): tree.TemplateUse {
  const { name, templateArgument } = node.children;
  const values = (templateArgument ?? []).map((each): tree.TemplateArgument => {
    const value = literalOf(context, first(each.children.literal));
    return {
      kind: "TemplateArgument",
      span: nodeSpan(context, each),
      name: nameNode(context, first(each.children.name)),
      value,
    };
  });
  return {
    kind: "TemplateUse",
    span: nodeSpan(context, node),
    template: nameNode(context, first(name)),
    arguments: values,
  };
}

function parameterOf(context: BuildContext, node: cst.ParameterCstNode): tree.Parameter {
  const { Identifier, name, literal } = node.children;
  return {
    kind: "Parameter",
    span: nodeSpan(context, node),
    name: nameOf(context, first(Identifier)),
    type: nameNode(context, first(name)),
    ...(literal?.[0] === undefined ? {} : { default: literalOf(context, literal[0]) }),
  };
}

/** Builds the tree of a file of which nothing else is known than that it was parsed. */
export function buildFile(context: BuildContext, node: cst.FileCstNode, end: number): tree.FileNode {
  const { language, declaration } = node.children;
  const written = language?.[0];
  const version = written === undefined || !isWhole(context, written) ? undefined : written;
  const broken: tree.Broken[] = [];
  if (written !== undefined && version === undefined) {
    const { start, end: languageEnd } = nodeSpan(context, written);
    context.regions.push({
      start,
      end: languageEnd,
      stray: undefined,
      rule: "language",
      elementRule: "declaration",
      block: "file",
    });
    broken.push({ kind: "Broken", span: nodeSpan(context, written) });
  }
  const declarations = elements<Whole<tree.Declaration>>(context, declaration, "declaration", "file");
  return {
    kind: "File",
    span: { path: context.path, start: 0, end },
    ...(version === undefined ? {} : { language: languageOf(context, version) }),
    declarations: broken.length === 0 ? declarations : [...broken, ...declarations],
  };
}

function languageOf(context: BuildContext, node: cst.LanguageCstNode): tree.Language {
  const version = quantityOf(context, first(node.children.NumberQuantity));
  return { kind: "Language", span: nodeSpan(context, node), version };
}
