import type { Code, ParametersOf } from "../diagnostics/catalog/catalog.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { diagnostic, type Extras } from "../diagnostics/report.ts";
import type { Span } from "../text/source.ts";
import type { Default } from "./checked/policy.ts";

/** Gathers what the checker finds out about one policy besides its value. */
export class Collector {
  readonly diagnostics: Diagnostic[] = [];
  readonly defaults: Default[] = [];

  /** Reports; returns undefined, so that `return out.report(...)` gives "no value". */
  report<C extends Code>(code: C, span: Span, parameters: ParametersOf<C>, extras?: Extras): undefined {
    this.diagnostics.push(diagnostic(code, span, parameters, extras));
    return undefined;
  }

  /** A value that the policy does not say: kept with where it stands and why it is that. */
  assume<Value extends string | number | boolean>(path: string, value: Value, span: Span, why: string): Value {
    this.defaults.push({ path, value, span, why });
    return value;
  }

  private readonly said = new Set<string>();

  /** Whether this is the first time that this is asked: for what several places miss and one diagnostic says. */
  once(key: string): boolean {
    if (this.said.has(key)) return false;
    this.said.add(key);
    return true;
  }

  get hasErrors(): boolean {
    return this.diagnostics.some((found) => found.severity === "error");
  }
}
