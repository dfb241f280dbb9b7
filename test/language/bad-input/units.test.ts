import { expect, it, vi } from "vitest";
import { isA, lex } from "../../../language/syntax/lex.ts";
import { Quantity } from "../../../language/syntax/tokens.ts";
import { createSource, positionAt } from "../../../language/text/source.ts";
import { checkText } from "../../support/check-text.ts";
import { corpusCases } from "../../support/corpus.ts";

// Many inputs: a busy machine takes its time.
vi.setConfig({ testTimeout: 300_000 });

/** Valid policies that import nothing; what is only there to be imported is not judged by itself. */
const texts = [...corpusCases("valid"), ...corpusCases("reading"), ...corpusCases("generated").slice(40, 52)]
  .map(({ text }) => text)
  .filter((text) => /^policy /mu.test(text) && !text.includes("import "));

interface Written {
  readonly whole: string;
  readonly start: number;
  readonly image: string;
  readonly kind: string;
  /** The two tokens before it. */
  readonly after: string;
}

const written: readonly Written[] = texts.flatMap((whole) => {
  const { tokens } = lex(whole);
  return tokens.flatMap((token, index): Written[] => {
    if (!isA(token, Quantity)) return [];
    const after = `${tokens[index - 2]?.image ?? ""} ${tokens[index - 1]?.image ?? ""}`;
    return [{ whole, start: token.startOffset, image: token.image, kind: token.tokenType.name, after }];
  });
});

/** Errors of the text with another quantity in that place: those at it, and all others. */
function errorsWith(
  { whole, start, image }: Written,
  instead: string,
): { readonly here: string[]; readonly elsewhere: string[] } {
  const { source, diagnostics } = checkText(whole.slice(0, start) + instead + whole.slice(start + image.length));
  const here: string[] = [];
  const elsewhere: string[] = [];
  for (const { code, span, severity } of diagnostics) {
    if (severity !== "error") continue;
    const { line, column } = positionAt(source, span.start);
    const covers = span.start <= start && span.end >= start + instead.length;
    (covers ? here : elsewhere).push(`${line}:${column} ${code}`);
  }
  return { here, elsewhere };
}

const places = (cases: readonly Written[]): number => new Set(cases.map(({ after }) => after)).size;

it("says of every quantity with a unit that does not exist that it is none, once, at its first character", () => {
  expect(places(written)).toBeGreaterThan(80);
  for (const each of written) {
    const { line, column } = positionAt(createSource("p", each.whole), each.start);
    for (const wrong of ["5min", "1.5h", "24H", "500mi", "3p", "10%%", "30m1h", "1_000rows", "2027-6-30"]) {
      const { here, elsewhere } = errorsWith(each, wrong);
      const where = `${each.after} ${wrong} at ${line}:${column}`;
      expect(here, where).toContain(`${line}:${column} syntax/bad-quantity`);
      expect(
        [...here, ...elsewhere].filter((found) => found.includes(" syntax/")),
        where,
      ).toHaveLength(1);
    }
  }
});

/** One quantity of each kind. */
const kinds: Readonly<Record<string, string>> = {
  NumberQuantity: "7",
  Percent: "7%",
  Points: "7pp",
  Duration: "7h",
  Size: "7Gi",
  DateQuantity: "2027-06-30",
};

/** Places that take a part of one either way: `92%` and `0.92`. */
function meansTheSame({ after, kind }: Written, other: string): boolean {
  return kind === "NumberQuantity" && other === "Percent" && / [<>]=?$|^decides at$|range$|\.\.$/u.test(after);
}

it("refuses every quantity of another kind, once, where it stands, and takes no length of time for another thing", () => {
  const codes = new Map<string, number>();
  let tried = 0;
  for (const each of written) {
    for (const [kind, instead] of Object.entries(kinds)) {
      if (kind === each.kind) continue;
      const { here, elsewhere } = errorsWith(each, instead);
      const where = `${each.after} ${each.image} -> ${instead}: ${[...here, ...elsewhere].join(", ")}`;
      if (here.length === 0 && meansTheSame(each, kind)) continue;
      tried += 1;
      // Only a percentage makes a confidence of `at`; anything else is refused at the word before it.
      if (here.length === 0 && each.after.endsWith(" at")) {
        expect(elsewhere, where).toHaveLength(1);
        continue;
      }
      expect(here, where).toHaveLength(1);
      const code = here[0]?.split(" ")[1] ?? "";
      codes.set(code, (codes.get(code) ?? 0) + 1);
      // A column whose range is wrong has none for what needs one, and a label or held-out rows that are wrong are none to judge by.
      const lacks = /matures after$|holdout( last)?$/u.test(each.after) ? ["type/arguments"] : [];
      const allowed = /in$|\.\.$/u.test(each.after) ? ["type/column-without-range"] : lacks;
      expect(
        elsewhere.map((found) => found.split(" ")[1]).filter((found) => !allowed.includes(found ?? "")),
        where,
      ).toEqual([]);
    }
  }
  expect(tried).toBeGreaterThan(2_000);
  const expected = [
    "syntax/unexpected-token",
    "unit/wrong-kind",
    "unit/limit",
    "unit/margin",
    "unit/bare-percent-margin",
  ];
  for (const code of expected) expect(codes.get(code) ?? 0, code).toBeGreaterThan(0);
});
