import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { Config } from "../../compiler/driver/config.ts";
import { configJsonSchema } from "../../compiler/driver/config-schema.ts";
import { DEFAULT_CONFIG, DEFAULT_ENVIRONMENT } from "../../compiler/driver/defaults.ts";

const root = join(import.meta.dirname, "../..");
const page = join(root, "docs/configuration.md");
const accept = process.env["RETRAIN_ACCEPT"] === "1";

interface Schema {
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
}

function rows(schema: Schema, path: string): string[] {
  const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => [name, field] as const);
  const rest = schema.additionalProperties;
  const all = typeof rest === "object" ? [...fields, ["NAME", rest] as const] : fields;
  return all.flatMap(([name, field]) => {
    const full = path === "" ? name : `${path}.${name}`;
    const inner = rows(field, full);
    const given = field.default !== undefined && inner.length === 0 ? `\`${JSON.stringify(field.default)}\`` : "";
    return [`| \`${full}\` | ${given} | ${field.description ?? ""} |`, ...inner];
  });
}

it("the page lists every field of the configuration with its default and meaning", () => {
  const text = readFileSync(page, "utf8");
  const table = [
    "| field | default | meaning |",
    "| --- | --- | --- |",
    ...rows(configJsonSchema() as Schema, ""),
  ].join("\n");
  const fresh = text.replace(
    /<!-- fields: written by a test -->[\s\S]*<!-- end of fields -->/,
    `<!-- fields: written by a test -->\n\n${table}\n\n<!-- end of fields -->`,
  );
  if (accept) writeFileSync(page, fresh);
  expect(readFileSync(page, "utf8"), "RETRAIN_ACCEPT=1 rewrites it").toBe(fresh);
  expect(table).toContain("`environments.NAME.clock.pace`");
});

it("the page's example and the story's configuration fit the schema and the code", () => {
  const validate = new Ajv2020({ strict: false, formats: { uri: true, "date-time": true } }).compile(
    configJsonSchema(),
  );
  const [, example = ""] = /```yaml\n([\s\S]*?)```/.exec(readFileSync(page, "utf8")) ?? [];
  for (const text of [example, readFileSync(join(root, "examples/flight_delays/retrain.config.yaml"), "utf8")]) {
    const value: unknown = parse(text);
    expect(validate(value), JSON.stringify(validate.errors)).toBe(true);
    expect(Config.safeParse(value).success).toBe(true);
  }
  expect(validate({ environments: { local: { ledgr: "x" } } })).toBe(false);
});

it("the defaults that stand beside the schema are the schema's", () => {
  expect(Config.parse({})).toEqual(DEFAULT_CONFIG);
  expect(Config.parse({ environments: { any: {} } }).environments["any"]).toEqual(DEFAULT_ENVIRONMENT);
});
