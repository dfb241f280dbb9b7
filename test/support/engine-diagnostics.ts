import { compileChecked } from "../../compiler/driver/compile.ts";
import { readConfig } from "../../compiler/driver/read-config.ts";
import type { Diagnostic } from "../../language/diagnostics/diagnostic.ts";
import { suppressionsOf } from "../../language/diagnostics/suppress/suppress.ts";
import { parse } from "../../language/syntax/parse.ts";
import { targets } from "../../targets/registry.ts";
import { checkText } from "./check-text.ts";

/** An environment of Kubernetes that names all that engines need. */
const complete = `environments:
  production:
    ledger: { postgres: { secret: "retrain/ledger-url" } }
    runtime: { image: "registry.example.com/retrain@sha256:0123456789abcdef" }
    targets:
      kfp: { volume: { claim: "retrain", mount: "/work" } }
      argo: { volume: { claim: "retrain", mount: "/work" } }
`;

/** What checking a policy and compiling it for an engine in the environment `production` of a configuration gives. */
export function engineDiagnostics(policy: string, engine: string, configuration = complete): readonly Diagnostic[] {
  const path = "example.retrain";
  const { source, policies, diagnostics } = checkText(policy, path);
  const file = "/nowhere/retrain.config.yaml";
  const project = { root: "/nowhere", file, config: readConfig(file, configuration, "/nowhere") };
  const target = targets.get(engine);
  if (target === undefined) throw new Error(`there is no engine ${engine}`);
  const checked = { sources: new Map([[path, source]]), freezes: new Map() };
  const compiled = policies.flatMap((one) => compileChecked(project, checked, one, "production", [target]).diagnostics);
  const { hides } = suppressionsOf({ source, ...parse(source) });
  return [...diagnostics, ...compiled.filter((one) => !hides(one))];
}
