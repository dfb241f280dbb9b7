import {
  Alternation,
  Alternative,
  type IProduction,
  NonTerminal,
  Option,
  Repetition,
  RepetitionMandatory,
  RepetitionMandatoryWithSeparator,
  RepetitionWithSeparator,
  type Rule,
  Terminal,
  type TokenType,
} from "chevrotain";
import { tokenTypes } from "./tokens.ts";

/** Rules that keep a broken file alive; they are no part of the language. */
export const recoveryRules: ReadonlySet<string> = new Set(["junk", "balanced", "strayBrace"]);

/** What may begin a piece of grammar, and whether it may also be nothing. Categories are kept as they are. */
export type FirstSet = { readonly tokens: ReadonlySet<TokenType>; readonly empty: boolean };

type Sequence = readonly IProduction[];

function isRecovery(production: IProduction): boolean {
  if (production instanceof NonTerminal) return recoveryRules.has(production.nonTerminalName);
  return production instanceof Alternative && production.definition.some(isRecovery);
}

/** The alternatives and parts of a production that belong to the language. */
export function partsOf(production: IProduction): Sequence {
  if (production instanceof Alternation) return production.definition.filter((each) => !isRecovery(each));
  if ("definition" in production) return (production.definition as IProduction[]).filter((each) => !isRecovery(each));
  return [];
}

function isOptional(production: IProduction): boolean {
  return production instanceof Option || isRepetition(production);
}

function isRepetition(production: IProduction): boolean {
  return production instanceof Repetition || production instanceof RepetitionWithSeparator;
}

/** FIRST of a production; linear in the grammar, because rules are remembered. */
function firstOf(production: IProduction, remembered: Map<Rule, FirstSet> = new Map()): FirstSet {
  if (production instanceof Terminal) return { tokens: new Set([production.terminalType]), empty: false };
  if (production instanceof NonTerminal) {
    const rule = production.referencedRule;
    const known = remembered.get(rule);
    if (known !== undefined) return known;
    remembered.set(rule, { tokens: new Set(), empty: false });
    const found = firstOfSequence(partsOf(rule), remembered);
    remembered.set(rule, found);
    return found;
  }
  if (production instanceof Alternation) {
    const alternatives = partsOf(production).map((each) => firstOf(each, remembered));
    const tokens = new Set(alternatives.flatMap((each) => [...each.tokens]));
    return { tokens, empty: alternatives.some((each) => each.empty) };
  }
  const inner = firstOfSequence(partsOf(production), remembered);
  return { tokens: inner.tokens, empty: inner.empty || isOptional(production) };
}

export function firstOfSequence(sequence: Sequence, remembered: Map<Rule, FirstSet> = new Map()): FirstSet {
  const tokens = new Set<TokenType>();
  for (const production of sequence) {
    const found = firstOf(production, remembered);
    for (const token of found.tokens) tokens.add(token);
    if (!found.empty) return { tokens, empty: false };
  }
  return { tokens, empty: true };
}

/** Calls `visit` for every production of a rule with what stands after it in its own sequence. */
function eachWithRest(
  parts: Sequence,
  after: readonly Sequence[],
  visit: (each: IProduction, after: readonly Sequence[]) => void,
): void {
  for (const [index, production] of parts.entries()) {
    const rest = [parts.slice(index + 1), ...after];
    visit(production, rest);
    if (production instanceof Alternation) {
      for (const alternative of partsOf(production)) eachWithRest(partsOf(alternative), rest, visit);
    } else if (!(production instanceof NonTerminal)) {
      // The body of a repetition may be followed by itself.
      const again =
        isRepetition(production) ||
        production instanceof RepetitionMandatory ||
        production instanceof RepetitionMandatoryWithSeparator;
      eachWithRest(partsOf(production), again ? [[production], ...rest] : rest, visit);
    }
  }
}

/** One place of the grammar where the parser chooses, with the tokens among which it could not tell by the next one alone. */
export type Conflict = { readonly rule: string; readonly place: string; readonly tokens: readonly string[] };

/** Every place where one token of lookahead does not decide, gates aside: an optional part against what follows it, or two alternatives. */
export function findConflicts(rules: Readonly<Record<string, Rule>>): Conflict[] {
  const remembered = new Map<Rule, FirstSet>();
  const follow = followSets(rules, remembered);
  const conflicts: Conflict[] = [];
  for (const rule of Object.values(rules)) {
    if (recoveryRules.has(rule.name)) continue;
    eachWithRest(partsOf(rule), [], (production, after) => {
      if (isOptional(production)) {
        const rest = firstOfSequence(after.flat(), remembered);
        const next = new Set([...rest.tokens, ...(rest.empty ? (follow.get(rule.name) ?? []) : [])]);
        const tokens = overlap(firstOfSequence(partsOf(production), remembered).tokens, next);
        if (tokens.length > 0) conflicts.push({ rule: rule.name, place: describe(production, remembered), tokens });
      } else if (production instanceof Alternation) {
        const sets = partsOf(production).map((each) => firstOf(each, remembered).tokens);
        for (const [index, left] of sets.entries()) {
          for (const right of sets.slice(index + 1)) {
            const tokens = overlap(left, right);
            if (tokens.length > 0) conflicts.push({ rule: rule.name, place: "OR", tokens });
          }
        }
      }
    });
  }
  return conflicts;
}

function describe(production: IProduction, remembered: Map<Rule, FirstSet>): string {
  const begins = [...firstOfSequence(partsOf(production), remembered).tokens].map((token) => token.name);
  return `${isRepetition(production) ? "MANY" : "OPTION"} ${begins.join("|")}`;
}

/** FOLLOW of every rule, by repeating until nothing is added. */
function followSets(
  rules: Readonly<Record<string, Rule>>,
  remembered: Map<Rule, FirstSet> = new Map(),
): Map<string, Set<TokenType>> {
  const follow = new Map(Object.keys(rules).map((name) => [name, new Set<TokenType>()]));
  for (let grew = true; grew; ) {
    grew = false;
    for (const rule of Object.values(rules)) {
      if (recoveryRules.has(rule.name)) continue;
      eachWithRest(partsOf(rule), [], (production, after) => {
        if (!(production instanceof NonTerminal)) return;
        const target = follow.get(production.nonTerminalName);
        const rest = firstOfSequence(after.flat(), remembered);
        for (const token of [...rest.tokens, ...(rest.empty ? (follow.get(rule.name) ?? []) : [])]) {
          if (target === undefined || target.has(token)) continue;
          target.add(token);
          grew = true;
        }
      });
    }
  }
  return follow;
}

/** Words that stand in a rule itself, each with every token type that may come after it, and the rules that it is made of. */
export type RuleWords = {
  readonly follow: ReadonlyMap<string, ReadonlySet<TokenType>>;
  readonly rules: readonly string[];
};

export function wordsOfRules(rules: Readonly<Record<string, Rule>>): Map<string, RuleWords> {
  const remembered = new Map<Rule, FirstSet>();
  const outside = followSets(rules, remembered);
  const found = new Map<string, RuleWords>();
  for (const rule of Object.values(rules)) {
    const follow = new Map<string, Set<TokenType>>();
    const inner: string[] = [];
    eachWithRest(partsOf(rule), [], (production, after) => {
      if (production instanceof NonTerminal) inner.push(production.nonTerminalName);
      const word = production instanceof Terminal ? wordOfType(production.terminalType) : undefined;
      if (word === undefined) return;
      const rest = firstOfSequence(after.flat(), remembered);
      const next = [...rest.tokens, ...(rest.empty ? (outside.get(rule.name) ?? []) : [])];
      follow.set(word, new Set([...(follow.get(word) ?? []), ...next.flatMap(withMembers)]));
    });
    found.set(rule.name, { follow, rules: inner });
  }
  return found;
}

/** The keyword that a token type stands for. */
export function wordOfType(type: TokenType): string | undefined {
  return /^`([a-z_]+)`$/.exec(type.LABEL ?? "")?.[1];
}

/** The names of the tokens that two sets share; a category shares the tokens that belong to it. */
function overlap(left: Iterable<TokenType>, right: Iterable<TokenType>): string[] {
  const others = new Set([...right].flatMap(withMembers));
  return [...new Set([...left].flatMap(withMembers))].filter((token) => others.has(token)).map((token) => token.name);
}

/** A token type, or for a category every type that belongs to it. */
export function withMembers(type: TokenType): TokenType[] {
  return type.isParent === true ? tokenTypes.filter((each) => each.CATEGORIES?.includes(type)) : [type];
}
