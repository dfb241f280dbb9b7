import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import { sixFieldCron } from "../shared/cron.ts";
import { headerLines } from "../shared/header.ts";
import { Lines } from "../shared/lines.ts";
import { owned, writeYaml } from "../shared/yaml.ts";
import type { OutputFile } from "../target.ts";
import { tickName } from "./names.ts";
import { kfpOptions } from "./options.ts";

/** The body of the call that lets the tick recur; ids of the uploaded pipeline are added by who makes the call, as its comment shows. */
export function recurringRun(plan: PipelinePlan): OutputFile {
  const { api, namespace, serviceAccount } = kfpOptions(plan);
  const name = tickName(plan.policy.name);
  const lines = new Lines();
  const head = [
    ...headerLines(plan, "kfp"),
    "",
    `Applied once, after ${name}.yaml was uploaded as pipeline ${name};`,
    "to change it, delete the recurring run first. Kubeflow reads the cron (seconds first) in the zone that",
    "its CRON_SCHEDULE_TIMEZONE names; unset, and meant here, is UTC.",
    `  API=${api}/apis/v2beta1`,
    `  NAME=${name}`,
    `  PIPELINE=$(curl -fsS "$API/pipelines/names/$NAME?namespace=${namespace}" | jq -r .pipeline_id)`,
    '  VERSIONS="$API/pipelines/$PIPELINE/versions?page_size=1&sort_by=created_at%20desc"',
    '  VERSION=$(curl -fsS "$VERSIONS" | jq -r ".pipeline_versions[0].pipeline_version_id")',
    "  yq -o json $NAME.recurring-run.yaml |",
    '    jq --arg pipeline "$PIPELINE" --arg version "$VERSION" \\',
    "      '.pipeline_version_reference = {pipeline_id: $pipeline, pipeline_version_id: $version}' |",
    '    curl -fsS --json @- "$API/recurringruns"',
  ];
  for (const line of head) lines.add(line === "" ? "#" : `# ${line}`);
  writeYaml(lines, {
    display_name: name,
    service_account: serviceAccount,
    mode: owned("ENABLE"),
    // A tick that is late is one tick; two at a time would wait for each other.
    max_concurrency: "1",
    no_catchup: true,
    trigger: { cron_schedule: { cron: sixFieldCron(plan.monitor.every) } },
    runtime_config: { parameters: {} },
  });
  return { path: `kfp/${name}.recurring-run.yaml`, text: lines.text() };
}
