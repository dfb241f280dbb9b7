import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const json = (path: string) => JSON.parse(readFileSync(join(root, path), "utf8")) as Record<string, unknown>;
const manifest = json("package.json");
const dependencies = manifest["dependencies"] as Record<string, string>;
const development = manifest["devDependencies"] as Record<string, string>;

interface Locked {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
}
const locked = Object.entries(json("package-lock.json")["packages"] as Record<string, Locked>).filter(
  ([path]) => path !== "",
);
const shipped = locked.filter(([, entry]) => entry.dev !== true);

const LICENCES = ["MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "0BSD"];

/** Versions below which a known hole is open. */
const FLOORS: Readonly<Record<string, readonly number[]>> = { handlebars: [4, 7, 9], yaml: [2, 8, 3] };

it("every run-time dependency has a line of reason, and no line is left over", () => {
  const page = readFileSync(join(root, "docs/dependencies.md"), "utf8");
  const listed = [...page.matchAll(/^\| `([^`]+)` \| .{20,} \|$/gm)].map((match) => match[1]);
  expect(listed.sort()).toEqual(Object.keys(dependencies).sort());
});

it("versions are exact", () => {
  for (const version of Object.values({ ...dependencies, ...development }))
    expect(version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
});

it("what is shipped is permissively licensed and runs nothing when it is installed", () => {
  expect(shipped.length).toBeGreaterThan(10);
  for (const [path, { license, hasInstallScript }] of shipped) {
    const known = license ?? (json(join(path, "package.json"))["license"] as string);
    expect(LICENCES, `${path}: ${known}`).toContain(known);
    expect(hasInstallScript ?? false, path).toBe(false);
  }
});

it("packages with known holes stand above their floors", () => {
  for (const [name, floor] of Object.entries(FLOORS)) {
    for (const [path, { version = "0.0.0" }] of locked.filter(([one]) => one.endsWith(`node_modules/${name}`))) {
      const parts = version.split(".").map(Number);
      const first = floor.findIndex((part, at) => part !== parts[at]);
      expect(first === -1 || (parts[first] ?? 0) > (floor[first] ?? 0), `${path} ${version}`).toBe(true);
    }
  }
});
