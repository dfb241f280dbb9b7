import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { lower } from "../../compiler/lower/lower.ts";
import type { Diagnostic } from "../../language/diagnostics/diagnostic.ts";
import { applySuppressions } from "../../language/diagnostics/suppress/suppress.ts";
import { parse } from "../../language/syntax/parse.ts";
import { createSource } from "../../language/text/source.ts";
import { checkFiles } from "./check-files.ts";
import { checkText } from "./check-text.ts";
import { engineDiagnostics } from "./engine-diagnostics.ts";
import { examplePolicy } from "./example-policy.ts";
import { localBindings } from "./local-bindings.ts";

const folder = join(import.meta.dirname, "../../docs/diagnostics");

/** The day on which the examples of the pages are checked. */
export const pagesDay = Date.UTC(2026, 10, 24);

/** Codes whose examples are compiled for an environment that serves by KServe and has no prediction log. */
const forKserve = ["config/no-prediction-log"];

/** Codes whose examples are compiled for an environment without a store of live metrics. */
const withoutMetrics = ["config/no-prometheus"];

/** Codes that compiling for an engine gives, with the engine that their examples are compiled for. */
const engines: Readonly<Record<string, string>> = {
  "config/ledger-not-shared": "kfp",
  "target/needs-image": "kfp",
  "target/needs-runtime-image": "kfp",
  "target/needs-shared-disk": "kfp",
  "target/not-yet-carried-out": "kfp",
  "target/unsafe-text": "argo",
  "target/unsupported": "local",
};

/** Codes that have a page, in order. */
export function pageCodes(): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md"))
    .map((path) => path.replaceAll("\\", "/").replace(/\.md$/u, ""))
    .sort();
}

export function pageText(code: string): string {
  return readFileSync(join(folder, `${code}.md`), "utf8");
}

/** What a page says under `Why it matters`, with single spaces; empty where it says nothing. */
export function whyOf(code: string): string {
  const [, why = ""] = /\n## Why it matters\n\n([\s\S]*?)\n\n## /u.exec(pageText(code)) ?? [];
  return why.replaceAll(/\s+/gu, " ");
}

/** The wrong or the right examples of a page, as they are written: parts of policies, or configurations. */
export function examplesOf(code: string, kind: "wrong" | "right"): string[] {
  const fenced = new RegExp(`\`\`\`(?:retrain|yaml) ${kind}\\n([\\s\\S]*?)\n\`\`\``, "gu");
  return [...pageText(code).matchAll(fenced)].map((match) => match[1] ?? "");
}

/** Files that stand beside the examples of a page: path and text. */
export function filesBeside(code: string): (readonly [string, string])[] {
  const files = [...pageText(code).matchAll(/```retrain file (\S+)\n([\s\S]*?)\n```/gu)];
  return files.map(([, path = "", text = ""]) => [path, text]);
}

/** The policy of an example: a configuration is that of a policy in which everything is in order. */
export function policyOf(example: string): string {
  return examplePolicy(isConfiguration(example) ? "risk low" : example);
}

const isConfiguration = (example: string): boolean => example.startsWith("environments:");

/** All that checking some files gives, without what their comments set aside. */
function diagnosticsOfFiles(texts: readonly (readonly [string, string])[]): readonly Diagnostic[] {
  const { all } = checkFiles(new Map(texts));
  return texts.flatMap(([path, text]) => {
    const source = createSource(path, text);
    return applySuppressions(
      { source, ...parse(source) },
      all.filter(({ span }) => span.path === path),
    );
  });
}

/**
 * All that checking and compiling an example of a page for this machine gives.
 * @param edit changes the whole policy, and each file beside it, before it is read
 */
export function diagnosticsOf(
  example: string,
  code: string,
  edit: (text: string) => string = (text) => text,
): readonly Diagnostic[] {
  const beside = filesBeside(code).map(([path, text]) => [path, edit(text)] as const);
  const whole = edit(policyOf(example));
  const engine = engines[code];
  if (engine !== undefined)
    return isConfiguration(example) ? engineDiagnostics(whole, engine, example) : engineDiagnostics(whole, engine);
  if (beside.length > 0) return diagnosticsOfFiles([["example.retrain", whole], ...beside]);
  const { diagnostics, policies } = checkText(whole, "example.retrain", { today: pagesDay });
  const { metrics, ...unmeasured } = localBindings("example");
  const bindings = withoutMetrics.includes(code) ? unmeasured : { ...unmeasured, metrics };
  const serving = { kind: "kserve", name: "example", namespace: "models" } as const;
  const bound = forKserve.includes(code) ? { ...bindings, serving } : bindings;
  return [...diagnostics, ...policies.flatMap((policy) => lower(policy, bound).diagnostics)];
}
