import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { ArgoOptions } from "../../../compiler/plan/engines.ts";
import type { PipelinePlan } from "../../../compiler/plan/plan.ts";
import { capabilities } from "../../../targets/argo/capabilities.ts";
import { emit } from "../../../targets/argo/emit.ts";
import { constructIds } from "../../../targets/shared/constructs/constructs.ts";
import { casePlan } from "../../support/capability-cases.ts";
import { argoBindings, argoPlan } from "../../support/engine-plan.ts";
import { type Definition, type Release, unknownFields } from "./fields.ts";

/** The releases of fields.jsonl, by the version that an environment declares. */
const releases = new Map<string, Release>();
for (const line of readFileSync(join(import.meta.dirname, "fields.jsonl"), "utf8")
  .trim()
  .split("\n")) {
  const { version, name, fields }: { version: string; name: string; fields: Definition } = JSON.parse(line);
  const declared = version.split(".").slice(0, 2).join(".");
  const before = releases.get(declared) ?? [...releases.values()].at(-1) ?? {};
  releases.set(declared, { ...before, [name]: fields });
}

function workflows(plan: PipelinePlan): { kind: string; document: Record<string, unknown> }[] {
  return emit(plan)
    .flatMap(({ text }) => parseAllDocuments(text).map((one) => one.toJS()))
    .filter(({ apiVersion }) => apiVersion === "argoproj.io/v1alpha1")
    .map((document) => ({ kind: document.kind, document }));
}

it("every declared version has its fields here, and they differ", () => {
  expect([...releases.keys()]).toEqual(ArgoOptions.shape.version.unwrap().options);
  const spec = (version: string) => releases.get(version)?.["io.argoproj.workflow.v1alpha1.Template"] ?? {};
  expect(Object.keys(spec("3.7"))).not.toContain("pendingTimeout");
  expect(Object.keys(spec("4.1"))).toContain("pendingTimeout");
});

it("whatever a policy becomes, every declared version of Argo knows every field of it", () => {
  const plans = constructIds.filter((id) => capabilities[id].support !== "refused").map((id) => casePlan(id));
  const found = [...plans, argoPlan(), argoPlan({ testing: true })].flatMap(workflows);
  expect(found.length).toBeGreaterThan(80);
  for (const [version, release] of releases) {
    for (const { kind, document } of found) expect(unknownFields(release, kind, document), version).toEqual([]);
  }
});

it("a field that a version does not have would be seen", () => {
  const [{ kind, document } = { kind: "", document: {} }] = workflows(argoPlan());
  const changed = (template: object): object => {
    const spec = document["spec"] as { templates: object[] };
    return { ...document, spec: { ...spec, templates: [...spec.templates, template] } };
  };
  const seen = (version: string, template: object) =>
    unknownFields(releases.get(version) ?? {}, kind, changed(template));
  expect(seen("3.7", { name: "x", pendingTimeout: "1h" })).toEqual(["spec.templates[].pendingTimeout"]);
  expect(seen("4.0", { name: "x", pendingTimeout: "1h" })).toEqual(["spec.templates[].pendingTimeout"]);
  expect(seen("4.1", { name: "x", pendingTimeout: "1h" })).toEqual([]);
  expect(seen("4.1", { name: "x", container: { image: "x", volumeMount: [] } })).toEqual([
    "spec.templates[].container.volumeMount",
  ]);
  const cron = { spec: { schedule: "* * * * *", workflowSpec: {} } };
  expect(unknownFields(releases.get("3.7") ?? {}, "CronWorkflow", cron)).toEqual([]);
  expect(unknownFields(releases.get("4.0") ?? {}, "CronWorkflow", cron)).toEqual(["spec.schedule"]);
});

it("the declared version changes nothing but what the plan says of it", () => {
  const files = (["3.7", "4.0", "4.1"] as const).map((version) => {
    const { argo } = argoBindings.engines ?? {};
    if (argo === undefined) throw new Error("no argo");
    return emit(argoPlan({ engines: { argo: { ...argo, version } } })).map(({ text }) =>
      text.replace(/("version": )"\d\.\d"/, "$1VERSION"),
    );
  });
  expect(files[1]).toEqual(files[0]);
  expect(files[2]).toEqual(files[0]);
});
