import { error, warning } from "./entry.ts";
import { oneOf } from "./name.ts";

/** What a repository asks of every policy in it. */
export const guardrail = {
  "guardrail/missing": error(
    (p: { what: string; guardrail: string }) => `${p.what}, and guardrail \`${p.guardrail}\` asks for it`,
    (p: { what: string; guardrail: string; rule: string; risk: string }) =>
      `\`${p.rule}\` holds for ${p.risk}. Add it to the policy, or change the guardrail with those who own it.`,
  ),
  "guardrail/limit": error(
    (p: { what: string; limit: string; guardrail: string }) =>
      `${p.what}, and guardrail \`${p.guardrail}\` allows ${p.limit}`,
    (p: { what: string; limit: string; guardrail: string; policy: string; risk: string }) =>
      `The limit holds for ${p.risk}, so \`${p.policy}\` must keep it. Change the policy, or the guardrail with those who own it.`,
  ),
  "guardrail/proceeds": error(
    (p: { guardrail: string; policy: string }) =>
      `\`${p.policy}\` goes on without an answer, and guardrail \`${p.guardrail}\` forbids that`,
    () => "Write `block`, or `hold` with what happens when no answer comes.",
  ),
  "guardrail/unknown-stage": warning(
    (p: { name: string; suggestion: string | undefined }) =>
      `no policy that this guardrail holds for has a stage \`${p.name}\`${p.suggestion === undefined ? "" : `, did you mean \`${p.suggestion}\`?`}`,
    (p: { name: string; suggestion: string | undefined; known: readonly string[] }) =>
      `Stages of these policies are ${oneOf(p.known)}. \`first\` means the first stage with live traffic.`,
  ),
} as const;
