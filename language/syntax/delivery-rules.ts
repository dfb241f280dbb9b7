import { DefinitionRules } from "./definition-rules.ts";
import { startsLine } from "./lex.ts";
import * as t from "./tokens.ts";

const w = t.word;

/** Rules for the statements that say what is done: of steps, rollouts, notices, guardrails and scenarios. */
export class DeliveryRules extends DefinitionRules {
  /** In a stage, what only a rollout may hold shows that the stage has lost its closing brace. */
  protected atStageEnd(): boolean {
    const next = this.LA(1);
    const ofRollout = next.tokenType === w.stage || next.tokenType === w.approval || next.tokenType === w.rollback;
    return (ofRollout && startsLine(next, this.LA(0))) || this.atBlock();
  }

  // ---------- train, evaluate ----------

  image = this.RULE("image", () => {
    this.CONSUME(w.image);
    this.SUBRULE(this.text);
  });

  command = this.RULE("command", () => {
    this.CONSUME(w.command);
    this.SUBRULE(this.list);
  });

  environmentVariable = this.RULE("environmentVariable", () => {
    this.SUBRULE(this.name);
    this.CONSUME(t.Assign);
    this.SUBRULE(this.text);
  });

  environmentElement = this.RULE("environmentElement", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.environmentVariable) },
      { ALT: () => this.SUBRULE(this.junk), IGNORE_AMBIGUITIES: true },
    ]);
  });

  environment = this.RULE("environment", () => {
    this.CONSUME(w.env);
    this.CONSUME(t.LeftBrace);
    this.MANY({ GATE: () => !this.atBlock(), DEF: () => this.SUBRULE(this.environmentElement) });
    this.CONSUME(t.RightBrace);
  });

  secret = this.RULE("secret", () => {
    this.CONSUME(w.secret);
    this.SUBRULE(this.name);
    this.CONSUME(w.from);
    this.SUBRULE(this.text);
  });

  resourceEntry = this.RULE("resourceEntry", () => {
    this.SUBRULE(this.name);
    this.SUBRULE(this.amount);
  });

  resourceElement = this.RULE("resourceElement", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.resourceEntry) },
      { ALT: () => this.SUBRULE(this.junk), IGNORE_AMBIGUITIES: true },
    ]);
  });

  resources = this.RULE("resources", () => {
    this.CONSUME(w.resources);
    this.CONSUME(t.LeftBrace);
    this.MANY({ GATE: () => !this.atBlock(), DEF: () => this.SUBRULE(this.resourceElement) });
    this.CONSUME(t.RightBrace);
  });

  timeout = this.RULE("timeout", () => {
    this.CONSUME(w.timeout);
    this.SUBRULE(this.amount);
  });

  retry = this.RULE("retry", () => {
    this.CONSUME(w.retry);
    this.SUBRULE(this.amount);
    this.CONSUME(w.times);
    this.OPTION(() => {
      this.CONSUME(w.backoff);
      this.SUBRULE(this.range);
    });
  });

  onSpot = this.RULE("onSpot", () => {
    this.CONSUME(w.on);
    this.CONSUME(w.spot);
  });

  workers = this.RULE("workers", () => {
    this.CONSUME(w.workers);
    this.SUBRULE(this.amount);
  });

  // ---------- rollout ----------

  approval = this.RULE("approval", () => {
    this.CONSUME(w.approval);
    this.SUBRULE(this.text);
    this.CONSUME(w.within);
    this.SUBRULE(this.amount);
  });

  rollbackWhen = this.RULE("rollbackWhen", () => {
    this.CONSUME(w.rollback);
    this.CONSUME(w.when);
    this.SUBRULE(this.condition);
    this.OPTION(() => this.SUBRULE(this.over));
    this.OPTION1(() => this.SUBRULE(this.streak));
  });

  traffic = this.RULE("traffic", () => {
    this.OR([{ ALT: () => this.CONSUME(w.mirror) }, { ALT: () => this.CONSUME(w.traffic) }]);
    this.SUBRULE(this.amount);
  });

  stay = this.RULE("stay", () => {
    this.CONSUME(w.for);
    this.SUBRULE(this.range);
  });

  watch = this.RULE("watch", () => {
    this.CONSUME(w.watch);
    this.SUBRULE(this.amount);
  });

  keepChampion = this.RULE("keepChampion", () => {
    this.CONSUME(w.keep);
    this.CONSUME(w.champion);
    this.SUBRULE(this.amount);
  });

  stageHeader = this.RULE("stageHeader", () => {
    this.OPTION(() => this.SUBRULE(this.traffic));
    this.OPTION1(() => this.SUBRULE(this.stay));
    this.OPTION2(() => this.SUBRULE(this.atLeast));
    this.OPTION3(() => this.SUBRULE(this.check));
    this.OPTION4(() => this.SUBRULE(this.watch));
    this.OPTION5(() => this.SUBRULE(this.keepChampion));
  });

  use = this.RULE("use", () => {
    this.CONSUME(w.use);
    this.SUBRULE(this.name);
  });

  // ---------- notify, guardrail, scenario ----------

  notifyRule = this.RULE("notifyRule", () => {
    this.CONSUME(w.on);
    this.SUBRULE(this.name);
    this.MANY(() => {
      this.CONSUME(t.Comma);
      this.SUBRULE1(this.name);
    });
    this.SUBRULE2(this.name);
    this.OPTION(() => this.CONSUME(w.secret));
    this.SUBRULE(this.text);
  });

  must = this.RULE("must", () => {
    this.CONSUME(w.must);
    this.OR([
      {
        ALT: () => {
          this.CONSUME(w.have);
          this.SUBRULE(this.mustHave);
        },
      },
      {
        ALT: () => {
          this.CONSUME(w.not);
          this.CONSUME(w.proceed);
          this.CONSUME(w.on);
          this.CONSUME(w.inconclusive);
        },
      },
    ]);
  });

  mustHave = this.RULE("mustHave", () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(w.gate);
          this.CONSUME(w.requirement);
          this.CONSUME(w.on);
          this.SUBRULE(this.name);
        },
      },
      {
        ALT: () => {
          this.CONSUME(w.fairness);
          this.CONSUME1(w.requirement);
        },
      },
      {
        ALT: () => {
          this.CONSUME(w.stage);
          this.SUBRULE1(this.name);
          this.OPTION(() => {
            this.CONSUME(w.for);
            this.CONSUME(w.at);
            this.CONSUME(w.least);
            this.SUBRULE(this.amount);
          });
        },
      },
      {
        ALT: () => {
          this.CONSUME(w.approval);
          this.CONSUME(w.before);
          this.CONSUME(w.traffic);
          this.CONSUME(w.above);
          this.SUBRULE1(this.amount);
        },
      },
      {
        ALT: () => {
          this.CONSUME(w.notify);
          this.CONSUME1(w.on);
          this.SUBRULE2(this.name);
        },
      },
      { ALT: () => this.CONSUME(w.rollback) },
    ]);
  });

  limit = this.RULE("limit", () => {
    this.CONSUME(w.limit);
    this.OR([
      {
        ALT: () => {
          this.CONSUME(w.budget);
          this.CONSUME(t.AtMostSign);
          this.SUBRULE(this.amount);
          this.CONSUME(w.runs);
          this.CONSUME(w.per);
          this.SUBRULE1(this.amount);
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.Identifier);
          this.CONSUME(w.traffic);
          this.CONSUME1(t.AtMostSign);
          this.SUBRULE2(this.amount);
        },
      },
    ]);
  });

  overCount = this.RULE("overCount", () => {
    this.CONSUME(w.over);
    this.SUBRULE(this.amount);
    this.SUBRULE(this.noun);
  });

  given = this.RULE("given", () => {
    this.CONSUME(w.given);
    this.SUBRULE(this.operand);
    this.CONSUME(t.Assign);
    this.SUBRULE(this.literal);
    this.OPTION(() => this.SUBRULE(this.overCount));
    this.OPTION1(() => {
      this.CONSUME(w.interval);
      this.SUBRULE(this.range);
    });
  });

  atInstant = this.RULE("atInstant", () => {
    this.CONSUME(w.at);
    this.SUBRULE(this.amount);
    this.SUBRULE(this.operand);
    this.CONSUME(t.Assign);
    this.SUBRULE(this.literal);
  });

  scenarioExpect = this.RULE("scenarioExpect", () => {
    this.CONSUME(w.expect);
    this.OR([
      { ALT: () => this.SUBRULE(this.expectVerdict) },
      { ALT: () => this.SUBRULE(this.expectRun) },
      { ALT: () => this.SUBRULE(this.expectRuns) },
    ]);
  });

  expectVerdict = this.RULE("expectVerdict", () => {
    this.OR([{ ALT: () => this.CONSUME(w.gate) }, { ALT: () => this.CONSUME(w.stage) }]);
    this.SUBRULE(this.name);
    this.OR1([
      { ALT: () => this.CONSUME(w.passes) },
      { ALT: () => this.CONSUME(w.fails) },
      {
        ALT: () => {
          this.CONSUME(w.is);
          this.CONSUME(w.inconclusive);
        },
      },
    ]);
    this.OPTION(() => {
      this.CONSUME(w.because);
      this.SUBRULE(this.text);
    });
  });

  expectRun = this.RULE("expectRun", () => {
    this.CONSUME(w.run);
    this.CONSUME(w.fires);
    this.CONSUME(w.at);
    this.SUBRULE(this.amount);
    this.OPTION(() => {
      this.CONSUME(w.because);
      this.SUBRULE(this.name);
    });
  });

  expectRuns = this.RULE("expectRuns", () => {
    this.CONSUME(w.runs);
    this.CONSUME(t.Assign);
    this.SUBRULE(this.amount);
  });
}
