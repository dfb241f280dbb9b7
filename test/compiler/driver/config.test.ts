import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { bindingsFor, chooseEnvironment } from "../../../compiler/driver/bindings.ts";
import { Config } from "../../../compiler/driver/config.ts";
import { DEFAULT_CONFIG, DEFAULT_ENVIRONMENT } from "../../../compiler/driver/defaults.ts";
import { loadProject } from "../../../compiler/driver/load-config.ts";
import { temporaryFolder } from "../../support/folder.ts";

it("the defaults without a configuration are those of the schema", () => {
  expect(DEFAULT_CONFIG).toEqual(Config.parse({}));
  expect(DEFAULT_ENVIRONMENT).toEqual(Config.parse({ environments: { local: {} } }).environments["local"]);
});

async function refusal(text: string): Promise<string> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "retrain.config.yaml"), text);
  return loadProject(folder, undefined).then(
    () => "accepted",
    (error: unknown) => {
      const { kind, code, message, help } = error as { kind: string; code: string; message: string; help: string };
      expect(kind).toBe("usage");
      return `${code} ${message} | ${help}`;
    },
  );
}

const refused: readonly (readonly [what: string, text: string, says: RegExp])[] = [
  ["a tab as indent", "environments:\n\tlocal: {}\n", /^config\/not-yaml retrain\.config\.yaml:2:1: /],
  ["a key twice", "out: a\nout: b\n", /^config\/not-yaml retrain\.config\.yaml:2:1: /],
  [
    "an unknown key",
    "out: a\npolices: []\n",
    /^config\/unknown-key retrain\.config\.yaml:2:1: unknown key `polices` \| Did you mean `policies`\?/,
  ],
  [
    "an unknown key deep inside",
    "environments:\n  local:\n    clock:\n      pase: work\n",
    /:4:7: `environments\.local\.clock`: unknown key `pase` \| Did you mean `pace`\?/,
  ],
  ["an unknown key without a neighbour", "zzz: 1\n", /unknown key `zzz` \| docs\/configuration\.md/],
  [
    "a ledger of another kind",
    'environments:\n  local:\n    ledger: "postgres:x"\n',
    /:3:5: `environments\.local\.ledger`: must be `sqlite:PATH`/,
  ],
  ["a list item of the wrong type", "policies:\n  - a\n  - 3\n", /:3:5: `policies\.1`: /],
  ["an environment with a bad name", "environments:\n  Local: {}\n", /:2:3: /],
  [
    "a clock that starts nowhere",
    "environments: { a: { clock: { start: soon, pace: work } } }\n",
    /must be an instant such as/,
  ],
  [
    "a clock that stands still",
    "environments: { a: { clock: { start: data, pace: 0 } } }\n",
    /`environments\.a\.clock\.pace`: must be above 0/,
  ],
  ["guardrails that are no list", "guardrails: a.retrain\n", /`guardrails`: /],
  ["a list at the top", "- a\n", /^config\/invalid /],
  [
    "a bomb of aliases",
    `a: &a [x, x, x, x, x, x, x, x, x]\n${"bcdefgh".replaceAll(/./g, (letter) => `${letter}: &${letter} [${`*${String.fromCharCode(letter.charCodeAt(0) - 1)},`.repeat(9)}]\n`)}`,
    /^config\/not-yaml .*without aliases/i,
  ],
];

it.each(refused)("%s is refused with its place", async (_what, text, says) => {
  expect(await refusal(text)).toMatch(says);
});

it("an empty file, JSON, both ways of a clock and the nearest file above are read", async () => {
  expect(await refusal("")).toBe("accepted");
  expect(await refusal("environments: { a: { clock: { start: data, pace: 3600 } } }\n")).toBe("accepted");
  const folder = temporaryFolder();
  writeFileSync(join(folder, "retrain.config.json"), '{ "out": "generated" }');
  const { config, root } = await loadProject(join(folder, "policies/deep"), undefined);
  expect(config.out).toBe("generated");
  expect(root).toBe(folder);
});

it("an environment is the one named, the only one, or `local`", () => {
  const config = Config.parse({ environments: { staging: {}, local: { work: "w" } } });
  expect(chooseEnvironment(config, undefined).environment.work).toBe("w");
  expect(chooseEnvironment(config, "staging").name).toBe("staging");
  expect(chooseEnvironment(Config.parse({ environments: { only: {} } }), undefined).name).toBe("only");
  expect(chooseEnvironment(DEFAULT_CONFIG, undefined).name).toBe("local");
  expect(() => chooseEnvironment(config, "production")).toThrow(/no environment `production`/);
});

it("names that would lead out of their folder are refused", () => {
  for (const name of ["../x", "a/b", "", ".hidden", "a b"]) {
    expect(() =>
      bindingsFor("local", DEFAULT_ENVIRONMENT, {
        registry: name,
        serving: "s",
        registryKind: "local",
        servingKind: "local",
      }),
    ).toThrow(/cannot be used/);
  }
  const { registry } = bindingsFor("local", DEFAULT_ENVIRONMENT, {
    registry: "flight-delays",
    serving: "s",
    registryKind: "local",
    servingKind: "local",
  });
  expect(registry).toEqual({ kind: "local", name: "flight-delays", folder: ".retrain/registry/flight-delays" });
});
