import type { PolicyStatus, RolloutStatus } from "./policy-status.ts";
import type { Session } from "./session.ts";
import { counted } from "./tally.ts";
import type { Style } from "./terminal.ts";
import { instantText, wrapAfter } from "./wrap.ts";

interface Clock {
  readonly kind: "real" | "rehearsal";
  readonly at: string;
}

/** Columns of the names before the values. */
const HEAD = 14;

/** The state of policies for a terminal. */
export function statusText(
  session: Session,
  environment: string,
  clock: Clock,
  policies: readonly (PolicyStatus & { readonly nextTick: string | null })[],
): string {
  const { paint, columns } = session;
  const line = (name: string, text: string) =>
    wrapAfter(`  ${paint("dim", name.padEnd(HEAD - 2))}`, HEAD, text, columns);
  const lines = [
    `environment ${environment}, ${clock.kind === "real" ? "now" : "rehearsal clock at"} ${short(clock.at)}`,
  ];
  if (policies.length === 0) lines.push("  no policy has a record yet");
  for (const one of policies) {
    const champion =
      one.champion === null ? "none yet" : `version ${one.champion.version} since ${short(one.champion.since)}`;
    lines.push("", paint("bold", one.policy), line("champion", champion));
    if (one.run !== null) {
      const at = one.run.node === null ? "" : `, at ${one.run.node}`;
      lines.push(line("run", `${one.run.run} since ${short(one.run.since)}${at}`));
      lines.push(line("because", one.run.because));
      if (one.run.rollout !== null) lines.push(...rolloutLines(one.run.rollout, line));
    } else lines.push(line("run", "none under way"));
    if (one.keeping !== null) {
      lines.push(line("keeping", `the champion before ${one.keeping.run}; its rollback conditions are still judged`));
    }
    if (one.lastRun !== null) {
      const { outcome, run, at, sentence } = one.lastRun;
      const word = paint(styleOf(outcome), outcome.replaceAll("_", " "));
      lines.push(line("last run", `${run}: ${word} ${short(at)}`), line("", sentence));
    }
    for (const episode of one.episodes) {
      const served = episode.served ? "carried by a run" : "waiting";
      lines.push(line("cause", `${episode.cause}: ${served} since ${short(episode.since)}`));
    }
    if (one.freeze !== null) {
      const what = one.freeze.scope === "all" ? "no run starts, no rollout moves on" : "no rollout moves on";
      lines.push(line("freeze", `until ${short(one.freeze.until)} (${one.freeze.because}): ${what}`));
    }
    if (one.breaker !== null) {
      lines.push(
        line("breaker", `${paint("red", "open")} until ${short(one.breaker.openUntil)}: no run starts before`),
      );
    }
    lines.push(line("next tick", one.nextTick === null ? "unknown: the policy does not compile" : short(one.nextTick)));
    lines.push(line("ledger", counted(one.records, "record")));
  }
  return lines.join("\n");
}

function rolloutLines(rollout: RolloutStatus, line: (name: string, text: string) => string): string[] {
  const stage = rollout.stage === null ? "" : `stage ${rollout.stage}, `;
  const share = `${percent(rollout.share)} of traffic to version ${rollout.challenger}`;
  const mirror = rollout.mirror > 0 ? `, ${percent(rollout.mirror)} mirrored` : "";
  const held = rollout.heldBy === null ? [] : [line("held", `by ${rollout.heldBy}`)];
  const look = rollout.nextLook === null ? [] : [line("next look", short(rollout.nextLook))];
  return [
    line("rollout", `${stage}${rollout.phase.replaceAll("_", " ")}, ${share}${mirror}`),
    line("", rollout.because),
    ...held,
    ...look,
  ];
}

function styleOf(outcome: string): Style {
  if (outcome === "promoted" || outcome === "registered") return "green";
  return outcome === "failed" || outcome === "rollback_failed" || outcome === "rolled_back" ? "red" : "yellow";
}

function short(iso: string): string {
  return instantText(Date.parse(iso));
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}
