import { expect, it } from "vitest";
import { planJsonSchema } from "../../../compiler/plan/json-schema.ts";

it("names its draft, its address and no properties beyond the contract", () => {
  const schema = planJsonSchema();
  expect(schema["$schema"]).toBe("https://json-schema.org/draft/2020-12/schema");
  expect(schema["$id"]).toBe("https://retrain.dev/schema/plan-1.json");
  expect(schema["additionalProperties"]).toBe(false);
});
