import { z } from "zod";
import { PipelinePlan } from "./plan.ts";

/** Where the published schema of plans is known to be; it holds for all plans of version 1. */
const planSchemaId = "https://retrain.dev/schema/plan-1.json";

/** The JSON Schema (draft 2020-12) of a plan, as it is published in `schema/plan.json` of the package. */
export function planJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(PipelinePlan, { target: "draft-2020-12", io: "input" });
  const { $schema, ...rest } = schema;
  return { $schema, $id: planSchemaId, title: "retrain pipeline plan", ...rest };
}
