import type { Program, Requirement } from "../../compiler/plan/condition.ts";
import type { RunContext } from "../engine/context.ts";
import { keys } from "../engine/run-records.ts";
import { decide } from "../judge/decide.ts";
import type { Decision, Finding } from "../judge/finding.ts";
import type { DecisionBody } from "../report/decision-body.ts";

/** All requirements of a program, members of groups among them. */
export function requirementsOf(program: Pick<Program, "requirements">): readonly Requirement[] {
  return program.requirements.flatMap((entry) => (entry.kind === "group" ? entry.members : [entry]));
}

/** Combines findings and writes the decision with everything it rests on; deciding again under the same name returns what was decided. */
export async function recordDecision(
  context: RunContext,
  node: string,
  program: Program,
  findings: readonly Finding[],
  inputs: DecisionBody["inputs"],
  name = program.id,
): Promise<Decision> {
  const { engine, run, lease } = context;
  const decision = decide(program, findings);
  const { policy } = engine.plan;
  const body: DecisionBody = {
    node,
    decision,
    inputs,
    policy: { name: policy.name, digest: policy.digest },
    runtime: engine.program,
  };
  const entry = {
    chain: engine.chain,
    key: keys.decision(run, name),
    kind: "decision",
    run,
    at: engine.clock.now(),
    body,
  } as const;
  const { record } = await engine.ledger.append(entry, lease);
  return (record.body as DecisionBody).decision;
}

/** The word of a decision on its node's edge: `observe only` lets everything pass, and `proceed` passes what has no answer, by the policy's own written reason. */
export function wordOf(program: Program, decision: Decision): { readonly word: string; readonly sentence: string } {
  const { verdict, sentence } = decision;
  if (program.observeOnly) return { word: "pass", sentence: `observed only: ${sentence}` };
  if (verdict === "inconclusive" && program.onInconclusive.action === "proceed") {
    return { word: "pass", sentence: `${sentence}; proceeds all the same because ${program.onInconclusive.because}` };
  }
  return { word: verdict, sentence: withEvidence(decision) };
}

/** The sentence of a decision; a pass with the numbers of what was required, slices aside. */
export function withEvidence(decision: Decision): string {
  if (decision.verdict !== "pass") return decision.sentence;
  const sentences = decision.findings
    .flatMap((entry) => ("group" in entry ? entry.members : [entry]))
    .filter((finding) => finding.role === "require" && finding.verdict === "pass" && finding.slices === undefined)
    .map((finding) => finding.sentence);
  return sentences.length === 0 ? decision.sentence : `${decision.sentence}: ${sentences.join("; ")}`;
}
