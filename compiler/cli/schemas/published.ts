import { z } from "zod";
import { BaselineSchema } from "../../driver/baseline-schema.ts";
import { configJsonSchema } from "../../driver/config-schema.ts";
import { planJsonSchema } from "../../plan/json-schema.ts";
import { CheckOutput, CompileOutput } from "./diagnostics.ts";
import { DecisionOutput, RecordOutput } from "./record.ts";
import { RunOutput } from "./run.ts";
import { ShowOutput } from "./show.ts";
import { StatusOutput } from "./status.ts";
import { DoctorOutput, ExplainOutput, NotificationOutput, TargetsOutput } from "./surroundings.ts";
import { WhyOutput } from "./why.ts";

/** A JSON Schema (draft 2020-12) that is published in the folder `schema`, as `NAME.json`. */
export interface PublishedSchema {
  readonly name: string;
  /** What is of this shape. */
  readonly of: string;
  readonly schema: Readonly<Record<string, unknown>>;
}

function output(name: string, of: string, shape: z.ZodType): PublishedSchema {
  const { $schema, ...rest } = z.toJSONSchema(shape, { target: "draft-2020-12", io: "input" });
  const $id = `https://retrain.dev/schema/${name}-1.json`;
  return { name, of, schema: { $schema, $id, title: of, ...rest } };
}

/** Every published schema, files that people write first. Makes them anew at each call. */
export function publishedSchemas(): readonly PublishedSchema[] {
  return [
    { name: "config", of: "retrain.config.yaml", schema: configJsonSchema() },
    output("baseline", ".retrain-baseline.json", BaselineSchema),
    { name: "plan", of: "a compiled plan", schema: planJsonSchema() },
    output("check", "retrain check --format json", CheckOutput),
    output("compile", "retrain compile --format json", CompileOutput),
    output("show", "retrain show --format json", ShowOutput),
    output("targets", "retrain targets --format json", TargetsOutput),
    output("explain", "retrain explain CODE --format json", ExplainOutput),
    output("run", "retrain run --format json", RunOutput),
    output("status", "retrain status --format json", StatusOutput),
    output("why", "retrain why --format json", WhyOutput),
    output("record", "a record of the ledger: retrain ledger show --format json, retrain ledger export", RecordOutput),
    output("decision", "a decision of the ledger: retrain explain POLICY#NUMBER --format json", DecisionOutput),
    output("doctor", "retrain doctor --format json", DoctorOutput),
    output("notification", "a message to a webhook of notify", NotificationOutput),
  ];
}

/** The bytes of the published file. */
export function schemaText({ schema }: PublishedSchema): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}
