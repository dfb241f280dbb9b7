import { expect, it } from "vitest";
import { importPath } from "../../../../language/semantics/reuse/import-path.ts";
import { checkFiles } from "../../../support/check-files.ts";
import { examplePolicy } from "../../../support/example-policy.ts";
import { processorTime } from "../../../support/processor-time.ts";

const policy = examplePolicy("risk low");

it("reads at most a thousand imports of a file, says so once, and stays fast", () => {
  const imports = Array.from({ length: 10_000 }, (_, index) => `import "./shared/${index}.retrain" { g${index} }`);
  const shared = Array.from(
    { length: 2_000 },
    (_, index) => [`shared/${index}.retrain`, `gate g${index} { }`] as const,
  );
  const started = processorTime();
  const { all, imported } = checkFiles(new Map([["policy.retrain", `${imports.join("\n")}\n${policy}`], ...shared]));
  expect(processorTime() - started).toBeLessThan(10_000);
  expect(all.filter(({ code }) => code === "import/too-many")).toHaveLength(1);
  expect(imported).toHaveLength(1_000);
});

it("reads at most a thousand files in one chain", () => {
  const chain = Array.from({ length: 3_000 }, (_, index) => {
    const text = `import "./${index + 1}.retrain" { g }\ngate g { require challenger.auc >= 0.5 at 95% confidence }`;
    return [`shared/${index}.retrain`, text] as const;
  });
  const { all, imported } = checkFiles(
    new Map([["policy.retrain", `import "./shared/0.retrain" { g }\n${policy}`], ...chain]),
  );
  expect(imported).toHaveLength(1_000);
  expect(all.filter(({ code }) => code === "import/too-many")).toHaveLength(1);
});

it("names more imports in one statement than anybody can read without exploding", () => {
  const names = Array.from({ length: 10_000 }, (_, index) => `g${index}`);
  const { all } = checkFiles(
    new Map([
      ["policy.retrain", `import "./shared/a.retrain" { ${names.join(", ")} }\n${policy}`],
      ["shared/a.retrain", "gate g { require challenger.auc >= 0.5 at 95% confidence }"],
    ]),
  );
  expect(all.filter(({ code }) => code === "import/unknown-name")).toHaveLength(10_000);
});

it("resolves paths without leaving the root, whatever they are", () => {
  expect(importPath("a/b/c.retrain", "../d.retrain")).toEqual({ path: "a/d.retrain" });
  expect(importPath("a/b/c.retrain", ".././//d.retrain")).toEqual({ path: "a/d.retrain" });
  expect(importPath("a/b/c.retrain", "../../../d.retrain")).toEqual({ refused: "leaves" });
  expect(importPath("/elsewhere/c.retrain", "d.retrain")).toEqual({ refused: "leaves" });
  expect(importPath("c.retrain", "..retrain")).toEqual({ path: "..retrain" });
});

it("checks a thousand policies of one template in three seconds, in one file and in a thousand", () => {
  const template = `template standard(product: text, floor: ratio) {\n${policy
    .slice(policy.indexOf("{") + 1, policy.lastIndexOf("}"))
    .replaceAll('"example"', '"${product}"')
    .replace(">= 0.80", ">= floor")}\n}\n`;
  const made = Array.from(
    { length: 1_000 },
    (_, index) => `policy p${index} from standard(product: "p${index}", floor: ${60 + (index % 30)}%) { risk high }\n`,
  );
  const measure = (texts: ReadonlyMap<string, string>): number => {
    // Time of the processor, because other tests run beside this one.
    const started = process.cpuUsage();
    const { policies, all } = checkFiles(texts);
    const { user, system } = process.cpuUsage(started);
    expect(policies.filter(({ broken }) => !broken)).toHaveLength(1_000);
    expect(all.filter(({ severity }) => severity === "error")).toEqual([]);
    return (user + system) / 1000;
  };
  const header = 'import "./shared/standard.retrain" { standard }\n';
  const oneFile = measure(new Map([["policy.retrain", template + made.join("")]]));
  const directory = measure(
    new Map([
      ["shared/standard.retrain", template],
      ...made.map((text, index) => [`p${index}.retrain`, header + text] as const),
    ]),
  );
  expect(Math.max(oneFile, directory)).toBeLessThan(3_000);
});
