import { expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import type { PipelinePlan } from "../../../compiler/plan/plan.ts";
import { kfp } from "../../../targets/kfp/kfp.ts";
import { kfpPlan } from "../../support/engine-plan.ts";
import { hostileTexts } from "../setup/hostile.ts";
import { environmentOf } from "../setup/python.ts";
import { accept } from "./accept.ts";

type Change = (plan: PipelinePlan, text: string) => PipelinePlan;

const environment = await environmentOf("kfp");
const locate = () => ({ path: "policy.retrain", start: 0, end: 0 });

const train =
  (
    change: (text: string) => Partial<Extract<PipelinePlan["retrain"]["nodes"][number], { kind: "step" }>["step"]>,
  ): Change =>
  (plan, text) => ({
    ...plan,
    retrain: {
      ...plan.retrain,
      nodes: plan.retrain.nodes.map((node) =>
        node.kind === "step" && node.name === "train" ? { ...node, step: { ...node.step, ...change(text) } } : node,
      ),
    },
  });

/** What Kubernetes makes of a word of a command: https://github.com/kubernetes/kubernetes/blob/master/third_party/forked/golang/expansion/expand.go with no variable known. */
const expanded = (word: string): string => word.replaceAll("$$", "$");

/** Places of a policy that a text can stand in, and where it comes out. `files` is which of the two pipelines carries it. */
const positions: readonly {
  readonly name: string;
  readonly change: Change;
  readonly read: (spec: never) => unknown;
  readonly tick: boolean;
}[] = [
  {
    name: "a word of a command",
    change: train((text) => ({ command: ["python", text.replaceAll("${", "$${")] })),
    read: (spec: { deploymentSpec: { executors: Record<string, { container: { args: string[] } }> } }) =>
      expanded(spec.deploymentSpec.executors["exec-train"]?.container.args.at(-1) ?? ""),
    tick: false,
  },
  {
    name: "a variable",
    change: train((text) => ({ env: { AUTHORS: text.replaceAll("${", "$${") } })),
    read: (spec: { deploymentSpec: { executors: Record<string, { container: { env: { value: string }[] } }> } }) =>
      expanded(spec.deploymentSpec.executors["exec-train"]?.container.env.at(-1)?.value ?? ""),
    tick: false,
  },
  {
    name: "an image",
    change: train((text) => ({ image: text })),
    read: (spec: { deploymentSpec: { executors: Record<string, { container: { image: string } }> } }) =>
      spec.deploymentSpec.executors["exec-train"]?.container.image,
    tick: false,
  },
  ...(["description", "owner", "intendedUse"] as const).map((name) => ({
    name: `the policy's ${name}`,
    change: (plan: PipelinePlan, text: string): PipelinePlan => ({ ...plan, policy: { ...plan.policy, [name]: text } }),
    read: (spec: { deploymentSpec: { executors: Record<string, { container: { args: string[] } }> } }) => {
      const args = spec.deploymentSpec.executors["exec-tick"]?.container.args ?? [];
      const json = args[args.indexOf("--plan-json") + 1] ?? "";
      // Neither Kubernetes nor a template engine finds anything in it.
      expect(json).toMatch(/^[ -~]*$/);
      expect(json).not.toMatch(/\{\{|\$/);
      return JSON.parse(json).policy[name];
    },
    tick: true,
  })),
];

/** A document whose one leaf is left out. */
function without(document: unknown, leaf: string, path = ""): unknown {
  if (path === leaf) return "LEAF";
  if (Array.isArray(document)) return document.map((one, index) => without(one, leaf, `${path}/${index}`));
  if (typeof document !== "object" || document === null) return document;
  return Object.fromEntries(Object.entries(document).map(([key, one]) => [key, without(one, leaf, `${path}/${key}`)]));
}

/** Paths at which two documents differ. */
function differing(left: unknown, right: unknown, path = ""): string[] {
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) {
    return left === right ? [] : [path];
  }
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].flatMap((key) =>
    differing((left as Record<string, unknown>)[key], (right as Record<string, unknown>)[key], `${path}/${key}`),
  );
}

it.each(positions)(
  "a hostile text as $name changes one leaf, which reads back as it, or is refused by name",
  async ({ change, read, tick }) => {
    if (environment === undefined) return;
    const texts = hostileTexts();
    const base = kfp.emit(change(kfpPlan(), "harmless"));
    const shown: { id: string; text: string }[] = [];
    let refused = 0;
    for (const [index, text] of texts.entries()) {
      const plan = change(kfpPlan(), text);
      const errors = kfp.check(plan, locate).filter(({ severity }) => severity === "error");
      const found = [...new Set(errors.map(({ code }) => code))];
      if (found.length > 0) {
        const isBlank = text.trim() === "";
        expect(found, JSON.stringify(text)).toEqual([isBlank ? "target/needs-image" : "target/unsafe-text"]);
        if (!isBlank) expect(text).toMatch(/\{\{|\{\$|\{$|\0/);
        refused += 1;
        continue;
      }
      const files = kfp.emit(plan);
      const carrier = tick ? 1 : 0;
      // Places and digest aside, which are the same here, the file that does not carry the text is the same bytes.
      if (!tick) expect(files[2]).toEqual(base[2]);
      else expect(files[0]).toEqual(base[0]);
      shown.push({ id: String(index), text: files[carrier]?.text ?? "" });
    }
    const harmless = parseAllDocuments(base[tick ? 1 : 0]?.text ?? "").map((one) => one.toJS());
    for (const { id, text } of shown) {
      const documents = parseAllDocuments(text).map((one) => one.toJS());
      const paths = differing(harmless, documents);
      expect(paths.length, texts[Number(id)]).toBeLessThanOrEqual(1);
      const [leaf = ""] = paths;
      expect(without(documents, leaf)).toEqual(without(harmless, leaf));
      expect(read(documents[0] as never)).toBe(texts[Number(id)]);
    }
    const answers = await accept(environment, shown, true);
    for (const { id, error, documents } of answers) {
      expect(error, texts[Number(id)]).toBeUndefined();
      expect(read(documents?.[0] as never)).toBe(texts[Number(id)]);
    }
    expect(answers).toHaveLength(texts.length - refused);
    expect(refused).toBeLessThan(texts.length / 4);
  },
);
