import type {
  CheckedMargin,
  CheckedOnInconclusive,
  CheckedRequirement,
  CheckedRequirementItem,
  CheckedTest,
} from "../../language/semantics/checked/condition.ts";
import type { Measure, Unit } from "../../language/semantics/checked/measure.ts";
import { measureWords, owner } from "./measures.ts";
import { change, counted, number, percent, value } from "./quantities.ts";
import type { Reader } from "./reader.ts";
import { capital, type Writer } from "./sentence.ts";

const relations = {
  ">=": "at least",
  "<=": "at most",
  ">": "above",
  "<": "below",
  "==": "exactly",
  "!=": "anything but",
} as const;

/** Level of live rates and latencies that name none; the runtime's own. */
const usualConfidence = 0.95;

/** A condition as a clause: `the challenger's AUC is at least 0.60, shown with 95% confidence`. `path` is where its defaults are noted. */
export function clause(test: CheckedTest, path: string, reader: Reader): string {
  if (test.kind === "schema") {
    return "every declared column is there with its type, and only optional ones have gaps";
  }
  if (test.kind === "comparison") {
    const sure = sureness(test.left, test.confidence, path, reader);
    return `${measureWords(test.left, reader)} is ${comparisonWords(test, reader)}${sure}`;
  }
  const subject = measureWords(test.measure, reader);
  const sure = sureness(test.measure, test.confidence, path, reader);
  const { unit } = test.measure;
  if (test.kind === "change") {
    const beyond = `${test.direction === "drops" ? "dropped" : "risen"} more than ${marginWords(test.margin, unit, "the baseline")}`;
    reader.explain(
      "baseline",
      "what the champion itself scored on the rows it was promoted on, later on its first full window of live rows",
    );
    return `${subject} has ${beyond} ${test.direction === "drops" ? "below" : "above"} its baseline${sure}`;
  }
  const written = (limit: number) => limitWords(limit, test.measure);
  const asked =
    test.kind === "range"
      ? `between ${written(test.low)} and ${written(test.high)}`
      : `${relations[test.relation]} ${written(test.limit)}`;
  return `${subject} is ${asked}${sure}`;
}

export function limitWords(limit: number, measure: Measure): string {
  return value(limit, measure.unit, measure.kind === "prediction" ? measure.metric : "");
}

function comparisonWords(test: Extract<CheckedTest, { kind: "comparison" }>, reader: Reader): string {
  const { left, right, claim, margin } = test;
  const other = "party" in right ? owner(right.party) : measureWords(right, reader);
  const above = left.better === "higher";
  const margins = marginWords(margin, left.unit, `${other} value`);
  if (claim === "better") return `more than ${margins} ${above ? "above" : "below"} ${other}`;
  if (margin.value === 0) return `not ${above ? "below" : "above"} ${other}`;
  return `at most ${margins} ${above ? "below" : "above"} ${other}`;
}

function marginWords(margin: CheckedMargin, unit: Unit, of: string): string {
  return margin.kind === "relative" ? `${percent(margin.value)} (of ${of})` : change(margin.value, unit);
}

/** How sure one must be; a number that decides as it is measured says so. */
function sureness(measure: Measure, confidence: number | undefined, path: string, reader: Reader): string {
  if (measure.kind === "data" || measure.kind === "drift") return "";
  if (confidence !== undefined)
    return `, shown with ${percent(confidence)} confidence${reader.mark(`${path}.confidence`)}`;
  if (measure.kind === "live_rate" || measure.kind === "quantile") {
    return `, shown with ${percent(usualConfidence)} confidence (default)`;
  }
  const chancy = measure.kind === "prediction" || measure.kind === "evaluation";
  return chancy ? "; the measured number decides as it is" : "";
}

/** Writes the requirements of a block, one part each; a group is a part with its members inside. */
export function sayRequirements(items: readonly CheckedRequirementItem[], reader: Reader, writer: Writer): void {
  for (const item of items) {
    const line = reader.line(item.span);
    if (item.kind === "requirement") {
      writer.part(line, requirementWords(item, reader));
      const chance = equalModels(item, reader);
      if (chance !== undefined) writer.part(line, chance);
      continue;
    }
    const count = item.members.length;
    const head =
      item.atLeast === count
        ? "All of these hold"
        : `At least ${item.atLeast} of these ${count} ${item.atLeast === 1 ? "holds" : "hold"}`;
    writer.part(line, `${head}:`);
    for (const member of item.members) writer.part(reader.line(member.span), `- ${requirementWords(member, reader)}`);
  }
}

const rolesBefore = {
  require: "",
  advisory: "Recorded only, without a say in the decision: ",
  warn: "Reported only, without stopping anything: ",
} as const;

function requirementWords(requirement: CheckedRequirement, reader: Reader): string {
  const { role, forEach, minimum, clusteredBy, test, id, pool, exclude } = requirement;
  const slices = forEach === undefined ? "" : `for each \`${forEach}\` by itself, `;
  const said = clause(test, id, reader);
  const each = forEach === undefined ? "" : ` of each \`${forEach}\``;
  const fewest =
    minimum === undefined
      ? ""
      : ` It is judged on ${number(minimum.count)} ${minimum.of}${each} or more; with fewer it is undecided.`;
  const clusters =
    clusteredBy === undefined ? "" : ` Rows with the same \`${clusteredBy}\` are taken as belonging together.`;
  const text = slices + said;
  const sentence = role === "require" ? capital(text) : rolesBefore[role] + text;
  const pooled =
    pool === undefined ? "" : ` Groups with fewer than ${number(pool.count)} ${pool.of} are judged together as one.`;
  const left = (exclude ?? []).map(({ group, because }) => ` The group \`${group}\` is left out, because: ${because}.`);
  return `${sentence}.${fewest}${clusters}${pooled}${left.join("")}`;
}

/** How often two equally good versions pass a comparison in every slice; known where the number of slices is. */
function equalModels({ forEach, test }: CheckedRequirement, reader: Reader): string | undefined {
  if (forEach === undefined || test.kind !== "comparison") return undefined;
  const column = reader.judged?.columns.find(({ name }) => name === forEach);
  const { range } = column ?? {};
  const slices =
    column?.oneOf?.length ??
    (column?.type === "boolean"
      ? 2
      : column?.type === "integer" && range !== undefined
        ? range.high - range.low + 1
        : undefined);
  if (slices === undefined || slices < 2) return undefined;
  const pass = 0.8 ** slices;
  return `Mind the many slices: even where an equally good challenger passes in each of the ${slices} with 80% chance, it passes in all of them with ${percent(Number(pass.toPrecision(2)))}.`;
}

/** What happens where the answer is neither yes nor no, for a gate or `validate`. */
export function undecidedWords(action: CheckedOnInconclusive, blocked: string, mark: string): string {
  switch (action.action) {
    case "block":
      return `${blocked}${mark}`;
    case "proceed":
      return `the challenger goes on all the same${mark}, because: ${action.because}`;
    case "hold":
      return `the decision waits for ${value(action.for, "duration")}; if it is still open then, ${action.then === "block" ? blocked : "the challenger is taken back"}${mark}`;
  }
}

/** The requirements of a block once more, where one of them is not met. */
export function anyOfThem(items: readonly CheckedRequirementItem[]): string {
  return isSingle(items) ? "this" : "one of them";
}

/** What a block's requirements are called together. */
export function holdWords(items: readonly CheckedRequirementItem[]): string {
  return isSingle(items) ? "this holds" : "all of this holds";
}

/** `judged on 5,000 pairs`, for a stage's header. */
export function minimumWords(minimum: { readonly count: number; readonly of: string } | undefined): string {
  return minimum === undefined ? "" : counted(minimum.count, minimum.of.replace(/s$/u, ""));
}

function isSingle(items: readonly CheckedRequirementItem[]): boolean {
  const deciding = items.filter((item) => item.kind === "group" || item.role === "require");
  return deciding.length === 1 && deciding[0]?.kind === "requirement";
}
