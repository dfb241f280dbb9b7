import * as z from "zod";
import { Config } from "./config.ts";

/** Where the published schema of configurations is known to be. */
export const configSchemaId = "https://retrain.dev/schema/config-1.json";

/** The JSON Schema (draft 2020-12) of `retrain.config.yaml`, as it is published in `schema/config.json`. */
export function configJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(Config, { target: "draft-2020-12", io: "input" });
  return { $schema, $id: configSchemaId, title: "retrain configuration", ...rest };
}
