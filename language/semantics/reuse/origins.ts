import type { Diagnostic, Label } from "../../diagnostics/diagnostic.ts";
import type { Span } from "../../text/source.ts";
import type { Put } from "./substitute.ts";

/** Text that stands somewhere else and is part of a policy: what is found in it is told with the place that brings it in. */
export interface Origin {
  readonly span: Span;
  readonly label: Label;
}

/** Most places of one argument that are shown. */
const mostPlaces = 3;

/** Adds to a diagnostic the second place without which it cannot be understood: the policy that fills a template in, the import, or the line of a template that an argument goes to. */
export function withOrigin(found: Diagnostic, origins: readonly Origin[], puts: readonly Put[]): Diagnostic {
  const labels: Label[] = [];
  const mine = puts.filter(({ value }) => isSame(value, found.span));
  const values = mine.filter((put) => put.as === "value");
  for (const { place } of (values.length > 0 ? values : mine).slice(0, mostPlaces))
    labels.push({ span: place, text: "it is put in here" });
  const origin = origins.find(({ span }) => contains(span, found.span));
  if (origin !== undefined) labels.push(origin.label);
  const added = labels.filter((label) => !found.labels.some((other) => isSame(other.span, label.span)));
  // An edit over a parameter would write one policy's value into the template.
  const fixes = found.fixes.filter(
    ({ edits }) => !edits.some(({ span }) => puts.some(({ place }) => contains(span, place))),
  );
  if (added.length === 0 && fixes.length === found.fixes.length) return found;
  return { ...found, labels: [...found.labels, ...added], fixes };
}

function isSame(left: Span, right: Span): boolean {
  return left.path === right.path && left.start === right.start && left.end === right.end;
}

function contains(outer: Span, inner: Span): boolean {
  return outer.path === inner.path && outer.start <= inner.start && inner.end <= outer.end;
}
