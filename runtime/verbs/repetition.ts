import type { ComparisonTest, Program } from "../../compiler/plan/condition.ts";
import type { RunContext } from "../engine/context.ts";
import { readHistory } from "../engine/history.ts";
import { bodyOf, keys } from "../engine/run-records.ts";
import type { Context } from "../judge/context.ts";
import type { Finding } from "../judge/finding.ts";
import { judge } from "../judge/judge.ts";
import type { ScoredRows, Unanswered } from "../judge/observation.ts";
import { styleOf } from "../judge/quantity.ts";
import type { DecisionBody } from "../report/decision-body.ts";
import { requirementsOf } from "./record-decision.ts";

/**
 * What repeated tries do to a gate, for the record and the reader: which try since the last promotion this is, what the comparisons would say at the level
 * alpha 2/(a (a + 1)) of try a, which keeps all tries together at alpha, and how far the gate's metric has slid over the promotions so far.
 */
export async function repetition(
  context: RunContext,
  program: Program,
  findings: readonly Finding[],
  rows: ScoredRows | Unanswered,
  judging: Context,
): Promise<Record<string, string | number>> {
  const { engine, run } = context;
  const history = await readHistory(engine.ledger, engine.chain);
  const attempt = history.find((one) => one.run === run)?.started.attempt ?? 1;
  const facts: Record<string, string | number> = { "try since the last promotion": attempt };
  const promoted = history.filter((one) => one.run !== run && one.rollout?.promotedAt != null);
  for (const requirement of requirementsOf(program)) {
    const { test } = requirement;
    if (test.kind !== "comparison" || requirement.role !== "require") continue;
    if (attempt > 1) {
      const stricter = judge({ ...requirement, test: atAttempt(test, attempt) }, rows, judging);
      facts[`at the level of try ${attempt}: ${requirement.text}`] = stricter.verdict;
    }
    const own = findings.find((finding) => finding.requirement === requirement.id)?.estimate;
    if (own === undefined) continue;
    let slide = own;
    for (const one of promoted) slide += (await estimateOf(context, one.run, program.id, requirement.id)) ?? 0;
    facts[`change summed over promotions: ${requirement.text}`] = styleOf(test.left).change(slide);
  }
  return facts;
}

function atAttempt(test: ComparisonTest, attempt: number): ComparisonTest {
  return { ...test, confidence: 1 - ((1 - test.confidence) * 2) / (attempt * (attempt + 1)) };
}

async function estimateOf(
  context: RunContext,
  run: string,
  program: string,
  requirement: string,
): Promise<number | undefined> {
  const { engine } = context;
  const record = await engine.ledger.find(engine.chain, keys.decision(run, program));
  if (record === undefined) return undefined;
  const findings = bodyOf<DecisionBody>(record).decision.findings.flatMap((entry) =>
    "group" in entry ? entry.members : [entry],
  );
  return findings.find((finding) => finding.requirement === requirement)?.estimate;
}
