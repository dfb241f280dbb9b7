import { suggest } from "../../diagnostics/suggest.ts";
import { value as literalText, operand as operandText } from "../../format/print-values.ts";
import type { AtInstant, ExpectRun, ExpectVerdict, Given, Operand, Range, Scenario } from "../../syntax/tree.ts";
import type { CheckedRequirement, CheckedRequirementItem, CheckedTest } from "../checked/condition.ts";
import type { Measure } from "../checked/measure.ts";
import type { CheckedPolicy } from "../checked/policy.ts";
import type { CheckedExpectation, CheckedGiven, CheckedScenario } from "../checked/scenario.ts";
import { Collector } from "../collector.ts";
import { sameMeasure } from "../condition.ts";
import { readLimit } from "../limit.ts";
import { resolve } from "../operand.ts";
import { readCount, readDuration } from "../quantity.ts";
import { choose, type Scope, unknown } from "../scope.ts";
import type { Resolved, Site } from "../site.ts";
import { every, isIncomplete } from "../statements.ts";
import { duration } from "../wording.ts";
import { nounsOf } from "./requirement.ts";
import { singleCauses } from "./trigger.ts";

/** A policy that a scenario is about, with the names of its declarations. `scope.out` is not reported to. */
export interface ScenarioSubject {
  readonly policy: CheckedPolicy;
  readonly scope: Scope;
}

const causeKinds = ["schedule", "data", "drift", "decay", "event"] as const;

/** Checks `scenario "..." for POLICY { }`: what it says must be something that the policy reads, and what it expects something that can happen. */
export function checkScenario(node: Scenario, subject: ScenarioSubject, out: Collector): CheckedScenario | undefined {
  const scope: Scope = { ...subject.scope, out };
  const { policy } = subject;
  if (node.title.value.trim() === "") out.report("policy/empty-text", node.title.span, { what: "a scenario's title" });
  const given: CheckedGiven[] = [];
  const said = new Map<string, Given | AtInstant>();
  let predictions: string | undefined;
  for (const statement of node.statements) {
    if (statement.kind !== "Given" && statement.kind !== "AtInstant") continue;
    const text = operandText(statement.operand);
    const at = statement.kind === "AtInstant" ? readInstant(statement, policy, out) : undefined;
    const key = `${at ?? ""} ${text}`;
    const first = said.get(key);
    if (first !== undefined) {
      const labels = [{ span: first.span, text: "said here first" }];
      out.report("policy/repeated", statement.span, { what: `\`${text}\``, where: "this scenario" }, { labels });
      continue;
    }
    said.set(key, statement);
    if (statement.kind === "Given" && text === "predictions") {
      if (statement.value.kind === "Text" && statement.value.value.trim() !== "") predictions = statement.value.value;
      else {
        out.report("type/arguments", statement.value.span, {
          name: "predictions",
          takes: "the path of a predictions file",
          found: `\`${literalText(statement.value)}\``,
          example: 'given predictions = "fixtures/a.parquet"',
        });
      }
      continue;
    }
    const read = readGiven(statement, at, policy, scope);
    if (read !== undefined) given.push(read);
  }
  const expectations = readExpectations(node, policy, scope);
  if (expectations.length === 0 && !out.hasErrors && !isIncomplete(node.statements)) {
    out.report("scenario/expects-nothing", node.title.span, { title: node.title.value });
  }
  if (out.hasErrors) return undefined;
  return {
    title: node.title.value,
    given,
    ...(predictions === undefined ? {} : { predictions }),
    expectations,
    span: node.title.span,
  };
}

/** An instant at which the policy looks: its conditions are evaluated at multiples of `check` and never between. */
function readInstant(node: AtInstant | ExpectRun, policy: CheckedPolicy, out: Collector): number | undefined {
  const at = readDuration(node.at, "an instant of a scenario", out, "zero");
  const check = policy.body?.trigger.check;
  if (at === undefined || check === undefined || at % check === 0) return at;
  return out.report("scenario/between-checks", node.at.span, { at: duration(at), check: duration(check) });
}

function readGiven(
  node: Given | AtInstant,
  at: number | undefined,
  policy: CheckedPolicy,
  scope: Scope,
): CheckedGiven | undefined {
  const { out } = scope;
  const measured = resolveAnywhere(node.operand, policy, scope);
  if (measured === undefined) return undefined;
  const text = operandText(node.operand);
  if (policy.body !== undefined && !policy.broken && !isRead(measured.measure, policy)) {
    out.report("scenario/not-read", node.operand.span, { text, policy: policy.name });
  }
  const value = readLimit(node.value, measured, out);
  const over = node.kind === "Given" ? node.over : undefined;
  const count = over && readCount(over.count, "`over`", out);
  const nouns = nounsOf(measured);
  const noun = nouns.find((one) => one === over?.noun.text);
  if (over !== undefined && noun === undefined) {
    out.report("type/qualifier", over.noun.span, {
      qualifier: `over ... ${over.noun.text}`,
      why: `\`${text}\` is measured on ${nouns.join(", ")}`,
    });
  }
  const interval =
    node.kind === "Given" && node.interval ? readInterval(node.interval, value, measured, out) : undefined;
  if (value === undefined) return undefined;
  return {
    measure: measured.measure,
    text,
    value,
    ...(count === undefined || noun === undefined ? {} : { over: { count, of: noun } }),
    ...(interval === undefined ? {} : { interval }),
    ...(at === undefined ? {} : { at }),
    span: node.span,
  };
}

/** An interval of the value itself, or in points one of the difference to what it is compared with. */
function readInterval(range: Range, value: number | undefined, measured: Resolved, out: Collector) {
  const { low, high } = range;
  if (low.kind === "Name" || high.kind === "Name") return undefined;
  const points = low.unit === "points" && high.unit === "points" && measured.measure.unit === "ratio";
  const from = points ? low.value : readLimit(low, measured, out);
  const to = points ? high.value : readLimit(high, measured, out);
  if (from === undefined || to === undefined) return undefined;
  if (from > to) return out.report("policy/range-upside-down", range.span, { low: low.raw, high: high.raw });
  if (!points && value !== undefined && (value < from || value > to)) {
    return out.report("scenario/interval-without-value", range.span, {
      measure: measured.text,
      interval: `${low.raw}..${high.raw}`,
    });
  }
  return { low: from, high: to };
}

/** What an operand means in the first place of the policy where it means something. Reports what the likeliest place says where it means nothing. */
function resolveAnywhere(operand: Operand, policy: CheckedPolicy, scope: Scope): Resolved | undefined {
  const judged = scope.judged === undefined ? {} : { dataset: scope.judged };
  const version = operand.path.length === 2;
  const sites: Site[] = [
    { place: "gate", ...judged },
    { place: "live", ...judged },
    { place: "shadow", ...judged },
    { place: "drift" },
    { place: "decay", party: "champion", ...judged },
    ...[...scope.datasets.values()].map((dataset): Site => ({ place: "validate", dataset })),
  ];
  const found = sites.flatMap((site) => {
    const measured = resolve(operand, site, { ...scope, out: new Collector() });
    return measured === undefined ? [] : [measured];
  });
  const read = found.find(({ measure }) => isRead(measure, policy)) ?? found[0];
  if (read !== undefined) return read;
  const likeliest = version || operand.arguments === undefined ? sites[0] : sites[3];
  if (likeliest !== undefined) resolve(operand, likeliest, scope);
  return undefined;
}

function measuresOf(test: CheckedTest): readonly Measure[] {
  if (test.kind === "schema") return [];
  return test.kind === "comparison" ? [test.left, test.right] : [test.measure];
}

function requirementsOf(items: readonly CheckedRequirementItem[]): readonly CheckedRequirement[] {
  return items.flatMap((item) => (item.kind === "group" ? item.members : [item]));
}

/** Whether some condition of the policy reads a measure. */
function isRead(measure: Measure, policy: CheckedPolicy): boolean {
  const { validate, gates, rollout, body } = policy;
  const items = [...validate, ...gates, ...(rollout?.stages ?? [])].flatMap(({ requirements }) => requirements);
  const causes = body === undefined ? [] : singleCauses(body.trigger);
  const tests = [
    ...requirementsOf(items).map(({ test }) => test),
    ...(rollout?.rollbackWhen ?? []).map(({ test }) => test),
    ...causes.flatMap((cause) => (cause.kind === "drift" || cause.kind === "decay" ? [cause.test] : [])),
  ];
  return tests.some((test) => measuresOf(test).some((one) => sameMeasure(one, measure)));
}

function readExpectations(node: Scenario, policy: CheckedPolicy, scope: Scope): CheckedExpectation[] {
  const { out } = scope;
  const verdicts = every(node.statements, "ExpectVerdict").map((expect) => readVerdict(expect, policy, scope));
  const runs = every(node.statements, "ExpectRun").map((expect): CheckedExpectation | undefined => {
    const at = readInstant(expect, policy, out);
    const because = expect.because && choose(expect.because, causeKinds, "a kind of cause", out);
    const kinds = policy.body === undefined ? undefined : singleCauses(policy.body.trigger).map(({ kind }) => kind);
    if (expect.because !== undefined && because !== undefined && kinds?.includes(because) === false) {
      return out.report("scenario/no-such-cause", expect.because.span, {
        kind: because,
        policy: policy.name,
        kinds: [...new Set(kinds)],
      });
    }
    if (at === undefined) return undefined;
    return { kind: "run", at, ...(because === undefined ? {} : { because }), span: expect.span };
  });
  const counts = every(node.statements, "ExpectRuns").map((expect): CheckedExpectation | undefined => {
    const count = readCount(expect.count, "`runs`", out, 0);
    return count === undefined ? undefined : { kind: "runs", count, span: expect.span };
  });
  return [...verdicts, ...runs, ...counts].filter((one): one is CheckedExpectation => one !== undefined);
}

function readVerdict(node: ExpectVerdict, policy: CheckedPolicy, scope: Scope): CheckedExpectation | undefined {
  const { out } = scope;
  const subject = node.subject.text;
  const programs = subject === "gate" ? policy.gates : (policy.rollout?.stages ?? []);
  const name = node.name.text;
  const program = programs.find((one) => one.name === name);
  if (program === undefined) {
    if (scope.incomplete || policy.broken) return undefined;
    const known = programs.map((one) => one.name);
    return unknown(node.name, known, (suggestion, fixes) =>
      out.report(
        "scenario/unknown-subject",
        node.name.span,
        { subject, name, policy: policy.name, suggestion, known },
        { fixes },
      ),
    );
  }
  const verdict = ({ passes: "pass", fails: "fail", "is inconclusive": "inconclusive" } as const)[node.verdict.text];
  const { because } = node;
  if (because === undefined) return { kind: "verdict", subject, name, verdict, span: node.span };
  if (verdict === "pass") {
    const why = "all requirements hold where it passes, so none of them decides";
    return out.report("type/qualifier", because.span, { qualifier: "because", why });
  }
  const texts = requirementsOf(program.requirements).map(({ text }) => text);
  if (texts.includes(because.value)) {
    return { kind: "verdict", subject, name, verdict, because: because.value, span: node.span };
  }
  const written = because.value.trim();
  const suggestion =
    texts.find((text) => text.startsWith(written) || written.startsWith(text)) ?? suggest(written, texts);
  return out.report(
    "scenario/unmatched-reason",
    because.span,
    { written, subject: `${subject} \`${name}\``, suggestion, texts },
    suggestion === undefined
      ? {}
      : {
          fixes: [
            {
              label: `write \`${JSON.stringify(suggestion)}\``,
              edits: [{ span: because.span, text: JSON.stringify(suggestion) }],
            },
          ],
        },
  );
}
