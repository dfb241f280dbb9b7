import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Release, releaseOf } from "./fields.ts";

/**
 * Writes fields.jsonl, the fields that releases of Argo Workflows know: `node test/targets/argo/fields.run.ts 3.7.18=SCHEMA 4.1.2=SCHEMA`, each SCHEMA the file
 * api/jsonschema/schema.json of a release's sources. A line is a definition, and stands for all later releases that have no other.
 */
const lines: object[] = [];
let before: Release = {};
for (const word of process.argv.slice(2)) {
  const [version = "", path = ""] = word.split("=");
  const release = releaseOf(JSON.parse(readFileSync(path, "utf8")).definitions);
  for (const [name, fields] of Object.entries(release)) {
    if (JSON.stringify(fields) !== JSON.stringify(before[name])) lines.push({ version, name, fields });
  }
  before = release;
}
writeFileSync(join(import.meta.dirname, "fields.jsonl"), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
