import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { planJsonSchema, planJsonSchemaText } from "../../../compiler/plan/json-schema.ts";

const published = join(import.meta.dirname, "../../../compiler/plan/schema/plan.json");

it("publishes the schema that the contract gives now; RETRAIN_ACCEPT=1 writes it", () => {
  if (process.env["RETRAIN_ACCEPT"] === "1") writeFileSync(published, planJsonSchemaText());
  expect(readFileSync(published, "utf8")).toBe(planJsonSchemaText());
});

it("names its draft, its address and no properties beyond the contract", () => {
  const schema = planJsonSchema();
  expect(schema["$schema"]).toBe("https://json-schema.org/draft/2020-12/schema");
  expect(schema["$id"]).toBe("https://retrain.dev/schema/plan-1.json");
  expect(schema["additionalProperties"]).toBe(false);
});
