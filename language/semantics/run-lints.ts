import { conditionText as causeText } from "../format/condition-text.ts";
import { walk } from "../syntax/child-keys.ts";
import type { Cause, Step, Text, Trigger } from "../syntax/tree.ts";
import type { Span } from "../text/source.ts";
import { singleCauses } from "./blocks/trigger.ts";
import type { CheckedProgram, CheckedRequirement, CheckedTest } from "./checked/condition.ts";
import type { CheckedDataset, CheckedStep } from "./checked/policy.ts";
import type { CheckedRollout } from "./checked/rollout.ts";
import type { CheckedTrigger } from "./checked/trigger.ts";
import type { Collector } from "./collector.ts";
import { sameMeasure } from "./condition.ts";
import { every } from "./statements.ts";
import { substitutionsOf } from "./substitution.ts";
import { plain } from "./wording.ts";

const hour = 3_600_000;

/** Reports a budget of GPU hours that one run can exceed, or that no step can use. */
export function lintGpuBudget(
  trigger: CheckedTrigger,
  steps: readonly CheckedStep[],
  place: Span,
  out: Collector,
): void {
  const budget = trigger.budget?.gpuHours;
  if (budget === undefined) return;
  const run = steps.reduce((sum, { resources, timeout, retry }) => {
    return sum + ((resources["gpu"] ?? 0) * timeout * (1 + retry.times)) / hour;
  }, 0);
  if (run === 0) out.report("trigger/budget-without-gpu", place, {});
  else if (run > budget) {
    const hours = plain(Number(run.toPrecision(4)));
    out.report("trigger/budget-below-run", place, { run: hours, budget: plain(budget) });
  }
}

/** What a policy writes itself, by the substitution that says where. */
const written = ["predictions", "challenger", "metrics", "champion"];

/** Reports causes that read what the policy's own runs write: rows of a step's output, or the end of a run told as an event. */
export function refuseOwnOutput(
  node: Trigger,
  sources: ReadonlyMap<string, Text>,
  steps: readonly Step[],
  told: ReadonlySet<string>,
  out: Collector,
): void {
  const outputs = outputsOf(steps);
  const causes = node.statements.flatMap((statement): readonly Cause[] => {
    if (statement.kind === "CauseGroup")
      return statement.causes.filter((cause): cause is Cause => cause.kind !== "Broken");
    return ["Schedule", "EventCause", "DataCause", "ConditionCause"].includes(statement.kind)
      ? [statement as Cause]
      : [];
  });
  for (const cause of causes) {
    if (cause.kind === "EventCause") {
      const event = cause.name.value.trim();
      if (told.has(event)) {
        const why = `its own \`notify\` tells a webhook of \`${event}\``;
        out.report("trigger/fed-by-own-output", cause.span, { cause: causeText(cause), dataset: "", why });
      }
      continue;
    }
    for (const name of datasetsOf(cause, sources)) {
      const uri = sources.get(name);
      if (uri === undefined) continue;
      const own = substitutionsOf(uri).find((one) => written.includes(one.written.split(".")[0] ?? ""));
      const why =
        own !== undefined
          ? `\`${name}\` is read from \`\${${own.written}}\``
          : outputs.has(uri.value)
            ? `the ${outputs.get(uri.value) ?? ""} step writes \`${uri.value}\``
            : undefined;
      if (why === undefined) continue;
      const labels = [{ span: uri.span, text: "read from here" }];
      out.report("trigger/fed-by-own-output", cause.span, { cause: causeText(cause), dataset: name, why }, { labels });
    }
  }
}

function datasetsOf(cause: Cause, sources: ReadonlyMap<string, Text>): ReadonlySet<string> {
  const names = new Set<string>();
  if (cause.kind === "DataCause") names.add(cause.dataset.text);
  walk(cause, (node) => {
    if (node.kind === "Operand" && sources.has(node.path[0].text)) names.add(node.path[0].text);
    return undefined;
  });
  return names;
}

/** Places that a step is told to write to: what follows `--out` and its like in a command. */
function outputsOf(steps: readonly Step[]): ReadonlyMap<string, string> {
  const outputs = new Map<string, string>();
  for (const step of steps) {
    for (const command of every(step.statements, "Command")) {
      const { items } = command.arguments;
      items.forEach((item, index) => {
        const flag = items[index - 1]?.value ?? "";
        const [name = "", value] = item.value.split("=");
        const joined = /^--?(?:o|out|output|write)[\w-]*$/u.test(name) ? value : undefined;
        const place = joined ?? (/^--?(?:o|out|output|write)[\w-]*$/u.test(flag) ? item.value : undefined);
        if (place !== undefined && place !== "") outputs.set(place, step.step.text);
      });
    }
  }
  return outputs;
}

function requirementsOf(program: Pick<CheckedProgram, "requirements">): readonly CheckedRequirement[] {
  return program.requirements.flatMap((item) => (item.kind === "group" ? item.members : [item]));
}

/** The worst value that a test lets pass: of a requirement what it accepts, of a rollback condition what it does not take back. */
function worst(test: CheckedTest, direction: "higher" | "lower"): number | undefined {
  if (test.kind !== "threshold") return undefined;
  const upward = test.relation === ">=" || test.relation === ">";
  const downward = test.relation === "<=" || test.relation === "<";
  return (direction === "higher" ? upward : downward) ? test.limit : undefined;
}

/** Reports rollback conditions that hold later than a requirement on the same number fails. Only like is compared with like. */
export function lintRollbacks(gates: readonly CheckedProgram[], rollout: CheckedRollout, out: Collector): void {
  const required = [...gates, ...rollout.stages].flatMap(requirementsOf).filter(({ role }) => role === "require");
  for (const rollback of rollout.rollbackWhen) {
    const { test } = rollback;
    if (test.kind !== "threshold") continue;
    const { better } = test.measure;
    if (better !== "higher" && better !== "lower") continue;
    const taken = worst(test, better === "higher" ? "lower" : "higher");
    const weaker = required.find((one) => {
      if (one.test.kind !== "threshold" || one.forEach !== undefined) return false;
      if (!sameMeasure(one.test.measure, test.measure)) return false;
      const accepted = worst(one.test, better);
      if (accepted === undefined || taken === undefined) return false;
      return better === "higher" ? taken < accepted : taken > accepted;
    });
    if (weaker === undefined) continue;
    out.report(
      "rollout/rollback-weaker",
      rollback.span,
      { rollback: rollback.text, requirement: weaker.text, measure: rollback.text.split(/ [<>=]/u)[0] ?? "" },
      { labels: [{ span: weaker.span, text: "what is let in" }] },
    );
  }
}

/** Whether a cause compares with the version that serves, so that it cannot hold before there is one. */
export function needsChampion(trigger: CheckedTrigger, datasets: readonly CheckedDataset[]): boolean {
  const causes = singleCauses(trigger);
  return (
    causes.length > 0 &&
    causes.every((cause) => {
      if (cause.kind === "decay") return true;
      if (cause.kind !== "drift" || cause.test.kind !== "threshold") return false;
      const { measure } = cause.test;
      if (measure.kind !== "drift" && measure.kind !== "share_drifted") return false;
      return datasets.find(({ name }) => name === measure.dataset)?.reference?.kind === "before_promotion";
    })
  );
}
