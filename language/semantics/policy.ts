import type { Fix } from "../diagnostics/diagnostic.ts";
import type { Gate, Item, Policy, Rollout } from "../syntax/tree.ts";
import type { Source, Span } from "../text/source.ts";
import { duplicate } from "./blocks/dataset.ts";
import { checkFreezeToday } from "./blocks/freeze.ts";
import { checkGate, checkValidate, type ReadProgram } from "./blocks/gate.ts";
import { checkModel } from "./blocks/model.ts";
import { checkNotify } from "./blocks/notify.ts";
import { checkRollout } from "./blocks/rollout.ts";
import { checkStep } from "./blocks/step.ts";
import { checkTrigger } from "./blocks/trigger.ts";
import { checkCadence } from "./cadence.ts";
import type { CheckedProgram } from "./checked/condition.ts";
import type { CheckedBody, CheckedPolicy } from "./checked/policy.ts";
import { Collector } from "./collector.ts";
import { lintDatasets, lintWeeks } from "./data-lints.ts";
import { checkDatasets, checkMetrics, checkNames, findJudged } from "./declarations.ts";
import { lintFirstModel, lintUnused } from "./policy-lints.ts";
import { readDate } from "./quantity.ts";
import type { LinkedFile } from "./reuse/link.ts";
import { type SharedGate, type Visible, visibleIn } from "./reuse/visible.ts";
import { lintGpuBudget, lintRollbacks, needsChampion, refuseOwnOutput } from "./run-lints.ts";
import { choose, type Scope } from "./scope.ts";
import { refuseSecrets } from "./secrets.ts";
import { every, isIncomplete, single } from "./statements.ts";
import { refuseSubstitutions } from "./substitution.ts";
import { taskOf } from "./task.ts";

/** What a policy is checked with besides its own text. */
export interface PolicyContext {
  readonly source: Source;
  /** Texts that the policy's parts stand in, by path. */
  readonly sources: ReadonlyMap<string, Source>;
  /** What stands beside the policy or is imported. */
  readonly visible: Visible;
  /** Parts of the file do not parse: what seems to be missing may be in them. */
  readonly incomplete: boolean;
  /** Today as epoch milliseconds of a UTC midnight; `review_by` is only judged where it is given. */
  readonly today?: number;
}

const risks = ["low", "medium", "high"] as const;

/** A policy that was checked, with what later checks of several policies need. */
export interface PolicyCheck {
  readonly policy: CheckedPolicy;
  readonly out: Collector;
  readonly scope: Scope;
  /** Gates that are judged before the rollout. */
  readonly gates: readonly Gate[];
}

/** Checks one policy as a whole. One that is to be made from a template and could not be is checked as far as it says something itself. */
export function checkPolicy(policy: Policy, context: PolicyContext): PolicyCheck {
  const out = new Collector();
  const name = policy.name.text;
  const place = policy.name.span;
  const { items } = policy;
  const { visible } = context;
  const unmade = policy.from !== undefined;
  const incomplete = isIncomplete(items) || context.incomplete || unmade;
  const head = checkHead(policy, context, out);
  if (!unmade) {
    for (const override of every(items, "Override"))
      out.report("template/nothing-to-override", override.span, { why: "this policy is made from no template" });
  }
  const observeOnly = single(items, "ObserveOnly", "`observe only`", `policy \`${name}\``, out);
  if (observeOnly !== undefined)
    out.report("policy/observes-only", observeOnly.span, { policy: name }, { fixes: [remove(observeOnly.span)] });

  const datasets = checkDatasets([...visible.datasets, ...every(items, "Dataset")], out);
  const judged = findJudged([...datasets.values()], out);
  const task = taskOf(judged);
  const withoutMetrics: Scope = {
    out,
    datasets,
    metrics: new Map(),
    imported: visible.unresolved,
    ...(judged === undefined ? {} : { judged }),
    ...(task === undefined ? {} : { task }),
    incomplete,
  };
  const metricNodes = [...visible.metrics, ...every(items, "Metric")];
  const scope: Scope = { ...withoutMetrics, metrics: checkMetrics(metricNodes, withoutMetrics) };
  const { metrics } = scope;
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

  const ownGates = every(items, "Gate");
  const gateNodes = [...visible.gates.map(({ node }) => node), ...ownGates];
  const rolloutNode = one("Rollout", "`rollout`");
  const gates = checkGates([...visible.gates, ...ownGates.map((node) => ({ node, own: true }))], rolloutNode, scope);
  if (gateNodes.length === 0)
    need(
      "`gate`",
      "It decides whether a challenger may go on.",
      "gate offline { require challenger.auc >= 0.9 at 95% confidence }",
    );
  const around = { scope, gates: gates.byName, scopeOf: gates.scopeOf, model };
  const rollout = rolloutNode && checkRollout(rolloutNode, name, around);
  if (rolloutNode === undefined && !incomplete) out.report("policy/no-rollout", place, { policy: name });
  const notifyNode = one("Notify", "`notify`");
  const notify = notifyNode === undefined ? [] : checkNotify(notifyNode, out);
  const freezes = [...visible.freezes, ...every(items, "Freeze")].flatMap(
    (node) => checkFreezeToday(node, context.today, out) ?? [],
  );
  if (
    gateNodes.length > 0 &&
    judged === undefined &&
    !incomplete &&
    [...datasets.values()].every(
      (dataset) => !dataset.incomplete && dataset.holdout === undefined && !dataset.stated.holdout,
    )
  ) {
    if (datasets.size > 0)
      out.report("dataset/no-holdout", gateNodes[0]?.name.span ?? place, {
        gate: `gate \`${gateNodes[0]?.name.text ?? ""}\``,
      });
  }
  if (model?.firstModel.kind === "absolute_gates_only" && !out.hasErrors) lintFirstModel(gates.programs, out);
  if (trigger !== undefined && triggerNode !== undefined) {
    const budget = every(triggerNode.statements, "Budget")[0]?.span;
    const cooldown = every(triggerNode.statements, "Cooldown")[0]?.span;
    const where = {
      trigger: triggerPlace(triggerNode.span),
      ...(budget === undefined ? {} : { budget }),
      ...(cooldown === undefined ? {} : { cooldown }),
    };
    checkCadence(trigger, rollout, gates.programs, where, out);
    if (!out.hasErrors && needsChampion(trigger, [...datasets.values()]))
      out.report("trigger/needs-champion", where.trigger, { policy: name });
    const checkedSteps = [train, evaluate].filter((one) => one !== undefined);
    if (checkedSteps.length === 2) lintGpuBudget(trigger, checkedSteps, budget ?? where.trigger, out);
    const sources = new Map(
      [...visible.datasets, ...every(items, "Dataset")].flatMap((node) =>
        every(node.statements, "DataSource").map((source) => [node.name.text, source.uri] as const),
      ),
    );
    const told = notify.filter(({ channel }) => channel === "webhook").flatMap(({ events }) => events);
    refuseOwnOutput(triggerNode, sources, steps, new Set<string>(told), out);
  }
  lintDatasets([...datasets.values()], judged, task === "binary", out);
  lintWeeks([...datasets.values()], trigger, validate, out);
  if (rollout !== undefined) lintRollbacks(gates.programs, rollout, out);
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
    sources: context.sources,
    ...head.prose,
    risk: head.risk,
    ...(head.reviewBy === undefined ? {} : { reviewBy: head.reviewBy }),
    ...(body === undefined ? {} : { body }),
    datasets: [...datasets.values()],
    metrics: [...metrics.values()],
    validate: observeOnly === undefined ? validate : validate.map(observed),
    gates: observeOnly === undefined ? gates.programs : gates.programs.map(observed),
    ...(rollout === undefined ? {} : { rollout }),
    notify,
    freezes,
    scenarios: [],
    defaults: out.defaults,
    broken: out.hasErrors || incomplete,
  };
  return { policy: checked, out, scope, gates: gates.offline };
}

function remove(span: Span): Fix {
  return { label: "remove it", edits: [{ span, text: "" }] };
}

/** `observe only` of a whole policy: what is required is recorded, and the run goes on whatever was found. */
function observed(program: CheckedProgram): CheckedProgram {
  return { ...program, observeOnly: true };
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
    refuseSecrets(item.text, `\`${word}\``, out);
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
  const reviewBy = review && readDate(review.date, "`review_by`", out);
  if (review !== undefined && reviewBy !== undefined && context.today !== undefined && reviewBy < context.today) {
    out.report(risk === "high" ? "policy/review-overdue-high" : "policy/review-overdue", review.span, {
      date: review.date.raw,
    });
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
  const keys = {
    description: "description",
    intendedUse: "intended_use",
    outOfScope: "out_of_scope",
    notMeasured: "not_measured",
  } as const;
  const written: Partial<Record<keyof typeof keys, string>> = {};
  for (const [key, word] of Object.entries(keys) as [keyof typeof keys, string][]) {
    const text = texts.get(word);
    if (text !== undefined) written[key] = text;
  }
  return { owner, prose: written, risk, ...(reviewBy === undefined ? {} : { reviewBy }) };
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

/** A gate of the policy itself (`own`), or one that stands beside it or is imported. */
interface GateToCheck extends SharedGate {
  readonly own?: boolean;
}

/**
 * Checks the gates that a challenger must pass before the rollout: those of the policy, and of those beside it or imported the
 * ones that no stage uses. A gate that a stage uses is judged there.
 */
function checkGates(nodes: readonly GateToCheck[], rollout: Rollout | undefined, scope: Scope) {
  const byName = new Map<string, Gate>();
  const scopes = new Map<string, Scope>();
  const spans = new Map<string, Span>();
  const programs: CheckedProgram[] = [];
  const offline: Gate[] = [];
  const stages = rollout === undefined ? [] : every(rollout.statements, "Stage");
  const used = new Set(stages.flatMap((stage) => every(stage.statements, "Use").map((use) => use.name.text)));
  for (const { node, home, own } of nodes) {
    const name = node.name.text;
    const first = spans.get(name);
    if (first !== undefined) {
      duplicate(node.name.span, first, "gate", name, scope.out);
      continue;
    }
    spans.set(name, node.name.span);
    byName.set(name, node);
    const there = home === undefined ? scope : scopeOfHome(home, scope);
    scopes.set(name, there);
    if (own !== true && used.has(name)) continue;
    offline.push(node);
    const { program } = checkGate(node, there);
    if (program !== undefined) programs.push(program);
  }
  return { byName, programs, offline, scopeOf: (name: string) => scopes.get(name) ?? scope };
}

/** What names mean in an imported gate: metrics and datasets are those of its own file, columns those of the rows that the policy judges. */
function scopeOfHome(home: LinkedFile, scope: Scope): Scope {
  const visible = visibleIn(home);
  // What is wrong in that file is told when the file itself is checked.
  const silent = new Collector();
  const datasets = checkDatasets(visible.datasets, silent);
  if (scope.judged !== undefined) datasets.set(scope.judged.name, scope.judged);
  const inside = { ...scope, imported: visible.unresolved, datasets };
  return { ...inside, metrics: checkMetrics(visible.metrics, { ...inside, out: silent, metrics: new Map() }) };
}
