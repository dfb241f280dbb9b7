import { readFileSync } from "node:fs";
import { retrainName } from "../../compiler/plan/engine-name.ts";
import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import { type Api, ask, parsed, refusal } from "./http.ts";
import { type Starter, StarterError } from "./starter.ts";

/** Where Kubeflow puts the token of a pod that may use the API of a shared installation. */
const TOKEN = "/var/run/secrets/kubeflow/pipelines/token";

/** Starts runs on Kubeflow Pipelines by its API v2beta1. It knows no names that collide, so that it is asked first whether the run is there; only one tick at a time comes here. */
export function kfpStarter(plan: PipelinePlan, given?: Api): Starter {
  const options = plan.bindings.engines.kfp;
  if (options === undefined) throw new StarterError("refused", "the environment has no engine kfp");
  const { namespace, serviceAccount } = options;
  const api = given ?? { base: options.api.replace(/\/+$/, ""), ...token() };
  const field = (value: unknown, name: string): unknown =>
    typeof value === "object" && value !== null && name in value ? (value as Record<string, unknown>)[name] : undefined;
  return {
    async start(run, signal) {
      const predicates = [{ key: "display_name", operation: "EQUALS", string_value: run }];
      const filter = encodeURIComponent(JSON.stringify({ predicates }));
      const listing = `/apis/v2beta1/runs?namespace=${namespace}&page_size=100&filter=${filter}`;
      const listed = await ask(api, { method: "GET", path: listing }, signal);
      if (listed.status !== 200) throw refusal(api, "the list of runs", listed);
      const runs = field(parsed(api, listed), "runs");
      if (Array.isArray(runs) && runs.some((one) => field(one, "display_name") === run)) return;
      const name = retrainName(plan.policy.name);
      const finding = `/apis/v2beta1/pipelines/names/${name}?namespace=${namespace}`;
      const found = await ask(api, { method: "GET", path: finding }, signal);
      if (found.status !== 200) throw refusal(api, `the pipeline ${name}`, found);
      const pipeline = field(parsed(api, found), "pipeline_id");
      if (typeof pipeline !== "string") throw refusal(api, `the pipeline ${name}`, found);
      const body = {
        display_name: run,
        // Without a version the newest one is meant.
        pipeline_version_reference: { pipeline_id: pipeline },
        runtime_config: { parameters: { run } },
        service_account: serviceAccount,
      };
      const made = await ask(api, { method: "POST", path: "/apis/v2beta1/runs", body }, signal);
      if (made.status !== 200 && made.status !== 201) throw refusal(api, "the new run", made);
    },
  };
}

function token(): { readonly token?: string } {
  try {
    return { token: readFileSync(TOKEN, "utf8").trim() };
  } catch {
    return {}; // An installation for one team asks for none.
  }
}
