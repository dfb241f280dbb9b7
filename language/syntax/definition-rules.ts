import { ExpressionRules } from "./expression-rules.ts";
import { isA } from "./lex.ts";
import * as t from "./tokens.ts";

const w = t.word;

/** Rules for the statements that say what there is: of models, datasets, metrics, gates and triggers. */
export class DefinitionRules extends ExpressionRules {
  prose = this.RULE("prose", () => {
    this.OR([
      { ALT: () => this.CONSUME(w.description) },
      { ALT: () => this.CONSUME(w.owner) },
      { ALT: () => this.CONSUME(w.intended_use) },
      { ALT: () => this.CONSUME(w.out_of_scope) },
      { ALT: () => this.CONSUME(w.not_measured) },
    ]);
    this.SUBRULE(this.text);
  });

  risk = this.RULE("risk", () => {
    this.CONSUME(w.risk);
    this.SUBRULE(this.name);
  });

  reviewBy = this.RULE("reviewBy", () => {
    this.CONSUME(w.review_by);
    this.CONSUME(t.DateQuantity);
  });

  freeze = this.RULE("freeze", () => {
    this.CONSUME(w.freeze);
    this.SUBRULE(this.name);
    this.SUBRULE(this.range);
    this.CONSUME(w.in);
    this.SUBRULE(this.text);
    this.CONSUME(w.because);
    this.SUBRULE1(this.text);
  });

  // ---------- model ----------

  registry = this.RULE("registry", () => {
    this.CONSUME(w.registry);
    this.SUBRULE(this.name);
    this.SUBRULE(this.text);
  });

  serving = this.RULE("serving", () => {
    this.CONSUME(w.serving);
    this.SUBRULE(this.name);
    this.SUBRULE(this.text);
  });

  firstModel = this.RULE("firstModel", () => {
    this.CONSUME(w.first_model);
    this.OR([
      { ALT: () => this.CONSUME(w.absolute_gates_only) },
      { ALT: () => this.CONSUME(w.refuse) },
      {
        ALT: () => {
          this.CONSUME(w.approval);
          this.SUBRULE(this.text);
        },
      },
    ]);
  });

  decides = this.RULE("decides", () => {
    this.CONSUME(w.decides);
    this.CONSUME(w.at);
    this.SUBRULE(this.amount);
  });

  // ---------- dataset ----------

  dataSource = this.RULE("dataSource", () => {
    this.CONSUME(w.source);
    this.SUBRULE(this.name);
    this.SUBRULE(this.text);
  });

  timeColumn = this.RULE("timeColumn", () => {
    this.CONSUME(w.time);
    this.SUBRULE(this.name);
  });

  keyColumns = this.RULE("keyColumns", () => {
    this.CONSUME(w.key);
    this.SUBRULE(this.name);
    this.MANY(() => {
      this.CONSUME(t.Comma);
      this.SUBRULE1(this.name);
    });
  });

  labelColumn = this.RULE("labelColumn", () => {
    this.CONSUME(w.label);
    this.SUBRULE(this.name);
    this.CONSUME(w.matures);
    this.CONSUME(w.after);
    this.SUBRULE(this.amount);
  });

  trainingWindow = this.RULE("trainingWindow", () => {
    this.CONSUME(w.training);
    this.SUBRULE(this.amount);
  });

  reference = this.RULE("reference", () => {
    this.CONSUME(w.reference);
    this.OR([
      {
        ALT: () => {
          this.SUBRULE(this.amount);
          this.CONSUME(w.before);
          this.CONSUME(w.promotion);
        },
      },
      {
        ALT: () => {
          this.CONSUME(w.fixed);
          this.SUBRULE(this.text);
        },
      },
    ]);
  });

  currentWindow = this.RULE("currentWindow", () => {
    this.CONSUME(w.current);
    this.SUBRULE(this.amount);
  });

  holdout = this.RULE("holdout", () => {
    this.CONSUME(w.holdout);
    this.OPTION(() => this.CONSUME(w.last));
    this.SUBRULE(this.amount);
  });

  column = this.RULE("column", () => {
    this.OR([{ ALT: () => this.SUBRULE(this.name) }, { ALT: () => this.SUBRULE(this.text) }]);
    this.SUBRULE1(this.name);
    // (G2) the next column may be named `in` or `one`.
    this.OPTION({
      GATE: () => isA(this.LA(2), t.Quantity),
      DEF: () => {
        this.CONSUME(w.in);
        this.SUBRULE(this.range);
      },
    });
    this.OPTION1({
      GATE: () => this.LA(2).tokenType === w.of,
      DEF: () => {
        this.CONSUME(w.one);
        this.CONSUME(w.of);
        this.SUBRULE(this.list);
      },
    });
    this.OPTION2(() => this.CONSUME(w.optional));
    // (G3) the next column may be named `from`.
    this.OPTION3({
      GATE: () => isA(this.LA(2), t.TextLike),
      DEF: () => {
        this.CONSUME(w.from);
        this.SUBRULE1(this.text);
      },
    });
  });

  columnElement = this.RULE("columnElement", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.column) },
      { ALT: () => this.SUBRULE(this.junk), IGNORE_AMBIGUITIES: true },
    ]);
  });

  columns = this.RULE("columns", () => {
    this.CONSUME(w.columns);
    this.CONSUME(t.LeftBrace);
    this.MANY({ GATE: () => !this.atBlock(), DEF: () => this.SUBRULE(this.columnElement) });
    this.CONSUME(t.RightBrace);
  });

  // ---------- metric ----------

  metricType = this.RULE("metricType", () => {
    this.CONSUME(w.type);
    this.SUBRULE(this.name);
  });

  better = this.RULE("better", () => {
    this.CONSUME(w.better);
    this.OR([{ ALT: () => this.CONSUME(w.higher) }, { ALT: () => this.CONSUME(w.lower) }]);
  });

  metricRange = this.RULE("metricRange", () => {
    this.CONSUME(w.range);
    this.SUBRULE(this.range);
  });

  fresh = this.RULE("fresh", () => {
    this.CONSUME(w.fresh);
    this.CONSUME(w.within);
    this.SUBRULE(this.amount);
  });

  countedBy = this.RULE("countedBy", () => {
    this.CONSUME(w.counted);
    this.CONSUME(w.by);
    this.SUBRULE(this.text);
  });

  metricOrigin = this.RULE("metricOrigin", () => {
    this.CONSUME(w.from);
    this.OR([
      {
        ALT: () => {
          this.CONSUME(w.evaluation);
          this.OPTION(() => {
            this.CONSUME(w.as);
            this.SUBRULE(this.text);
          });
        },
      },
      {
        ALT: () => {
          this.CONSUME(w.predictions);
          this.CONSUME(w.using);
          this.SUBRULE(this.operand);
        },
      },
      {
        ALT: () => {
          this.CONSUME(w.prometheus);
          this.SUBRULE1(this.text);
          this.OPTION1(() => {
            this.CONSUME(w.over);
            this.SUBRULE2(this.text);
          });
        },
      },
      {
        ALT: () => {
          this.CONSUME(w.registry);
          this.SUBRULE3(this.text);
        },
      },
    ]);
  });

  // ---------- gate ----------

  requirementElement = this.RULE("requirementElement", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.requirement) },
      { ALT: () => this.SUBRULE(this.junk), IGNORE_AMBIGUITIES: true },
    ]);
  });

  requirementGroup = this.RULE("requirementGroup", () => {
    this.SUBRULE(this.quantifier);
    this.CONSUME(t.LeftBrace);
    this.MANY({ GATE: () => !this.atBlock(), DEF: () => this.SUBRULE(this.requirementElement) });
    this.CONSUME(t.RightBrace);
  });

  // ---------- trigger ----------

  cause = this.RULE("cause", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.schedule) },
      { ALT: () => this.SUBRULE(this.eventCause) },
      { ALT: () => this.SUBRULE(this.dataCause) },
      { ALT: () => this.SUBRULE(this.conditionCause) },
    ]);
  });

  schedule = this.RULE("schedule", () => {
    this.CONSUME(w.schedule);
    this.SUBRULE(this.text);
    this.CONSUME(w.in);
    this.SUBRULE1(this.text);
  });

  eventCause = this.RULE("eventCause", () => {
    this.CONSUME(w.event);
    this.SUBRULE(this.text);
  });

  dataCause = this.RULE("dataCause", () => {
    this.CONSUME(w.data);
    this.SUBRULE(this.name);
    this.CONSUME(w.gains);
    this.SUBRULE(this.amount);
    this.OPTION(() => this.CONSUME(w.labelled));
    this.OPTION1(() => this.CONSUME(w.rows));
  });

  conditionCause = this.RULE("conditionCause", () => {
    this.OR([{ ALT: () => this.CONSUME(w.drift) }, { ALT: () => this.CONSUME(w.decay) }]);
    this.SUBRULE(this.condition);
    this.MANY(() => this.SUBRULE(this.causeModifier));
  });

  causeModifier = this.RULE("causeModifier", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.over) },
      { ALT: () => this.SUBRULE(this.clears) },
      { ALT: () => this.SUBRULE(this.streak) },
    ]);
  });

  over = this.RULE("over", () => {
    this.CONSUME(w.over);
    this.SUBRULE(this.amount);
  });

  clears = this.RULE("clears", () => {
    this.CONSUME(w.clears);
    this.OR([{ ALT: () => this.CONSUME(w.below) }, { ALT: () => this.CONSUME(w.above) }]);
    this.SUBRULE(this.value);
    this.OPTION(() => {
      this.CONSUME(w.after);
      this.SUBRULE(this.amount);
      this.CONSUME(w.checks);
    });
  });

  causeElement = this.RULE("causeElement", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.cause) },
      { ALT: () => this.SUBRULE(this.junk), IGNORE_AMBIGUITIES: true },
    ]);
  });

  causeGroup = this.RULE("causeGroup", () => {
    this.SUBRULE(this.quantifier);
    this.OPTION(() => {
      this.CONSUME(w.within);
      this.SUBRULE(this.amount);
    });
    this.CONSUME(t.LeftBrace);
    this.MANY({ GATE: () => !this.atBlock(), DEF: () => this.SUBRULE(this.causeElement) });
    this.CONSUME(t.RightBrace);
  });

  check = this.RULE("check", () => {
    this.CONSUME(w.check);
    this.CONSUME(w.every);
    this.SUBRULE(this.amount);
  });

  settle = this.RULE("settle", () => {
    this.OR([{ ALT: () => this.CONSUME(w.settle) }, { ALT: () => this.CONSUME(w.grace) }]);
    this.SUBRULE(this.amount);
  });

  queue = this.RULE("queue", () => {
    this.CONSUME(w.queue);
    this.OR([
      { ALT: () => this.CONSUME(w.latest) },
      { ALT: () => this.CONSUME(w.skip) },
      { ALT: () => this.CONSUME(w.replace) },
    ]);
  });

  cooldown = this.RULE("cooldown", () => {
    this.CONSUME(w.cooldown);
    this.SUBRULE(this.cooldownEntry);
    this.MANY(() => {
      this.CONSUME(t.Comma);
      this.SUBRULE1(this.cooldownEntry);
    });
  });

  cooldownEntry = this.RULE("cooldownEntry", () => {
    this.SUBRULE(this.amount);
    this.CONSUME(w.after);
    this.SUBRULE(this.name);
  });

  budget = this.RULE("budget", () => {
    this.CONSUME(w.budget);
    this.SUBRULE(this.budgetEntry);
    this.MANY(() => {
      this.CONSUME(t.Comma);
      this.SUBRULE1(this.budgetEntry);
    });
    this.CONSUME(w.per);
    this.SUBRULE(this.amount);
  });

  budgetEntry = this.RULE("budgetEntry", () => {
    this.SUBRULE(this.amount);
    this.SUBRULE(this.name);
  });

  breaker = this.RULE("breaker", () => {
    this.CONSUME(w.breaker);
    this.CONSUME(w.opens);
    this.CONSUME(w.after);
    this.SUBRULE(this.amount);
    this.CONSUME(w.failures);
    this.CONSUME(w.for);
    this.SUBRULE1(this.amount);
  });

  onMissing = this.RULE("onMissing", () => {
    this.CONSUME(w.on);
    this.CONSUME(w.missing);
    this.OR([{ ALT: () => this.CONSUME(w.hold) }, { ALT: () => this.CONSUME(w.reset) }]);
    this.OPTION(() => {
      this.CONSUME(t.Comma);
      this.CONSUME(w.notify);
      this.CONSUME(w.after);
      this.SUBRULE(this.amount);
      this.CONSUME(w.checks);
    });
  });
}
