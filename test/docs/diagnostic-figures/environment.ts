import { SHOWN } from "../../../compiler/cli/outputs.ts";
import { engineName } from "../../../compiler/plan/engine-name.ts";
import { checkFiles } from "../../support/check-files.ts";
import { checkText } from "../../support/check-text.ts";
import { examplePolicy } from "../../support/example-policy.ts";
import { count, type Figures, numbersIn, weeksOfYear } from "./figure.ts";
import { planOfPages, policyOfPages } from "./policy-of-pages.ts";

const minute = 60_000;
const hour = 60 * minute;

const plan = planOfPages();
const steps = plan.retrain.nodes.filter((node) => node.kind === "step");
const [shadow] = plan.programs.rollout?.stages ?? [];
if (shadow === undefined) throw new Error("the policy of the pages has no stages");
const looks = shadow.atMost / shadow.check;

/** How often a guardrail that asks for a rollback is held against a policy without one. */
function broken(listed: boolean): number {
  const without = policyOfPages.replace(/rollback when .*\n/u, "\n");
  const rule = "guardrail company {\n  must have rollback\n}\n";
  const files = new Map([
    ["example.retrain", without],
    [listed ? "guardrails.retrain" : "mine.retrain", rule],
  ]);
  return checkFiles(files).all.filter(({ code }) => code === "guardrail/missing").length;
}

/** Environments, engines, and the program itself. */
export const environment: Figures = {
  "check/too-many": () => {
    const metrics = ["auc", "recall", "f1"];
    const lines = metrics.map((metric) => `require challenger.${metric} >= 0.80 at 95% confidence`).join("\n  ");
    const policy = examplePolicy(`gate offline {\n  ${lines}\n}`).replace(/left +boolean/u, "left number");
    const errors = checkText(policy).diagnostics.filter(({ code }) => code === "type/needs-task").length;
    return [`${errors} errors in a gate of ${metrics.length} lines`, `${SHOWN}`];
  },
  "config/ledger-not-shared": () => {
    const ticks = shadow.atMost / plan.monitor.every;
    return [
      `${shadow.check / minute} minutes for up to ${shadow.atMost / hour} hours looks ${looks} times`,
      `${ticks} times`,
    ];
  },
  "config/name": ({ wrong }) => {
    const [share] = numbersIn(policyOfPages, /stage full \{ traffic (\d+)%/u);
    wrong(/registry local "other"/u);
    return [`${share} % of the traffic`];
  },
  "config/no-prediction-log": () => {
    const [margin, days] = [3, 7];
    return [
      `\`auc drops ${margin}pp below baseline over ${days}d\``,
      `${[].length} scores`,
      `${days * 24} hourly checks`,
      `${3 * margin} points`,
    ];
  },
  "config/no-prometheus": ({ wrong }) => {
    const [shortest, longest] = wrong(/for (\d+)h\.\.(\d+)h/u);
    return [`${shortest} to ${longest} hours`, `${(longest * hour) / minute} times`];
  },
  "config/not-listed": () => {
    return [`${broken(true)} error`, `${broken(false)} errors`];
  },
  "config/registry-kind": () => {
    const late = steps.reduce((sum, { step }) => sum + step.timeout, 0) / hour;
    return [
      `${steps.length} steps takes its usual limit of ${(steps[0]?.step.timeout ?? 0) / hour} hour, it fails after ${late} hours`,
    ];
  },
  "config/serving-kind": () => {
    const { minimum } = shadow;
    return [`${shadow.atMost / hour} hours`, `${count(minimum?.count ?? 0)} pairs`];
  },

  "target/name-collision": () => {
    const names = new Set(["churn", "churn"].map((name) => engineName(name, 44)));
    return [`${["churn", "churn"].length} policies, ${names.size} pipeline`];
  },
  "target/needs-image": () => {
    const programs = steps.map(({ step }) => step.command[1]);
    return [`${programs.length} programs, \`${programs.join("` and `")}\``];
  },
  "target/needs-runtime-image": () => {
    const { nodes } = plan.retrain;
    return [`${nodes.length} steps of a run ${steps.length}`, `${nodes.length - steps.length}`];
  },
  "target/needs-shared-disk": () => {
    return [
      `${plan.retrain.nodes.length} steps of a run`,
      `${
        [
          ["train", "evaluate"],
          ["evaluate", "gate"],
        ].length
      } hand-overs`,
    ];
  },
  "target/not-yet-carried-out": () => {
    return [`${weeksOfYear} weekly runs`];
  },
  "target/plan-too-large": () => {
    const [argument, map] = [32 * 4096, 1024 * 1024];
    return [`32 pages of 4,096 bytes, ${count(argument)}`, `1 MiB, ${map / argument} times`];
  },
  "target/unsafe-text": () => {
    const word = "--format={{.Name}}";
    const left = word.replace(/\{\{.*\}\}/u, "");
    return [`\`${word}\`, ${word.length} characters, could arrive as \`${left}\`, ${left.length}`];
  },
  "target/unsupported": () => {
    const [machines, left] = [4, 1];
    return [`\`workers ${machines}\` left out is a training on ${left} machine, in up to ${machines / left} times`];
  },
};
