import type { Diagnostic } from "../../language/diagnostics/diagnostic.ts";
import { diagnostic } from "../../language/diagnostics/report.ts";
import type { CheckedModel } from "../../language/semantics/checked/policy.ts";
import type { Bindings } from "../plan/bindings.ts";

/** Reports where a policy and the environment that it is compiled for do not fit. */
export function checkBindings(model: CheckedModel, bindings: Bindings): Diagnostic[] {
  const { environment } = bindings;
  const found: Diagnostic[] = [];
  for (const what of ["registry", "serving"] as const) {
    const written = model[what];
    const bound = bindings[what];
    if (written.type !== bound.kind) {
      const code = what === "registry" ? "config/registry-kind" : "config/serving-kind";
      found.push(diagnostic(code, written.span, { written: written.type, environment, bound: bound.kind }));
    } else if (written.name !== bound.name) {
      found.push(
        diagnostic("config/name", written.span, { what, written: written.name, environment, bound: bound.name }),
      );
    }
  }
  return found;
}
