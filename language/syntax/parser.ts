import { EOF } from "chevrotain";
import { DeliveryRules } from "./delivery-rules.ts";
import * as t from "./tokens.ts";

const w = t.word;

/** Rules for files, policies and their blocks. A block is a list of elements; what is none of its statements is junk. */
class PolicyParser extends DeliveryRules {
  constructor() {
    super();
    this.performSelfAnalysis();
  }

  modelStatement = this.RULE("modelStatement", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.registry) },
      { ALT: () => this.SUBRULE(this.serving) },
      { ALT: () => this.SUBRULE(this.firstModel) },
      { ALT: () => this.SUBRULE(this.decides) },
      { ALT: () => this.SUBRULE(this.expect) },
      { ALT: () => this.SUBRULE(this.junk), IGNORE_AMBIGUITIES: true },
    ]);
  });

  model = this.RULE("model", () => {
    this.CONSUME(w.model);
    this.CONSUME(t.LeftBrace);
    this.MANY({ GATE: () => !this.atBlock(), DEF: () => this.SUBRULE(this.modelStatement) });
    this.CONSUME(t.RightBrace);
  });

  datasetStatement = this.RULE("datasetStatement", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.dataSource) },
      { ALT: () => this.SUBRULE(this.timeColumn) },
      { ALT: () => this.SUBRULE(this.keyColumns) },
      { ALT: () => this.SUBRULE(this.labelColumn) },
      { ALT: () => this.SUBRULE(this.trainingWindow) },
      { ALT: () => this.SUBRULE(this.reference) },
      { ALT: () => this.SUBRULE(this.currentWindow) },
      { ALT: () => this.SUBRULE(this.holdout) },
      { ALT: () => this.SUBRULE(this.expect) },
      { ALT: () => this.SUBRULE(this.columns) },
      { ALT: () => this.SUBRULE(this.junk), IGNORE_AMBIGUITIES: true },
    ]);
  });

  dataset = this.RULE("dataset", () => {
    this.CONSUME(w.dataset);
    this.SUBRULE(this.name);
    this.CONSUME(t.LeftBrace);
    this.MANY({ GATE: () => !this.atBlock(), DEF: () => this.SUBRULE(this.datasetStatement) });
    this.CONSUME(t.RightBrace);
  });

  metricStatement = this.RULE("metricStatement", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.metricType) },
      { ALT: () => this.SUBRULE(this.better) },
      { ALT: () => this.SUBRULE(this.metricRange) },
      { ALT: () => this.SUBRULE(this.fresh) },
      { ALT: () => this.SUBRULE(this.countedBy) },
      { ALT: () => this.SUBRULE(this.metricOrigin) },
      { ALT: () => this.SUBRULE(this.junk), IGNORE_AMBIGUITIES: true },
    ]);
  });

  metric = this.RULE("metric", () => {
    this.CONSUME(w.metric);
    this.SUBRULE(this.name);
    this.CONSUME(t.LeftBrace);
    this.MANY({ GATE: () => !this.atBlock(), DEF: () => this.SUBRULE(this.metricStatement) });
    this.CONSUME(t.RightBrace);
  });

  triggerStatement = this.RULE("triggerStatement", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.cause) },
      { ALT: () => this.SUBRULE(this.causeGroup) },
      { ALT: () => this.SUBRULE(this.check) },
      { ALT: () => this.SUBRULE(this.settle) },
      { ALT: () => this.SUBRULE(this.queue) },
      { ALT: () => this.SUBRULE(this.cooldown) },
      { ALT: () => this.SUBRULE(this.budget) },
      { ALT: () => this.SUBRULE(this.breaker) },
      { ALT: () => this.SUBRULE(this.onMissing) },
      { ALT: () => this.SUBRULE(this.junk), IGNORE_AMBIGUITIES: true },
    ]);
  });

  trigger = this.RULE("trigger", () => {
    this.CONSUME(w.trigger);
    this.CONSUME(t.LeftBrace);
    this.MANY({ GATE: () => !this.atBlock(), DEF: () => this.SUBRULE(this.triggerStatement) });
    this.CONSUME(t.RightBrace);
  });

  validateStatement = this.RULE("validateStatement", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.requirement) },
      { ALT: () => this.SUBRULE(this.junk), IGNORE_AMBIGUITIES: true },
    ]);
  });

  validate = this.RULE("validate", () => {
    this.CONSUME(w.validate);
    this.SUBRULE(this.name);
    this.CONSUME(t.LeftBrace);
    this.MANY({ GATE: () => !this.atBlock(), DEF: () => this.SUBRULE(this.validateStatement) });
    this.CONSUME(t.RightBrace);
  });

  stepStatement = this.RULE("stepStatement", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.image) },
      { ALT: () => this.SUBRULE(this.command) },
      { ALT: () => this.SUBRULE(this.environment) },
      { ALT: () => this.SUBRULE(this.secret) },
      { ALT: () => this.SUBRULE(this.resources) },
      { ALT: () => this.SUBRULE(this.timeout) },
      { ALT: () => this.SUBRULE(this.retry) },
      { ALT: () => this.SUBRULE(this.onSpot) },
      { ALT: () => this.SUBRULE(this.workers) },
      { ALT: () => this.SUBRULE(this.junk), IGNORE_AMBIGUITIES: true },
    ]);
  });

  step = this.RULE("step", () => {
    this.OR([{ ALT: () => this.CONSUME(w.train) }, { ALT: () => this.CONSUME(w.evaluate) }]);
    this.CONSUME(t.LeftBrace);
    this.MANY({ GATE: () => !this.atBlock(), DEF: () => this.SUBRULE(this.stepStatement) });
    this.CONSUME(t.RightBrace);
  });

  gateStatement = this.RULE("gateStatement", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.requirement) },
      { ALT: () => this.SUBRULE(this.requirementGroup) },
      { ALT: () => this.SUBRULE(this.onInconclusive) },
      { ALT: () => this.SUBRULE(this.observeOnly) },
      { ALT: () => this.SUBRULE(this.junk), IGNORE_AMBIGUITIES: true },
    ]);
  });

  gate = this.RULE("gate", () => {
    this.CONSUME(w.gate);
    this.SUBRULE(this.name);
    this.CONSUME(t.LeftBrace);
    this.MANY({ GATE: () => !this.atBlock(), DEF: () => this.SUBRULE(this.gateStatement) });
    this.CONSUME(t.RightBrace);
  });

  stageStatement = this.RULE("stageStatement", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.requirement) },
      { ALT: () => this.SUBRULE(this.onInconclusive) },
      { ALT: () => this.SUBRULE(this.use) },
      { ALT: () => this.SUBRULE(this.junk), IGNORE_AMBIGUITIES: true },
    ]);
  });

  stage = this.RULE("stage", () => {
    this.CONSUME(w.stage);
    this.SUBRULE(this.name);
    this.CONSUME(t.LeftBrace);
    this.SUBRULE(this.stageHeader);
    this.MANY({ GATE: () => !this.atStageEnd(), DEF: () => this.SUBRULE(this.stageStatement) });
    this.CONSUME(t.RightBrace);
  });

  rolloutStatement = this.RULE("rolloutStatement", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.stage) },
      { ALT: () => this.SUBRULE(this.approval) },
      { ALT: () => this.SUBRULE(this.rollbackWhen) },
      { ALT: () => this.SUBRULE(this.onInconclusive) },
      { ALT: () => this.SUBRULE(this.junk), IGNORE_AMBIGUITIES: true },
    ]);
  });

  rollout = this.RULE("rollout", () => {
    this.CONSUME(w.rollout);
    this.CONSUME(t.LeftBrace);
    this.MANY({ GATE: () => !this.atBlock(), DEF: () => this.SUBRULE(this.rolloutStatement) });
    this.CONSUME(t.RightBrace);
  });

  notifyStatement = this.RULE("notifyStatement", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.notifyRule) },
      { ALT: () => this.SUBRULE(this.junk), IGNORE_AMBIGUITIES: true },
    ]);
  });

  notify = this.RULE("notify", () => {
    this.CONSUME(w.notify);
    this.CONSUME(t.LeftBrace);
    this.MANY({ GATE: () => !this.atBlock(), DEF: () => this.SUBRULE(this.notifyStatement) });
    this.CONSUME(t.RightBrace);
  });

  guardrailStatement = this.RULE("guardrailStatement", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.must) },
      { ALT: () => this.SUBRULE(this.limit) },
      { ALT: () => this.SUBRULE(this.junk), IGNORE_AMBIGUITIES: true },
    ]);
  });

  guardrail = this.RULE("guardrail", () => {
    this.CONSUME(w.guardrail);
    this.SUBRULE(this.name);
    this.OPTION(() => {
      this.CONSUME(w.applies);
      this.CONSUME(w.when);
      this.CONSUME(w.risk);
      this.CONSUME(w.is);
      this.SUBRULE1(this.name);
      this.MANY1(() => {
        this.CONSUME(w.or);
        this.SUBRULE2(this.name);
      });
    });
    this.CONSUME(t.LeftBrace);
    this.MANY({ GATE: () => !this.atBlock(), DEF: () => this.SUBRULE(this.guardrailStatement) });
    this.CONSUME(t.RightBrace);
  });

  scenarioStatement = this.RULE("scenarioStatement", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.given) },
      { ALT: () => this.SUBRULE(this.atInstant) },
      { ALT: () => this.SUBRULE(this.scenarioExpect) },
      { ALT: () => this.SUBRULE(this.junk), IGNORE_AMBIGUITIES: true },
    ]);
  });

  scenario = this.RULE("scenario", () => {
    this.CONSUME(w.scenario);
    this.SUBRULE(this.text);
    this.CONSUME(w.for);
    this.SUBRULE(this.name);
    this.CONSUME(t.LeftBrace);
    this.MANY({ GATE: () => !this.atBlock(), DEF: () => this.SUBRULE(this.scenarioStatement) });
    this.CONSUME(t.RightBrace);
  });

  item = this.RULE("item", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.observeOnly) },
      { ALT: () => this.SUBRULE(this.prose) },
      { ALT: () => this.SUBRULE(this.risk) },
      { ALT: () => this.SUBRULE(this.reviewBy) },
      { ALT: () => this.SUBRULE(this.model) },
      { ALT: () => this.SUBRULE(this.dataset) },
      { ALT: () => this.SUBRULE(this.metric) },
      { ALT: () => this.SUBRULE(this.trigger) },
      { ALT: () => this.SUBRULE(this.validate) },
      { ALT: () => this.SUBRULE(this.step) },
      { ALT: () => this.SUBRULE(this.gate) },
      { ALT: () => this.SUBRULE(this.rollout) },
      { ALT: () => this.SUBRULE(this.notify) },
      { ALT: () => this.SUBRULE(this.freeze) },
      { ALT: () => this.SUBRULE(this.override) },
      { ALT: () => this.SUBRULE(this.junk), IGNORE_AMBIGUITIES: true },
    ]);
  });

  body = this.RULE("body", () => {
    this.CONSUME(t.LeftBrace);
    this.MANY({ GATE: () => !this.atDeclaration(), DEF: () => this.SUBRULE(this.item) });
    this.CONSUME(t.RightBrace);
  });

  override = this.RULE("override", () => {
    this.CONSUME(w.override);
    this.CONSUME(w.because);
    this.SUBRULE(this.text);
    this.SUBRULE(this.body);
  });

  policy = this.RULE("policy", () => {
    this.CONSUME(w.policy);
    this.SUBRULE(this.name);
    this.OPTION(() => this.SUBRULE(this.templateUse));
    this.SUBRULE(this.body);
  });

  templateUse = this.RULE("templateUse", () => {
    this.CONSUME(w.from);
    this.SUBRULE(this.name);
    this.CONSUME(t.LeftParenthesis);
    this.OPTION(() => {
      this.SUBRULE(this.templateArgument);
      this.MANY(() => {
        this.CONSUME(t.Comma);
        this.SUBRULE1(this.templateArgument);
      });
    });
    this.CONSUME(t.RightParenthesis);
  });

  templateArgument = this.RULE("templateArgument", () => {
    this.SUBRULE(this.name);
    this.CONSUME(t.Colon);
    this.SUBRULE(this.literal);
  });

  template = this.RULE("template", () => {
    this.CONSUME(w.template);
    this.SUBRULE(this.name);
    this.CONSUME(t.LeftParenthesis);
    this.OPTION(() => {
      this.SUBRULE(this.parameter);
      this.MANY(() => {
        this.CONSUME(t.Comma);
        this.SUBRULE1(this.parameter);
      });
    });
    this.CONSUME(t.RightParenthesis);
    this.SUBRULE(this.body);
  });

  parameter = this.RULE("parameter", () => {
    this.CONSUME(t.Identifier);
    this.CONSUME(t.Colon);
    this.SUBRULE(this.name);
    this.OPTION(() => {
      this.CONSUME(t.Assign);
      this.SUBRULE(this.literal);
    });
  });

  importNames = this.RULE("importNames", () => {
    this.CONSUME(w.import);
    this.SUBRULE(this.text);
    this.CONSUME(t.LeftBrace);
    this.SUBRULE(this.name);
    this.MANY(() => {
      this.CONSUME(t.Comma);
      this.SUBRULE1(this.name);
    });
    this.CONSUME(t.RightBrace);
  });

  language = this.RULE("language", () => {
    this.CONSUME(w.language);
    this.CONSUME(t.NumberQuantity);
  });

  declaration = this.RULE("declaration", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.importNames) },
      { ALT: () => this.SUBRULE(this.policy) },
      { ALT: () => this.SUBRULE(this.template) },
      { ALT: () => this.SUBRULE(this.dataset) },
      { ALT: () => this.SUBRULE(this.metric) },
      { ALT: () => this.SUBRULE(this.gate) },
      { ALT: () => this.SUBRULE(this.guardrail) },
      { ALT: () => this.SUBRULE(this.scenario) },
      { ALT: () => this.SUBRULE(this.freeze) },
      { ALT: () => this.SUBRULE(this.strayBrace) },
      { ALT: () => this.SUBRULE(this.junk), IGNORE_AMBIGUITIES: true },
    ]);
  });

  file = this.RULE("file", () => {
    this.OPTION(() => this.SUBRULE(this.language));
    this.MANY(() => this.SUBRULE(this.declaration));
    this.CONSUME(EOF);
  });
}

/** One parser a process; `input` resets it. */
export const parser = new PolicyParser();
