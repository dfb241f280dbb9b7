import type { Diagnostic } from "../../language/diagnostics/diagnostic.ts";
import { applySuppressions } from "../../language/diagnostics/suppress/suppress.ts";
import { type CheckOptions, check } from "../../language/semantics/check.ts";
import type { CheckedPolicy } from "../../language/semantics/checked/policy.ts";
import { parse } from "../../language/syntax/parse.ts";
import { createSource, type Source } from "../../language/text/source.ts";

export interface CheckedText {
  readonly source: Source;
  readonly policies: readonly CheckedPolicy[];
  /** Of the parser and the checker, by place. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Parses and checks one text, and leaves out what its comments set aside. */
export function checkText(text: string, path = "policy.retrain", options: CheckOptions = {}): CheckedText {
  const source = createSource(path, text);
  const parsed = parse(source);
  const checked = check([{ source, ...parsed }], options);
  const found = [...parsed.diagnostics, ...checked.diagnostics].sort(
    (left, right) => left.span.start - right.span.start,
  );
  const diagnostics = applySuppressions({ source, ...parsed }, found);
  return { source, policies: checked.policies, diagnostics };
}
