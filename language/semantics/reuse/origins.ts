import type { Diagnostic, Label } from "../../diagnostics/diagnostic.ts";
import type { Span } from "../../text/source.ts";
import type { Put } from "./substitute.ts";

/** Text that stands somewhere else and is part of a policy: what is found in it is told with the place that brings it in. */
export interface Origin {
  readonly span: Span;
  readonly label: Label;
}

/** Adds to a diagnostic the second place without which it cannot be understood: the policy that fills a template in, the import, or the line of a template that an argument goes to. */
export function withOrigin(found: Diagnostic, origins: readonly Origin[], puts: readonly Put[]): Diagnostic {
  const labels: Label[] = [];
  const put = puts.find(({ value }) => isSame(value, found.span));
  if (put !== undefined) labels.push({ span: put.place, text: "it is put in here" });
  const origin = origins.find(({ span }) => contains(span, found.span));
  if (origin !== undefined) labels.push(origin.label);
  const added = labels.filter((label) => !found.labels.some((other) => isSame(other.span, label.span)));
  return added.length === 0 ? found : { ...found, labels: [...found.labels, ...added] };
}

function isSame(left: Span, right: Span): boolean {
  return left.path === right.path && left.start === right.start && left.end === right.end;
}

function contains(outer: Span, inner: Span): boolean {
  return outer.path === inner.path && outer.start <= inner.start && inner.end <= outer.end;
}
