import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readSmoke } from "../../../compiler/driver/smoke.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { retrain } from "../../support/retrain.ts";
import { smallProject } from "../../support/small-project.ts";

const config = { requests: "smoke/${serving.name}.jsonl", expect: 200, timeout_seconds: 10 };

function folderWith(text: string): string {
  const root = temporaryFolder();
  mkdirSync(join(root, "smoke"));
  writeFileSync(join(root, "smoke/flights.jsonl"), text);
  return root;
}

it("each line is a request, known by its number; the file may be named after the model server", () => {
  const root = folderWith('{"key": 1, "features": {}}\n\n  {"key": "b", "features": {"x": 1}, "note": "heavy"}\r\n');
  expect(readSmoke(root, config, "flights")).toEqual({
    file: "smoke/flights.jsonl",
    expect: 200,
    timeout: 10_000,
    requests: [
      { line: 1, body: '{"key": 1, "features": {}}' },
      { line: 3, body: '{"key": "b", "features": {"x": 1}, "note": "heavy"}' },
    ],
  });
});

const good = '{"key":"a","features":{}}\n';
it.each([
  ["nothing", "\n \n", "smoke/flights.jsonl: it holds no request"],
  ["no JSON", `${good}{"key":`, "smoke/flights.jsonl:2: the line is not JSON: "],
  ["a list", `${good}[]`, "smoke/flights.jsonl:2: the line must be a JSON object"],
  ["no key", '{"features":{}}', "smoke/flights.jsonl:1: `key` must be a text"],
  ["features that are a list", '{"key":"a","features":[]}', "smoke/flights.jsonl:1: `features` must be an object"],
  ["101 requests", good.repeat(101), "smoke/flights.jsonl: it holds 101 requests, at most 100"],
  ["too many bytes", JSON.stringify({ key: "a", features: { x: "y".repeat(65_536) } }), "at most 65536 are sent"],
])("a file with %s is refused with its place", (_what, text, says) => {
  expect(() => readSmoke(folderWith(text), config, "flights")).toThrow(says);
});

it("compile refuses a file that is missing or broken before it writes anything, and puts a good one into the plan", async () => {
  const { folder } = await smallProject();
  const serving = "serving: { local: { smoke: { requests: smoke.jsonl } } }";
  writeFileSync(join(folder, "retrain.config.yaml"), `environments: { local: { ${serving} } }\n`);
  expect(retrain(folder, "compile")).toMatchObject({
    code: 2,
    err: expect.stringMatching(/config\/no-file: `serving\.local\.smoke\.requests` names `smoke\.jsonl`/),
  });
  writeFileSync(join(folder, "smoke.jsonl"), '{"key":"a"}\n');
  const broken = retrain(folder, "compile");
  expect(broken).toMatchObject({
    code: 2,
    err: expect.stringMatching(/config\/smoke-requests: smoke\.jsonl:1: `features`/),
  });
  writeFileSync(join(folder, "smoke.jsonl"), good);
  expect(retrain(folder, "compile").code).toBe(0);
  writeFileSync(
    join(folder, "retrain.config.yaml"),
    `environments: { local: { ${serving.replace("requests", "request")} } }\n`,
  );
  expect(retrain(folder, "compile")).toMatchObject({
    code: 2,
    err: expect.stringContaining("Did you mean `requests`?"),
  });
});
