import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { publishedSchemas, schemaText } from "../../../compiler/cli/schemas/published.ts";
import { openLedger } from "../../../runtime/ledger/open.ts";
import { decisionRecord } from "../../support/decision-record.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { retrain } from "../../support/retrain.ts";

const root = join(import.meta.dirname, "../../..");
const folder = join(root, "schema");
const story = readFileSync(join(root, "examples/flight_delays/flight_delays.retrain"), "utf8");
const formats = {
  "date-time": (text: string) => !Number.isNaN(Date.parse(text)),
  uri: (text: string) => URL.canParse(text),
};

/** The committed schema of a name, compiled. */
function published(name: string): ValidateFunction {
  const text = readFileSync(join(folder, `${name}.json`), "utf8");
  return new Ajv2020({ strict: false, formats, allErrors: true }).compile(JSON.parse(text));
}

const seen = new Set<string>();

/** A real output fits its published schema, and the same with one more key does not. */
function expectFits(name: string, value: unknown): void {
  const validate = published(name);
  expect(validate(value), `${name}: ${JSON.stringify(validate.errors?.slice(0, 3))}`).toBe(true);
  expect(validate({ ...(value as object), unheardOf: 1 }), `${name} with an unknown key`).toBe(false);
  seen.add(name);
}

function project(text = story): string {
  const made = temporaryFolder();
  writeFileSync(join(made, "flight_delays.retrain"), text);
  return made;
}

it("publishes the schemas of the code and no other files; `npm run schemas` writes them anew", () => {
  const all = publishedSchemas();
  if (process.env["RETRAIN_ACCEPT"] === "1") {
    mkdirSync(folder, { recursive: true });
    for (const one of all) writeFileSync(join(folder, `${one.name}.json`), schemaText(one));
  }
  expect(readdirSync(folder).sort()).toEqual(all.map(({ name }) => `${name}.json`).sort());
  for (const one of all) {
    expect(readFileSync(join(folder, `${one.name}.json`), "utf8"), `${one.name}: run \`npm run schemas\``).toBe(
      schemaText(one),
    );
    expect(one.schema["$schema"]).toBe("https://json-schema.org/draft/2020-12/schema");
    expect(one.schema["$id"]).toBe(`https://retrain.dev/schema/${one.name}-1.json`);
  }
});

it("allows no key that a schema does not name, in any object of any depth", () => {
  const open: string[] = [];
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== "object" || value === null) return;
    if ("properties" in value && !("additionalProperties" in value)) open.push(path);
    for (const [key, inner] of Object.entries(value)) walk(inner, `${path}/${key}`);
  };
  for (const { name, schema } of publishedSchemas()) walk(schema, name);
  expect(open).toEqual([]);
});

it("the package ships the folder", () => {
  const { files } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { files: string[] };
  expect(files).toContain("schema");
});

it("`retrain schema` lists them, prints the committed bytes, and suggests a name", () => {
  const { out } = retrain(".", "schema");
  const names = out
    .trimEnd()
    .split("\n")
    .map((line) => line.split(" ", 1)[0]);
  expect(names).toEqual(publishedSchemas().map(({ name }) => name));
  for (const name of ["config", "check", "decision"]) {
    expect(retrain(".", "schema", name).out).toBe(readFileSync(join(folder, `${name}.json`), "utf8"));
  }
  const wrong = retrain(".", "schema", "chekc");
  expect(wrong.code).toBe(2);
  expect(wrong.err).toContain("Did you mean `check`");
});

it("check, compile, show, targets, explain and doctor print what their schemas say", () => {
  const broken = project(story.replace("gate offline", "gaet offline").replace("auc >= 0.60", "auc >= 60%pp"));
  const clean = project();
  const found = JSON.parse(retrain(broken, "check", "--format", "json").out) as { diagnostics: unknown[] };
  expect(found.diagnostics.length).toBeGreaterThan(0);
  expectFits("check", found);
  const refused = retrain(broken, "compile", "--format", "json");
  expect(refused.code).toBe(1);
  expect(JSON.parse(refused.out)).toMatchObject({ written: false, files: [] });
  expectFits("compile", JSON.parse(refused.out));
  expect(JSON.parse(retrain(clean, "compile", "--format", "json", "--dry-run").out)).toMatchObject({ written: false });
  const compiled = JSON.parse(retrain(clean, "compile", "--format", "json").out) as { files: { path: string }[] };
  expect(compiled).toMatchObject({
    policies: ["flight_delays"],
    written: true,
    files: [{ state: "new" }, { state: "new" }],
  });
  expectFits("compile", compiled);
  expect(JSON.parse(retrain(clean, "compile", "--check", "--format", "json").out)).toMatchObject({
    written: false,
    files: [{ state: "same" }, { state: "same" }],
  });
  expectFits("plan", JSON.parse(readFileSync(join(clean, compiled.files[0]?.path ?? ""), "utf8")));
  expectFits("show", JSON.parse(retrain(clean, "show", "--format", "json").out));
  expectFits("targets", JSON.parse(retrain(".", "targets", "--format", "json").out));
  expectFits("explain", JSON.parse(retrain(".", "explain", "unit/bare-percent-margin", "--format", "json").out));
  expectFits("doctor", JSON.parse(retrain(clean, "doctor", "--format", "json").out));
});

it("show prints what its schema says for every policy of the corpus that has a reading", () => {
  const readings = join(root, "test/corpus/reading");
  for (const name of readdirSync(readings)) {
    const { out, code } = retrain(join(readings, name), "show", "policy.retrain", "--format", "json");
    expect(code, name).toBe(0);
    expectFits("show", JSON.parse(out));
  }
});

it("a baseline that check writes, and the configuration that init writes, fit their schemas", () => {
  const noisy = project(
    story.replace(
      "  trigger {",
      "  metric margin { type ratio better higher range 0..1 from evaluation }\n\n  trigger {",
    ),
  );
  retrain(noisy, "check", "--write-baseline");
  const baseline = JSON.parse(readFileSync(join(noisy, ".retrain-baseline.json"), "utf8")) as { findings: unknown[] };
  expect(baseline.findings.length).toBeGreaterThan(0);
  expectFits("baseline", baseline);
  const fresh = temporaryFolder();
  expect(retrain(fresh, "init").code).toBe(0);
  const text = readFileSync(join(fresh, "retrain.config.yaml"), "utf8");
  expectFits("config", parse(text));
  const [, address = ""] = /^# yaml-language-server: \$schema=(\S+)$/m.exec(text) ?? [];
  expect(address).toMatch(/^\.\/node_modules\/retrain\//);
  expect(existsSync(join(root, address.replace("./node_modules/retrain/", "")))).toBe(true);
});

it("a run, its message, status, why and the records of its ledger fit their schemas", async () => {
  const received: unknown[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => (body += part));
    request.on("end", () => {
      received.push(JSON.parse(body));
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const made = project(
    story.replaceAll(
      /notify \{[\s\S]*?\n {2}\}/g,
      `notify {\n    on failed, refused webhook "http://127.0.0.1:${port}/"\n  }`,
    ),
  );
  const run = await new Promise<{ code: number | null; out: string }>((resolve) => {
    const words = [join(root, "dist/retrain.js"), "-C", made, "run", "--because", "to see", "--format", "json"];
    const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "ignore"] });
    let out = "";
    child.stdout.on("data", (part) => (out += part));
    child.on("close", (code) => resolve({ code, out }));
  });
  server.close();
  // There are no data: the run breaks, which is as good an end as any.
  expect(run.code).toBe(3);
  expectFits("run", JSON.parse(run.out));
  expect(received).not.toEqual([]);
  for (const message of received) expectFits("notification", message);
  expectFits("status", JSON.parse(retrain(made, "status", "--format", "json").out));
  expectFits("why", JSON.parse(retrain(made, "why", "--format", "json").out));
  const records = retrain(made, "ledger", "show", "--format", "json").out.trimEnd().split("\n");
  expect(records.length).toBeGreaterThan(3);
  for (const line of records) expectFits("record", JSON.parse(line));
  expect(retrain(made, "ledger", "export").out.trimEnd().split("\n").length).toBe(records.length);

  const ledger = await openLedger({ kind: "sqlite", path: ".retrain/ledger.db" }, made);
  const { key, kind, at, body } = decisionRecord();
  const { record } = await ledger.append({ chain: "local/flight_delays", key, kind, at, body });
  await ledger.close();
  expectFits(
    "decision",
    JSON.parse(retrain(made, "explain", `flight_delays#${record.sequence}`, "--format", "json").out),
  );
});

it("every published schema was held against a real output", () => {
  expect([...seen].sort()).toEqual(
    publishedSchemas()
      .map(({ name }) => name)
      .sort(),
  );
});
