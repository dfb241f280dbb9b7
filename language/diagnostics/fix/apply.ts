import type { Diagnostic, Fix } from "../diagnostic.ts";

/** Texts of files by path. */
export type Texts = ReadonlyMap<string, string>;

export interface Fixed {
  /** The files that changed, whole. */
  readonly texts: Texts;
  /** Diagnostics whose fix was applied. */
  readonly applied: readonly Diagnostic[];
  /** Diagnostics with several fixes: a person has to choose. */
  readonly choices: readonly Diagnostic[];
  /** Diagnostics whose fix touches a place that another fix changed: they get their turn in the next round. */
  readonly waiting: readonly Diagnostic[];
}

/** An edit of one fix. Equal edits of several fixes are made once. */
type Edit = Fix["edits"][number];

/**
 * Applies the fixes of diagnostics that carry exactly one, first come first served: a fix is applied whole or not at all, and
 * not where one of its edits overlaps an edit that was taken before. Two insertions at one place overlap unless they are equal.
 */
export function applyFixes(texts: Texts, diagnostics: readonly Diagnostic[]): Fixed {
  const taken = new Map<string, Edit[]>();
  const applied: Diagnostic[] = [];
  const waiting: Diagnostic[] = [];
  const choices = diagnostics.filter(({ fixes }) => fixes.length > 1);
  for (const found of diagnostics) {
    const [fix, other] = found.fixes;
    if (fix === undefined || other !== undefined || !isApplicable(fix, texts)) continue;
    const fresh = fix.edits.filter((edit) => !of(taken, edit).some((before) => isSame(before, edit)));
    const clashes = fresh.some(
      (edit) =>
        of(taken, edit).some((before) => overlaps(before, edit)) ||
        fresh.some((own) => own !== edit && overlaps(own, edit)),
    );
    if (clashes) {
      waiting.push(found);
      continue;
    }
    for (const edit of fresh) taken.set(edit.span.path, [...of(taken, edit), edit]);
    applied.push(found);
  }
  const changed = new Map<string, string>();
  for (const [path, edits] of taken) {
    const before = texts.get(path) ?? "";
    const after = applyEdits(before, edits);
    if (after !== before) changed.set(path, after);
  }
  return { texts: changed, applied, choices, waiting };
}

/** A text after edits that do not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = "";
  let offset = 0;
  for (const { span, text: insert } of [...edits].sort((left, right) => left.span.start - right.span.start)) {
    result += text.slice(offset, span.start) + insert;
    offset = span.end;
  }
  return result + text.slice(offset);
}

function of(taken: ReadonlyMap<string, Edit[]>, { span }: Edit): readonly Edit[] {
  return taken.get(span.path) ?? [];
}

function isApplicable({ edits }: Fix, texts: Texts): boolean {
  return edits.length > 0 && edits.every(({ span }) => span.end <= (texts.get(span.path)?.length ?? -1));
}

function isSame(left: Edit, right: Edit): boolean {
  return left.span.start === right.span.start && left.span.end === right.span.end && left.text === right.text;
}

/** Whether the result would depend on the order: they share a character, or one begins or inserts where the other ends or inserts. */
function overlaps(left: Edit, right: Edit): boolean {
  return left.span.start <= right.span.end && right.span.start <= left.span.end;
}
