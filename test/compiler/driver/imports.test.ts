import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { checkProject, policyFiles } from "../../../compiler/driver/check-project.ts";
import { compileChecked, concerning } from "../../../compiler/driver/compile.ts";
import { loadProject } from "../../../compiler/driver/load-config.ts";
import { examplePolicy } from "../../support/example-policy.ts";
import { temporaryFolder } from "../../support/folder.ts";

const policy = examplePolicy("risk low");
const gate = "gate fine { require challenger.auc >= 0.5 at 95% confidence }\n";

/** Writes a project and checks it. */
async function project(files: Readonly<Record<string, string>>, prepare: (root: string) => void = () => {}) {
  const root = temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  prepare(root);
  const loaded = await loadProject(root, undefined);
  return { root, loaded, check: () => checkProject(loaded, policyFiles(loaded, root, [])) };
}

const config = 'policies: ["policies/*.retrain"]\n';
const importing = (path: string) => `import "${path}" { fine }\n${policy}`;

async function codes(path: string, files: Readonly<Record<string, string>> = {}, prepare?: (root: string) => void) {
  const made = await project(
    { "retrain.config.yaml": config, "policies/p.retrain": importing(path), ...files },
    prepare,
  );
  const { diagnostics, policies } = made.check();
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  expect(policies[0]?.broken).toBe(errors.length > 0);
  return errors.map(({ code, message }) => `${code} ${message}`);
}

it("reads imported files from disk, once, and reports what is wrong in them at their own place", async () => {
  expect(await codes("../shared/a.retrain", { "shared/a.retrain": gate })).toEqual([]);
  const broken = await codes("../shared/a.retrain", { "shared/a.retrain": gate.replace(">=", ">= by") });
  expect(broken.map((text) => text.split(" ")[0])).toEqual(["syntax/unexpected-token"]);
});

it("follows no link out of the project, to a file or through a folder", async () => {
  const outside = temporaryFolder();
  writeFileSync(join(outside, "a.retrain"), gate);
  const link = (path: string, target: string) => (root: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    symlinkSync(target, join(root, path));
  };
  const said = "lies outside of the project: the file is a link that leads out of it";
  expect(await codes("./a.retrain", {}, link("policies/a.retrain", join(outside, "a.retrain")))).toEqual([
    `import/leaves-project \`./a.retrain\` ${said}`,
  ]);
  expect(await codes("../shared/a.retrain", {}, link("shared", outside))).toEqual([
    `import/leaves-project \`../shared/a.retrain\` ${said}`,
  ]);
  const inside = { "shared/real.retrain": gate };
  expect(await codes("../shared/a.retrain", inside, link("shared/a.retrain", "real.retrain"))).toEqual([]);
});

it("refuses what is no readable file, and says what is there instead", async () => {
  const shared = { "shared/Slo.retrain": gate };
  expect(await codes("../shared/slo.retrain", shared)).toEqual([
    "import/letter-case `../shared/slo.retrain` is called `shared/Slo.retrain` on disk",
  ]);
  expect(await codes("../Shared/Slo.retrain", shared)).toEqual([
    "import/letter-case `../Shared/Slo.retrain` is called `shared/Slo.retrain` on disk",
  ]);
  expect(await codes("../shared/Sloo.retrain", shared)).toEqual([
    "import/not-found there is no file `shared/Sloo.retrain`, did you mean `shared/Slo.retrain`?",
  ]);
  expect(await codes("../../a.retrain")).toEqual([
    "import/leaves-project `../../a.retrain` lies outside of the project",
  ]);
  expect(await codes("../shared/dir.retrain", { "shared/dir.retrain/x.txt": "" })).toEqual([
    "import/is-a-folder `../shared/dir.retrain` is a folder",
  ]);
  const binary = await codes("../shared/b.retrain", {}, (root) => {
    mkdirSync(join(root, "shared"));
    writeFileSync(join(root, "shared/b.retrain"), Buffer.from([0x67, 0xff, 0xfe]));
  });
  expect(binary).toEqual([
    "import/unreadable `shared/b.retrain` cannot be read: shared/b.retrain is not UTF-8: the byte at offset 1 begins no character",
  ]);
  if (process.getuid?.() === 0) return;
  const secret = await codes("../shared/a.retrain", { "shared/a.retrain": gate }, (root) => {
    chmodSync(join(root, "shared/a.retrain"), 0);
  });
  expect(secret).toEqual(["import/unreadable `shared/a.retrain` cannot be read: its permissions forbid it"]);
});

it("applies guardrails and freezes that the configuration lists to a policy that is checked alone", async () => {
  const listed = `${config}guardrails: [rules/company.retrain]\nenvironments: { local: { freezes: ["rules/free*.retrain"] } }\n`;
  const made = await project({
    "retrain.config.yaml": listed,
    "policies/p.retrain": policy,
    "policies/other.retrain": policy.replace("policy example", "policy other"),
    "rules/company.retrain": "guardrail company { must have notify on promoted }\n",
    "rules/freeze.retrain": 'freeze all 2026-12-24..2026-12-26 in "UTC" because "holidays"\n',
  });
  const alone = policyFiles(made.loaded, made.root, ["policies/p.retrain"]);
  const broken = checkProject(made.loaded, alone);
  expect(broken.policies.map(({ name, broken: is }) => `${name} ${is}`)).toEqual(["example true"]);
  expect(broken.diagnostics.map(({ code }) => code)).toContain("guardrail/missing");
  writeFileSync(join(made.root, "rules/company.retrain"), "guardrail company { must have rollback }\n");
  const checked = checkProject(made.loaded, alone);
  const [only] = checked.policies;
  if (only === undefined) throw new Error("no policy");
  const { plan } = compileChecked(made.loaded, checked, only, "local", []);
  expect(plan?.monitor.freezes).toMatchObject([
    {
      scope: "all",
      from: Date.UTC(2026, 11, 24),
      until: Date.UTC(2026, 11, 27),
      place: { file: "rules/freeze.retrain", line: 1 },
    },
  ]);
});

it("takes only what concerns a policy from a check of several", async () => {
  const wrong = policy.replace("policy example", "policy other").replace("challenger.auc", "challenger.acu");
  const made = await project({
    "retrain.config.yaml": config,
    "policies/p.retrain": policy,
    "policies/other.retrain": wrong,
  });
  const checked = made.check();
  const errors = (name: string) =>
    concerning(
      checked,
      checked.policies.filter((one) => one.name === name),
    ).filter(({ severity }) => severity === "error");
  expect(errors("example")).toEqual([]);
  expect(errors("other")).toHaveLength(1);
});

it("refuses a list of files that are not there", async () => {
  const made = await project({ "retrain.config.yaml": "guardrails: [gone.retrain]\n", "p.retrain": policy });
  expect(() => made.check()).toThrow("`guardrails` lists `gone.retrain`, and there is no such file");
  rmSync(made.root, { recursive: true });
});
