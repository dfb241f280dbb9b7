import { registerHooks } from "node:module";
import { parentPort } from "node:worker_threads";
import type { Mutant } from "./mutate.ts";

/** Asked for a mutant, says whether the reference values are red with it. Every mutant gets modules of its own. */
const statistics = new URL("../../runtime/stats/", import.meta.url).href;
let current: { readonly number: number; readonly mutant: Mutant } | undefined;

registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    const ours = found.url.startsWith("file:") && !found.url.includes("/node_modules/") && found.url.endsWith(".ts");
    return current !== undefined && ours ? { ...found, url: `${found.url}?mutant=${current.number}` } : found;
  },
  load(url, context, next) {
    if (current === undefined || !url.startsWith(`${statistics}${current.mutant.file}?`)) return next(url, context);
    return { format: "module-typescript", source: current.mutant.source, shortCircuit: true };
  },
});

parentPort?.on("message", async (asked: { readonly number: number; readonly mutant: Mutant }) => {
  current = asked;
  let red: string | undefined;
  try {
    const { disagreements, functions }: typeof import("../conformance/stats/agreement.ts") = await import(
      `../conformance/stats/agreement.ts`
    );
    red = functions.find((name) => disagreements(name).length > 0);
  } catch (error) {
    red = String(error);
  }
  parentPort?.postMessage({ number: asked.number, red });
});
