import type { Span } from "../text/source.ts";
import { type Code, catalog, type ParametersOf } from "./catalog/catalog.ts";
import type { Entry } from "./catalog/entry.ts";
import type { Diagnostic, Fix, Label } from "./diagnostic.ts";

/** What a place adds to the texts of the catalog. */
export interface Extras {
  readonly labels?: readonly Label[];
  readonly fixes?: readonly Fix[];
  /** Replaces the help of the catalog. */
  readonly help?: string;
}

/** The only way to make a diagnostic: `diagnostic("name/duplicate", span, { kind: "gate", name: "offline" })`. */
export function diagnostic<C extends Code>(
  code: C,
  span: Span,
  parameters: ParametersOf<C>,
  extras: Extras = {},
): Diagnostic {
  const entry = catalog[code] as unknown as Entry<ParametersOf<C>>;
  const help = extras.help ?? entry.help?.(parameters);
  return {
    code,
    severity: entry.severity,
    message: entry.message(parameters),
    span,
    labels: extras.labels ?? [],
    ...(help === undefined ? {} : { help }),
    fixes: extras.fixes ?? [],
  };
}
