import type { Span } from "../text/source.ts";

/** A name as it was written: an identifier, or a keyword that stands where a name is wanted. */
export type Name = { readonly kind: "Name"; readonly span: Span; readonly text: string };

/** One of the grammar's own words where it offers a choice, such as `higher` or `lower`. */
export type Word<Text extends string = string> = { readonly kind: "Word"; readonly span: Span; readonly text: Text };

/** A text. `raw` is what was written with its quotes, `value` what it means (escapes read, indent of `"""` removed). */
export type Text = {
  readonly kind: "Text";
  readonly span: Span;
  readonly raw: string;
  readonly value: string;
  readonly triple: boolean;
  /** Only in a text into which parameters were filled: the place in the file of each unit of `raw`, with one more for its end. */
  readonly offsets?: readonly number[];
};

export type QuantityUnit = "date" | "duration" | "size" | "points" | "percent" | "number" | "bad";

/**
 * A number with its unit. `value` is epoch milliseconds of midnight UTC for a date, milliseconds for a duration, bytes for
 * a size, a part of one for points and percents (1pp = 1% = 0.01), and NaN for what is no quantity at all (`bad`).
 */
export type Quantity = {
  readonly kind: "Quantity";
  readonly span: Span;
  readonly raw: string;
  readonly unit: QuantityUnit;
  readonly value: number;
};

/** A quantity, or the name of a template parameter that holds one. */
export type Amount = Quantity | Name;

/** `low..high`, both ends inclusive. */
export type Range = { readonly kind: "Range"; readonly span: Span; readonly low: Amount; readonly high: Amount };

export type List = { readonly kind: "List"; readonly span: Span; readonly items: readonly Text[] };

export type Literal = Quantity | Text | List;
export type Value = Literal | Operand;

/** `challenger.auc`, `psi(transactions.amount)`, `flip_rate`. `path` has one name or more; no parentheses, no `arguments`. */
export type Operand = {
  readonly kind: "Operand";
  readonly span: Span;
  readonly path: readonly [Name, ...Name[]];
  readonly arguments?: readonly Argument[];
};

export type Argument = Value | Margin | NamedArgument | ComparisonArgument;
/** `privileged: "x"` */
export type NamedArgument = {
  readonly kind: "NamedArgument";
  readonly span: Span;
  readonly name: Name;
  readonly value: Value;
};
/** `psi > 0.25` inside parentheses. */
export type ComparisonArgument = {
  readonly kind: "ComparisonArgument";
  readonly span: Span;
  readonly left: Operand;
  readonly operator: Word<Operator>;
  readonly right: Value;
};

export type Operator = ">=" | "<=" | ">" | "<" | "==" | "!=";

/** How far: `0.5pp`, `relative 2%`. As an argument it is there only when `relative` is written. */
export type Margin = {
  readonly kind: "Margin";
  readonly span: Span;
  readonly relative: boolean;
  readonly value: Value;
};

/** One condition; every place of the language uses this rule, the checker says what each place allows. */
export type Condition = {
  readonly kind: "Condition";
  readonly span: Span;
  readonly subject: Operand;
  readonly test: Test;
  /** `at 95% confidence` */
  readonly confidence?: Amount;
};

export type Test = Comparison | InRange | Matches | ComparedWith | MovedFrom;
export type Comparison = {
  readonly kind: "Comparison";
  readonly span: Span;
  readonly operator: Word<Operator>;
  readonly value: Value;
};
/** `in 0.8..1.25` */
export type InRange = { readonly kind: "InRange"; readonly span: Span; readonly range: Range };
/** `schema matches` */
export type Matches = { readonly kind: "Matches"; readonly span: Span };
/** `not worse than X by M`, `better than X by M` */
export type ComparedWith = {
  readonly kind: "ComparedWith";
  readonly span: Span;
  readonly direction: Word<"not worse" | "better">;
  readonly than: Operand;
  readonly margin: Margin;
};
/** `drops M below X`, `rises M above X` */
export type MovedFrom = {
  readonly kind: "MovedFrom";
  readonly span: Span;
  readonly verb: Word<"drops" | "rises">;
  readonly margin: Margin;
  readonly side: Word<"below" | "above">;
  readonly from: Operand;
};

export type Noun = Word<"rows" | "positives" | "negatives" | "requests" | "pairs" | "runs" | "checks" | "failures">;

/** `at least 500 rows`: a qualifier of a requirement, and a word of a stage's header. */
export type AtLeast = { readonly kind: "AtLeast"; readonly span: Span; readonly count: Amount; readonly noun: Noun };
/** `over 20_000 rows` */
export type OverCount = {
  readonly kind: "OverCount";
  readonly span: Span;
  readonly count: Amount;
  readonly noun: Noun;
};
/** `expect 120 requests per 1s`, in `model` and `dataset`. */
export type Expect = {
  readonly kind: "Expect";
  readonly span: Span;
  readonly count: Amount;
  readonly noun: Noun;
  readonly per: Amount;
};

/** `any of`, `all of`, `at least 2 of`; `count` only with `at least`. */
export type Quantifier = {
  readonly kind: "Quantifier";
  readonly span: Span;
  readonly word: "any" | "all" | "at least";
  readonly count?: Quantity;
};

/** `for 3 checks` (`checks`), `for 2h` */
export type StreakFor = {
  readonly kind: "StreakFor";
  readonly span: Span;
  readonly amount: Amount;
  readonly checks: boolean;
};
/** `in 2 of 3 checks` */
export type StreakIn = { readonly kind: "StreakIn"; readonly span: Span; readonly hits: Amount; readonly of: Amount };
export type Streak = StreakFor | StreakIn;

/**
 * A statement that does not parse; it covers the tokens that were skipped. It is the only node that may lack parts: every
 * other node of a tree is complete, however broken the file is. There is at least one syntax error inside of it.
 */
export type Broken = { readonly kind: "Broken"; readonly span: Span };

export type ValueNode =
  | Name
  | Word
  | Text
  | Quantity
  | Range
  | List
  | Operand
  | NamedArgument
  | ComparisonArgument
  | Margin
  | Condition
  | Test
  | AtLeast
  | OverCount
  | Expect
  | Quantifier
  | Streak
  | Broken;
