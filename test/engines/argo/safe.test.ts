import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { PipelinePlan } from "../../../compiler/plan/plan.ts";
import { argo } from "../../../targets/argo/argo.ts";
import { argoPlan } from "../../support/engine-plan.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { hostileTexts } from "../setup/hostile.ts";
import { type Path, textPositions, withEverything, withTexts } from "../setup/positions.ts";

const locate = () => ({ path: "policy.retrain", start: 0, end: 0 });
const plan = withEverything(argoPlan());
const texts = hostileTexts();
// Paths of files and bindings are the operator's own: the header and folders are made of them.
const paths = textPositions(plan, (path) => path.at(-1) !== "file" && path[0] !== "bindings");

/** Documents of some files as Kubernetes and Argo decode them. Undefined without Go, which is an error on CI. */
function decoded(files: readonly string[]): unknown[][] | undefined {
  try {
    const options = { cwd: join(import.meta.dirname, "decode"), encoding: "utf8", maxBuffer: 1e9 } as const;
    const out = execFileSync("go", ["run", "."], { ...options, input: JSON.stringify(files) });
    return out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    const missing = "Go is not installed here; on Debian: apt-get install golang-go, or https://go.dev/dl";
    if (process.env["CI"] === "true") throw new Error(missing);
    process.stderr.write(`NOT RUN: ${missing}\n`);
    return undefined;
  }
}

/** A text as somebody would write it in a step: `\${` is written `$\${`. */
const written = (path: Path, text: string): string => (path.includes("step") ? text.replaceAll("${", "$${") : text);

const codesAt = (path: Path, text: string): readonly string[] =>
  argo
    .check(
      withTexts(plan, [path], () => written(path, text)),
      locate,
    )
    .filter(({ severity }) => severity === "error")
    .map(({ code }) => code);

/** What Kubernetes makes of a word of a command or a variable: https://github.com/kubernetes/kubernetes/blob/master/third_party/forked/golang/expansion/expand.go with no variable known. */
const expanded = (word: string): string => word.replaceAll("$$", "$");

/** Leaves of two documents that are of unlike shape, or whose text is not that of the mark with the text in its place. */
function unlike(marked: unknown, found: unknown, textOf: (mark: number) => string, at = ""): string[] {
  if (typeof marked === "string" && typeof found === "string") {
    if (marked === found) return [];
    if (marked.startsWith("{") && found.startsWith("{"))
      // The plan, as data in data.
      return /^[ -~\n]*$/.test(found) && !/\{\{|\$/.test(found)
        ? unlike(JSON.parse(marked), JSON.parse(found), textOf, `${at}/json`)
        : [`${at} is not inert`];
    const wanted = marked.replace(/H(\d+)H/g, (_, mark) => textOf(Number(mark)));
    return wanted !== marked && (found === wanted || expanded(found) === wanted) ? [] : [at];
  }
  if (typeof marked !== "object" || typeof found !== "object" || marked === null || found === null)
    return marked === found ? [] : [at];
  const keys = new Set([...Object.keys(marked), ...Object.keys(found)]);
  return [...keys].flatMap((key) =>
    unlike((marked as Record<string, unknown>)[key], (found as Record<string, unknown>)[key], textOf, `${at}/${key}`),
  );
}

it("five hundred hostile texts at every position of a plan are read back by Argo's own reader as they were, and change nothing else", () => {
  expect(paths.length).toBeGreaterThan(30);
  for (const needed of [
    "description",
    "owner",
    "intendedUse",
    "image",
    "command",
    "AUTHORS",
    "approvers",
    "text",
    "uri",
  ])
    expect(paths.flat(), needed).toContain(needed);
  const image = paths.find((path) => path.at(-1) === "image") ?? [];
  const allowed = texts.filter((text) => codesAt(image, text).length === 0);
  expect(allowed.length).toBeGreaterThan(texts.length * 0.7);
  const folder = temporaryFolder();
  const write = (name: string, one: PipelinePlan): string[] => {
    expect(argo.check(one, locate).filter(({ severity }) => severity === "error")).toEqual([]);
    mkdirSync(join(folder, name, "argo"), { recursive: true });
    return argo.emit(one).map(({ path, text }) => {
      expect(text).toMatch(/^[ -~\n]*$/);
      writeFileSync(join(folder, name, path), text);
      return join(folder, name, path);
    });
  };
  const marked = write(
    "marked",
    withTexts(plan, paths, (index) => `H${index}H`),
  );
  const textOf = (round: number) => (index: number) => {
    // Each file carries another text at each position, and in five hundred files each position has had them all.
    const from = paths[index]?.includes("step") ? allowed : texts;
    return from[(round + index * 7) % from.length] ?? "";
  };
  const files = texts.map((_, round) =>
    write(
      String(round),
      withTexts(plan, paths, (index, path) => written(path, textOf(round)(index))),
    ),
  );
  const found = decoded([...marked, ...files.flat()]);
  if (found === undefined) return;
  expect(found).toHaveLength(3 * (texts.length + 1));
  const base = found.slice(0, 3);
  for (let round = 0; round < texts.length; round += 1) {
    const documents = found.slice(3 + 3 * round, 6 + 3 * round);
    expect(unlike(base, documents, textOf(round)), `round ${round}`).toEqual([]);
  }
});

it("a text of a step that Argo would read something into, or that no process takes, is refused by name at each position", () => {
  const steps = paths.filter((path) => path.includes("step"));
  const image = steps.find((path) => path.at(-1) === "image") ?? [];
  const refused = texts.filter((text) => codesAt(image, text).includes("target/unsafe-text"));
  expect(refused.length).toBeGreaterThan(20);
  for (const text of refused) {
    expect(["{{", "{${", "\u0000"].some((part) => text.includes(part))).toBe(true);
  }
  for (const text of refused.slice(0, 20)) {
    for (const path of steps)
      expect(codesAt(path, text), `${path.join(".")} ${JSON.stringify(text)}`).toContain("target/unsafe-text");
  }
});
