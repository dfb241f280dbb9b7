import { error } from "./entry.ts";

const quoted = (words: readonly string[]): string => words.map((word) => `\`${word}\``).join(", ");

/** Text that is not a policy: what the lexer and the parser say. */
export const syntax = {
  "syntax/unexpected-token": error(
    (p: { found: string; expected: string }) => `expected ${p.expected}, found ${p.found}`,
    (p: { found: string; expected: string }) =>
      `The statement breaks off here: ${p.found} cannot stand in this place. Write ${p.expected} before it, or remove it.`,
  ),
  "syntax/missing-part": error(
    (p: { after: string; expected: string }) => `${p.expected} is missing after ${p.after}`,
    (p: { after: string; expected: string }) => `The statement ends too early. Write ${p.expected} after ${p.after}.`,
  ),
  "syntax/missing-brace": error(
    (p: { block: string; brace: string }) =>
      `\`${p.brace}\` is missing: ${p.block} is not ${p.brace === "{" ? "opened" : "closed"}`,
    (p: { block: string; brace: string }) =>
      p.brace === "{"
        ? "The statements of a block stand between `{` and `}`. Write `{` after its first line."
        : "Each `{` needs its `}`. Write `}` after the block's last statement.",
  ),
  "syntax/unexpected-brace": error(
    () => "`}` closes nothing: no block is open here",
    () =>
      "Each `}` closes the nearest open `{`. Remove this brace, or look above for a block that is closed too early.",
  ),
  "syntax/unknown-statement": error(
    (p: { name: string; block: string; statements: readonly string[] }) =>
      `\`${p.name}\` begins no statement of ${p.block}`,
    (p: { name: string; block: string; statements: readonly string[] }) =>
      `What may stand here: ${quoted(p.statements)}.`,
  ),
  "syntax/misplaced-statement": error(
    (p: { name: string; block: string; places: readonly string[] }) => `\`${p.name}\` cannot stand here in ${p.block}`,
    (p: { name: string; block: string; places: readonly string[] }) =>
      `\`${p.name}\` belongs into ${p.places.join(" or ")}. Move it there, or remove it.`,
  ),
  "syntax/stage-header-order": error(
    (p: { name: string }) => `\`${p.name}\` cannot stand here in a stage's header`,
    () =>
      "The words of a stage's header stand once each and in this order, before its requirements: `mirror` or `traffic`, `for`, `at least`, `check every`, `watch`, `keep champion`.",
  ),
  "syntax/bad-quantity": error(
    (p: { written: string }) => `\`${p.written}\` is not a quantity`,
    () =>
      "Durations are whole numbers with `ms`, `s`, `m`, `h`, `d` or `w`, the larger unit first, such as `1h30m`; sizes end in `Ki`, `Mi`, `Gi`, `Ti`, `KB`, `MB`, `GB`, `TB` or `B`; points end in `pp`, ratios in `%`.",
  ),
  "syntax/bad-date": error(
    (p: { written: string }) => `\`${p.written}\` is no day of the calendar`,
    () => "A date is written year, month, day, such as `2027-06-30`. Write a day that exists.",
  ),
  "syntax/unterminated-text": error(
    (p: { quote: string }) => `a text has no closing \`${p.quote}\``,
    (p: { quote: string }) =>
      p.quote === '"'
        ? 'A text in `"` ends on the line on which it begins. Close it with `"`, or write several lines between `"""` and `"""`.'
        : 'A text that begins with `"""` ends with `"""`. Close it; all that follows is taken for text until then.',
  ),
  "syntax/unterminated-comment": error(
    () => "a comment has no closing `*/`",
    () =>
      "A comment that begins with `/*` ends with `*/`. Close it; all that follows is taken for a comment until then.",
  ),
  "syntax/bad-escape": error(
    (p: { written: string }) => `\`${p.written}\` means nothing inside a text`,
    () =>
      'Inside `"` a backslash begins `\\n`, `\\t`, `\\"`, `\\\\` or `\\u{...}` with the hexadecimal number of a character. Write `\\\\` for a backslash.',
  ),
  "syntax/bad-character": error(
    (p: { name: string; hint: string }) => `${p.name} is no part of the language`,
    (p: { name: string; hint: string }) => p.hint,
  ),
  "syntax/hidden-character": error(
    (p: { name: string }) => `the invisible character ${p.name} makes this line read differently from what it means`,
    (p: { name: string }) => `Remove it. Inside a text it can be written openly as \`\\u{${p.name.slice(2)}}\`.`,
  ),
  "syntax/bad-substitution": error(
    (p: { written: string }) => `\`${p.written}\` is no substitution`,
    () =>
      "Write `${name}` for a template parameter, `${challenger.uri}` for a value of the run, or `$${` for the characters `${` themselves.",
  ),
  "syntax/query-variable": error(
    (p: { written: string }) => `\`${p.written}\` cannot stand here in a query`,
    () =>
      "A query knows `$version` and `$revision` inside the quotes of a label, and `$window` inside `[` and `]`. Nothing else in it may contain `$`.",
  ),
  "syntax/list-comma": error(
    () => "two commas stand in a row",
    () => "Texts of a list are separated by one comma each; one more may stand at the end. Remove this comma.",
  ),
  "syntax/empty-group": error(
    () => "a group holds nothing to choose from",
    () => "Write at least one requirement or cause between its braces, or remove the group.",
  ),
  "syntax/too-deep": error(
    (p: { limit: number }) => `brackets are nested more than ${p.limit} deep`,
    (p: { limit: number }) =>
      `No policy needs more than ${p.limit} levels. Remove some; the file is not read any further.`,
  ),
  "syntax/too-large": error(
    (p: { megabytes: number; limit: number }) => `the file has ${p.megabytes} MB, more than ${p.limit} MB`,
    () => "A policy is a page or two of text. Is this the right file? It is not read.",
  ),
  "internal/formatter": error(
    (p: { problem: string }) => `the formatter made a mistake: ${p.problem}`,
    () => "The file is left as it was. This is a bug of `retrain`: please report it together with the file.",
  ),
} as const;
