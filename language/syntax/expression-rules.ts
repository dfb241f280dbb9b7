import { CstParser, EOF, type TokenType } from "chevrotain";
import { describeExpectations } from "./expectations.ts";
import { isA, startsLine } from "./lex.ts";
import * as t from "./tokens.ts";
import { validateGrammar } from "./validation.ts";

const w = t.word;

/** Rules for what stands inside statements, and the rules that keep the rest of a broken file alive. */
export class ExpressionRules extends CstParser {
  constructor() {
    super([...t.tokenTypes], {
      maxLookahead: 1,
      recoveryEnabled: true,
      skipValidations: !validateGrammar,
      nodeLocationTracking: "full",
      errorMessageProvider: describeExpectations,
    });
  }

  /** Inventing or dropping anything but a brace would change what the author wrote. */
  protected override canTokenTypeBeInsertedInRecovery(type: TokenType): boolean {
    const next = this.LA(1);
    if (type === t.RightBrace) return next.tokenType === EOF || startsLine(next, this.LA(0));
    return type === t.LeftBrace;
  }

  protected override canTokenTypeBeDeletedInRecovery(): boolean {
    return false;
  }

  /** A declaration of a file begins here, so whatever block is open now has lost its closing brace. */
  protected atDeclaration(): boolean {
    const next = this.LA(1);
    if (!startsLine(next, this.LA(0))) return false;
    const third = this.LA(3).tokenType;
    if (next.tokenType === w.template) return third === t.LeftParenthesis;
    if (next.tokenType === w.import) return isA(this.LA(2), t.TextLike) && third === t.LeftBrace;
    if (next.tokenType === w.scenario) return isA(this.LA(2), t.TextLike) && third === w.for;
    if (next.tokenType === w.guardrail) return third === t.LeftBrace || third === w.applies;
    if (next.tokenType !== w.policy) return false;
    return third === t.LeftBrace || (third === w.from && this.LA(5).tokenType === t.LeftParenthesis);
  }

  /** A block of a policy or of a file begins here: the same, seen from inside such a block. */
  protected atBlock(): boolean {
    const next = this.LA(1);
    if (blocksOfPolicy.has(next.tokenType) && startsLine(next, this.LA(0))) {
      return (
        this.LA(2).tokenType === t.LeftBrace || (isA(this.LA(2), t.NameLike) && this.LA(3).tokenType === t.LeftBrace)
      );
    }
    return this.atDeclaration();
  }

  /** Where skipping ends: at a brace, at the end, and at a name that begins a line. */
  protected atResyncPoint(): boolean {
    const next = this.LA(1);
    if (next.tokenType === t.RightBrace || next.tokenType === EOF) return true;
    return isA(next, t.NameLike) && startsLine(next, this.LA(0));
  }

  // ---------- values ----------

  name = this.RULE("name", () => {
    this.CONSUME(t.NameLike);
  });

  amount = this.RULE("amount", () => {
    this.OR([{ ALT: () => this.CONSUME(t.Quantity) }, { ALT: () => this.CONSUME(t.Identifier) }]);
  });

  text = this.RULE("text", () => {
    this.CONSUME(t.TextLike);
  });

  list = this.RULE("list", () => {
    this.CONSUME(t.LeftBracket);
    this.OPTION(() => {
      this.SUBRULE(this.text);
      this.MANY(() => {
        this.CONSUME(t.Comma);
        this.OPTION1(() => this.SUBRULE1(this.text));
      });
    });
    this.CONSUME(t.RightBracket);
  });

  range = this.RULE("range", () => {
    this.SUBRULE(this.amount);
    this.CONSUME(t.DotDot);
    this.SUBRULE1(this.amount);
  });

  literal = this.RULE("literal", () => {
    this.OR([
      { ALT: () => this.CONSUME(t.Quantity) },
      { ALT: () => this.SUBRULE(this.text) },
      { ALT: () => this.SUBRULE(this.list) },
    ]);
  });

  value = this.RULE("value", () => {
    this.OR([{ ALT: () => this.SUBRULE(this.literal) }, { ALT: () => this.SUBRULE(this.operand) }]);
  });

  margin = this.RULE("margin", () => {
    this.OPTION(() => this.CONSUME(w.relative));
    this.SUBRULE(this.value);
  });

  operand = this.RULE("operand", () => {
    this.CONSUME(t.Head);
    this.MANY(() => {
      this.CONSUME(t.Dot);
      this.SUBRULE(this.name);
    });
    this.OPTION(() => {
      this.CONSUME(t.LeftParenthesis);
      this.OPTION1(() => {
        this.SUBRULE(this.argument);
        this.MANY1(() => {
          this.CONSUME(t.Comma);
          this.SUBRULE1(this.argument);
        });
      });
      this.CONSUME(t.RightParenthesis);
    });
  });

  argument = this.RULE("argument", () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(w.relative);
          this.SUBRULE(this.literal);
        },
      },
      { ALT: () => this.SUBRULE1(this.literal) },
      {
        ALT: () => {
          this.SUBRULE(this.operand);
          this.OPTION(() => this.SUBRULE(this.argumentTail));
        },
      },
    ]);
  });

  argumentTail = this.RULE("argumentTail", () => {
    this.OR([{ ALT: () => this.CONSUME(t.Colon) }, { ALT: () => this.CONSUME(t.Operator) }]);
    this.SUBRULE(this.value);
  });

  noun = this.RULE("noun", () => {
    this.OR([
      { ALT: () => this.CONSUME(w.rows) },
      { ALT: () => this.CONSUME(w.positives) },
      { ALT: () => this.CONSUME(w.negatives) },
      { ALT: () => this.CONSUME(w.requests) },
      { ALT: () => this.CONSUME(w.pairs) },
      { ALT: () => this.CONSUME(w.runs) },
      { ALT: () => this.CONSUME(w.checks) },
      { ALT: () => this.CONSUME(w.failures) },
    ]);
  });

  expect = this.RULE("expect", () => {
    this.CONSUME(w.expect);
    this.SUBRULE(this.amount);
    this.SUBRULE(this.noun);
    this.CONSUME(w.per);
    this.SUBRULE1(this.amount);
  });

  // ---------- conditions ----------

  condition = this.RULE("condition", () => {
    this.SUBRULE(this.operand);
    this.SUBRULE(this.test);
    // (G4) otherwise `at least 2 of {` and `at 2h` would be taken for a confidence.
    this.OPTION({
      GATE: () => [t.Percent, t.BadQuantity, t.Identifier].includes(this.LA(2).tokenType),
      DEF: () => {
        this.CONSUME(w.at);
        this.SUBRULE(this.amount);
        this.CONSUME(w.confidence);
      },
    });
  });

  test = this.RULE("test", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.comparison) },
      { ALT: () => this.SUBRULE(this.inRange) },
      { ALT: () => this.CONSUME(w.matches) },
      { ALT: () => this.SUBRULE(this.comparedWith) },
      { ALT: () => this.SUBRULE(this.movedFrom) },
    ]);
  });

  comparison = this.RULE("comparison", () => {
    this.CONSUME(t.Operator);
    this.SUBRULE(this.value);
  });

  inRange = this.RULE("inRange", () => {
    this.CONSUME(w.in);
    this.SUBRULE(this.range);
  });

  comparedWith = this.RULE("comparedWith", () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(w.not);
          this.CONSUME(w.worse);
        },
      },
      { ALT: () => this.CONSUME(w.better) },
    ]);
    this.CONSUME(w.than);
    this.SUBRULE(this.operand);
    this.CONSUME(w.by);
    this.SUBRULE(this.margin);
  });

  movedFrom = this.RULE("movedFrom", () => {
    this.OR([{ ALT: () => this.CONSUME(w.drops) }, { ALT: () => this.CONSUME(w.rises) }]);
    this.SUBRULE(this.margin);
    this.OR1([{ ALT: () => this.CONSUME(w.below) }, { ALT: () => this.CONSUME(w.above) }]);
    this.SUBRULE(this.operand);
  });

  streak = this.RULE("streak", () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(w.for);
          this.SUBRULE(this.amount);
          this.OPTION(() => this.CONSUME(w.checks));
        },
      },
      {
        ALT: () => {
          this.CONSUME(w.in);
          this.SUBRULE1(this.amount);
          this.CONSUME(w.of);
          this.SUBRULE2(this.amount);
          this.CONSUME1(w.checks);
        },
      },
    ]);
  });

  qualifier = this.RULE("qualifier", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.atLeast) },
      { ALT: () => this.SUBRULE(this.poolGroups) },
      { ALT: () => this.SUBRULE(this.exclude) },
      { ALT: () => this.SUBRULE(this.clusteredBy) },
    ]);
  });

  atLeast = this.RULE("atLeast", () => {
    this.CONSUME(w.at);
    this.CONSUME(w.least);
    this.SUBRULE(this.amount);
    this.SUBRULE(this.noun);
  });

  poolGroups = this.RULE("poolGroups", () => {
    this.CONSUME(w.pool);
    this.CONSUME(w.groups);
    this.CONSUME(w.under);
    this.SUBRULE(this.amount);
    this.SUBRULE(this.noun);
  });

  exclude = this.RULE("exclude", () => {
    this.CONSUME(w.exclude);
    this.SUBRULE(this.text);
    this.CONSUME(w.because);
    this.SUBRULE1(this.text);
  });

  clusteredBy = this.RULE("clusteredBy", () => {
    this.CONSUME(w.clustered);
    this.CONSUME(w.by);
    this.SUBRULE(this.name);
  });

  requirement = this.RULE("requirement", () => {
    this.OR([
      { ALT: () => this.CONSUME(w.require) },
      { ALT: () => this.CONSUME(w.advisory) },
      { ALT: () => this.CONSUME(w.warn) },
    ]);
    this.OPTION(() => {
      this.CONSUME(w.for);
      this.CONSUME(w.each);
      this.SUBRULE(this.name);
      this.CONSUME(t.Colon);
    });
    this.SUBRULE(this.condition);
    this.MANY(() => {
      this.CONSUME(t.Comma);
      this.SUBRULE(this.qualifier);
    });
  });

  quantifier = this.RULE("quantifier", () => {
    this.OR([
      { ALT: () => this.CONSUME(w.any) },
      { ALT: () => this.CONSUME(w.all) },
      {
        ALT: () => {
          this.CONSUME(w.at);
          this.CONSUME(w.least);
          this.CONSUME(t.NumberQuantity);
        },
      },
    ]);
    this.CONSUME(w.of);
  });

  onInconclusive = this.RULE("onInconclusive", () => {
    this.CONSUME(w.on);
    this.CONSUME(w.inconclusive);
    this.OR([
      { ALT: () => this.CONSUME(w.block) },
      {
        ALT: () => {
          this.CONSUME(w.proceed);
          this.CONSUME(w.because);
          this.SUBRULE(this.text);
        },
      },
      {
        ALT: () => {
          this.CONSUME(w.hold);
          this.SUBRULE(this.amount);
          this.CONSUME(w.then);
          this.OR1([{ ALT: () => this.CONSUME1(w.block) }, { ALT: () => this.CONSUME(w.rollback) }]);
        },
      },
    ]);
  });

  observeOnly = this.RULE("observeOnly", () => {
    this.CONSUME(w.observe);
    this.CONSUME(w.only);
  });

  // ---------- recovery: not the language ----------

  /** Whether anything was junk since it was last set: no error of the parser, and no part of the language either. */
  hasJunk = false;

  /** What is no statement, up to where the next one may begin. */
  junk = this.RULE("junk", () => {
    this.ACTION(() => {
      this.hasJunk = true;
    });
    this.OR([{ ALT: () => this.CONSUME(t.Any) }, { ALT: () => this.SUBRULE(this.balanced) }]);
    this.MANY({
      GATE: () => !this.atResyncPoint(),
      DEF: () => this.OR1([{ ALT: () => this.CONSUME1(t.Any) }, { ALT: () => this.SUBRULE1(this.balanced) }]),
    });
  });

  /** A brace that closes nothing, between the declarations of a file. */
  strayBrace = this.RULE("strayBrace", () => {
    this.CONSUME(t.RightBrace);
  });

  balanced = this.RULE("balanced", () => {
    this.CONSUME(t.LeftBrace);
    this.MANY(() => this.OR([{ ALT: () => this.CONSUME(t.Any) }, { ALT: () => this.SUBRULE(this.balanced) }]));
    this.CONSUME(t.RightBrace);
  });
}

const blocksOfPolicy: ReadonlySet<TokenType> = new Set([
  w.dataset,
  w.metric,
  w.gate,
  w.model,
  w.trigger,
  w.validate,
  w.train,
  w.evaluate,
  w.rollout,
  w.notify,
]);
