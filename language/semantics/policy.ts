import type { FileNode, Gate, Item, Policy } from "../syntax/tree.ts";
import type { Source, Span } from "../text/source.ts";
import { duplicate } from "./blocks/dataset.ts";
import { checkFreeze } from "./blocks/freeze.ts";
import { checkGate, checkValidate, type ReadProgram } from "./blocks/gate.ts";
import { checkModel } from "./blocks/model.ts";
import { checkNotify } from "./blocks/notify.ts";
import { checkRollout } from "./blocks/rollout.ts";
import { checkStep } from "./blocks/step.ts";
import { checkTrigger } from "./blocks/trigger.ts";
import { checkCadence } from "./cadence.ts";
import type { CheckedProgram } from "./checked/condition.ts";
import type { CheckedBody, CheckedPolicy, Task } from "./checked/policy.ts";
import { Collector } from "./collector.ts";
import { checkDatasets, checkMetrics, checkNames, findJudged } from "./declarations.ts";
import { lintFirstModel, lintUnused } from "./policy-lints.ts";
import { readDate } from "./quantity.ts";
import { choose, type Scope } from "./scope.ts";
import { every, isIncomplete, single } from "./statements.ts";
import { refuseSubstitutions } from "./substitution.ts";

/** What a policy is checked with besides its own text. */
export interface PolicyContext {
  readonly source: Source;
  readonly file: FileNode;
  /** Names that the file imports. */
  readonly imported: ReadonlySet<string>;
  /** Today as epoch milliseconds of a UTC midnight; `review_by` is only judged where it is given. */
  readonly today?: number;
}

const risks = ["low", "medium", "high"] as const;

/** Checks one policy as a whole. */
export function checkPolicy(
  policy: Policy,
  context: PolicyContext,
): { readonly policy: CheckedPolicy; readonly out: Collector } {
  const out = new Collector();
  const name = policy.name.text;
  const place = policy.name.span;
  const { items } = policy;
  const fromTemplate = policy.from !== undefined;
  if (policy.from !== undefined) out.notYet(`a policy made from a template`, policy.from.span);
  const incomplete = isIncomplete(items) || isIncomplete(context.file.declarations) || fromTemplate;
  const head = checkHead(policy, context, out);
  for (const override of every(items, "Override")) out.notYet("`override`", override.span);
  for (const observe of every(items, "ObserveOnly")) out.notYet("`observe only` for a whole policy", observe.span);

  const datasets = checkDatasets([...every(context.file.declarations, "Dataset"), ...every(items, "Dataset")], out);
  const metrics = checkMetrics([...every(context.file.declarations, "Metric"), ...every(items, "Metric")], out);
  const judged = findJudged([...datasets.values()], out);
  const label = judged?.columns.find((column) => column.name === judged.label?.column);
  const task: Task | undefined =
    label === undefined
      ? undefined
      : (
          {
            boolean: "binary",
            category: "multiclass",
            number: "regression",
            integer: "regression",
            timestamp: undefined,
            text: undefined,
          } as const
        )[label.type];
  const scope: Scope = {
    out,
    datasets,
    metrics,
    imported: context.imported,
    ...(judged === undefined ? {} : { judged }),
    ...(task === undefined ? {} : { task }),
    incomplete,
  };
  checkNames(scope, items);

  const one = <Kind extends Item["kind"]>(kind: Kind, what: string) =>
    single(items, kind, what, `policy \`${name}\``, out);
  const need = (what: string, why: string, example: string): undefined =>
    incomplete ? undefined : out.report("policy/missing", place, { where: `policy \`${name}\``, what, why, example });
  const modelNode = one("Model", "`model`");
  const model =
    modelNode === undefined
      ? need(
          "`model`",
          "It says where versions are kept and served.",
          'model { registry local "my-model" serving local "my-model" first_model absolute_gates_only }',
        )
      : checkModel(modelNode, out);
  const decides = modelNode && every(modelNode.statements, "Decides")[0];
  if (decides !== undefined && task !== undefined && task !== "binary") {
    const why = `only a model of two classes decides at a score, and the label \`${judged?.label?.column ?? ""}\` has ${task === "regression" ? "quantities" : "several classes"}`;
    out.report("type/qualifier", decides.span, { qualifier: "decides at", why });
  }
  if (datasets.size === 0) need("`dataset`", "A model is trained and judged on rows.", "dataset rows { ... }");
  const triggerNode = one("Trigger", "`trigger`");
  const trigger =
    triggerNode === undefined
      ? need("`trigger`", "It says when to retrain.", 'trigger { schedule "0 3 * * MON" in "Europe/Berlin" }')
      : checkTrigger(triggerNode, name, triggerPlace(triggerNode.span), scope);
  const validate = unique(
    every(items, "Validate").map((node) => ({ name: node.dataset, read: checkValidate(node, scope) })),
    "`validate`",
    out,
  );
  const steps = every(items, "Step");
  const names = { datasets: [...datasets.keys()], incomplete };
  const step = (kind: "train" | "evaluate", why: string) => {
    const [first, ...others] = steps.filter((candidate) => candidate.step.text === kind);
    for (const other of others) {
      out.report(
        "policy/repeated",
        other.step.span,
        { what: `\`${kind}\``, where: `policy \`${name}\`` },
        first === undefined ? {} : { labels: [{ span: first.step.span, text: "said here first" }] },
      );
    }
    return first === undefined
      ? need(`\`${kind}\``, why, `${kind} { command ["python", "${kind}.py"] }`)
      : checkStep(first, names, out);
  };
  const train = step("train", "It makes the challenger.");
  const evaluate = step("evaluate", "It scores the challenger and the champion on the same rows.");

  const gateNodes = [...every(context.file.declarations, "Gate"), ...every(items, "Gate")];
  const gates = checkGates(gateNodes, scope);
  if (gateNodes.length === 0)
    need(
      "`gate`",
      "It decides whether a challenger may go on.",
      "gate offline { require challenger.auc >= 0.9 at 95% confidence }",
    );
  const rolloutNode = one("Rollout", "`rollout`");
  const rollout = rolloutNode && checkRollout(rolloutNode, name, { scope, gates: gates.byName, model });
  if (rolloutNode === undefined && !incomplete) out.report("policy/no-rollout", place, { policy: name });
  const notifyNode = one("Notify", "`notify`");
  const notify = notifyNode === undefined ? [] : checkNotify(notifyNode, out);
  const freezes = [...every(context.file.declarations, "Freeze"), ...every(items, "Freeze")].flatMap((node) => {
    const freeze = checkFreeze(node, out);
    return freeze === undefined ? [] : [freeze];
  });
  if (
    gateNodes.length > 0 &&
    judged === undefined &&
    !incomplete &&
    [...datasets.values()].every((dataset) => !dataset.incomplete && dataset.holdout === undefined)
  ) {
    if (datasets.size > 0)
      out.report("dataset/no-holdout", gateNodes[0]?.name.span ?? place, {
        gate: `gate \`${gateNodes[0]?.name.text ?? ""}\``,
      });
  }
  if (model?.firstModel.kind === "absolute_gates_only" && !out.hasErrors && out.unchecked.length === 0)
    lintFirstModel(gates.programs, out);
  if (trigger !== undefined && triggerNode !== undefined) {
    const budget = every(triggerNode.statements, "Budget")[0]?.span;
    const cooldown = every(triggerNode.statements, "Cooldown")[0]?.span;
    const where = {
      trigger: triggerPlace(triggerNode.span),
      ...(budget === undefined ? {} : { budget }),
      ...(cooldown === undefined ? {} : { cooldown }),
    };
    checkCadence(trigger, rollout, gates.programs, where, name, out);
  }
  if (!incomplete && !out.hasErrors) lintUnused(policy, judged?.name, out);
  const body: CheckedBody | undefined =
    head.owner !== undefined &&
    model !== undefined &&
    task !== undefined &&
    trigger !== undefined &&
    train !== undefined &&
    evaluate !== undefined
      ? { owner: head.owner, model: { ...model, task }, trigger, train, evaluate }
      : undefined;
  const checked: CheckedPolicy = {
    name,
    span: place,
    source: context.source,
    ...(head.description === undefined ? {} : { description: head.description }),
    risk: head.risk,
    ...(body === undefined ? {} : { body }),
    datasets: [...datasets.values()],
    metrics: [...metrics.values()],
    validate,
    gates: gates.programs,
    ...(rollout === undefined ? {} : { rollout }),
    notify,
    freezes,
    defaults: out.defaults,
    unchecked: out.unchecked,
    broken: out.hasErrors || isIncomplete(items) || isIncomplete(context.file.declarations),
  };
  return { policy: checked, out };
}

/** The word `trigger` itself, not its whole block. */
function triggerPlace(span: Span): Span {
  return { path: span.path, start: span.start, end: span.start + "trigger".length };
}

function checkHead(policy: Policy, context: PolicyContext, out: Collector) {
  const where = `policy \`${policy.name.text}\``;
  const { items, name, from } = policy;
  const texts = new Map<string, string>();
  const prose = every(items, "Prose");
  for (const item of prose) {
    const word = item.word.text;
    const first = prose.find((other) => other.word.text === word);
    if (first !== item) {
      out.report(
        "policy/repeated",
        item.span,
        { what: `\`${word}\``, where },
        first === undefined ? {} : { labels: [{ span: first.span, text: "said here first" }] },
      );
      continue;
    }
    if (item.text.value.trim() === "") out.report("policy/empty-text", item.text.span, { what: `\`${word}\`` });
    refuseSubstitutions(item.text, `\`${word}\``, out);
    texts.set(word, item.text.value);
  }
  const incomplete = isIncomplete(items) || from !== undefined;
  const riskNode = single(items, "Risk", "`risk`", where, out);
  const chosen = riskNode && choose(riskNode.level, risks, "a risk", out);
  const risk =
    chosen ??
    (riskNode === undefined && from === undefined
      ? out.assume("risk", "medium", name.span, "a policy that names no risk is of medium risk")
      : "medium");
  const review = single(items, "ReviewBy", "`review_by`", where, out);
  if (review !== undefined && context.today !== undefined) {
    const due = readDate(review.date, "`review_by`", out);
    if (due !== undefined && due < context.today) {
      out.report(risk === "high" ? "policy/review-overdue-high" : "policy/review-overdue", review.span, {
        date: review.date.raw,
      });
    }
  }
  const owner = texts.get("owner");
  if (owner === undefined && !incomplete) {
    out.report("policy/missing", name.span, {
      where,
      what: "`owner`",
      why: "Somebody must answer for it.",
      example: 'owner "team@example.com"',
    });
  }
  return { owner, description: texts.get("description"), risk };
}

function unique(
  read: readonly { readonly name: { readonly text: string; readonly span: Span }; readonly read: ReadProgram }[],
  what: string,
  out: Collector,
): CheckedProgram[] {
  const seen = new Map<string, Span>();
  const programs: CheckedProgram[] = [];
  for (const { name, read: one } of read) {
    const first = seen.get(name.text);
    if (first !== undefined) {
      out.report(
        "policy/repeated",
        name.span,
        { what: `${what.slice(0, -1)} ${name.text}\``, where: "this policy" },
        { labels: [{ span: first, text: "said here first" }] },
      );
      continue;
    }
    seen.set(name.text, name.span);
    if (one.program !== undefined) programs.push(one.program);
  }
  return programs;
}

function checkGates(nodes: readonly Gate[], scope: Scope) {
  const byName = new Map<string, Gate>();
  const spans = new Map<string, Span>();
  const programs: CheckedProgram[] = [];
  for (const node of nodes) {
    const name = node.name.text;
    const first = spans.get(name);
    if (first !== undefined) {
      duplicate(node.name.span, first, "gate", name, scope.out);
      continue;
    }
    spans.set(name, node.name.span);
    byName.set(name, node);
    const { program } = checkGate(node, scope);
    if (program !== undefined) programs.push(program);
  }
  return { byName, programs };
}
