import { written } from "../triggers/sentence.ts";
import type { Turn } from "./turn.ts";

/** Longest time from the decision to go back until the route is set back and the challenger answers nobody: 15 minutes, or three checks where these are longer. */
export function verifyWithin(check: number): number {
  return Math.max(15 * 60_000, 3 * check);
}

/** Longest time without a single request to see the way back in: 6 hours. Nobody is served meanwhile, so nobody is harmed by waiting. */
export const SILENCE = 6 * 60 * 60_000;

/**
 * Takes the challenger out of every route, back to the pinned target. Where it answered live requests the way back is verified by observed traffic
 * and the end is `rolled_back` (or what `outcome` says); where it did not, mirroring stops and the challenger is refused.
 */
export function takeBack(
  turn: Turn,
  why: { readonly because: string; readonly outcome: "rolled_back" | "refused" | "aborted"; readonly to?: string },
): void {
  const { state } = turn;
  const verify = turn.live || state.promotedAt !== null || state.rollback?.verify === true;
  const asked = state.effects.some((effect) => effect.kind === "route") && turn.smoke === undefined;
  const touched = verify || state.route.mirror > 0 || asked;
  const outcome = why.outcome === "rolled_back" && !verify ? "refused" : why.outcome;
  const aliasAsked = state.effects.some((effect) => effect.kind === "alias" && effect.name === "champion");
  const to = why.to ?? state.start.champion;
  turn.drop((effect) => effect.kind !== "notify");
  state.hold = null;
  state.rollback = { since: turn.at, because: why.because, outcome, to, verify, restoredAt: null };
  if (!touched) {
    finishTakingBack(turn);
    return;
  }
  turn.tell("rolling_back", why.because);
  state.phase = "rolling_back";
  turn.ask({ kind: "route", wish: { champion: to, challenger: null, share: 0, mirror: 0 }, direction: "back" });
  if (aliasAsked || state.promotedAt !== null || to !== state.start.champion) {
    const from = aliasAsked || state.promotedAt !== null ? state.start.challenger : state.start.champion;
    turn.ask({ kind: "alias", name: "champion", from, to, direction: "back" });
  }
}

/** The route is back, and seen to be back where that was asked. */
export function finishTakingBack(turn: Turn): void {
  const { state } = turn;
  const rollback = state.rollback;
  if (rollback === null) throw new Error(`run ${state.start.run} finishes a rollback that it never began`);
  const { challenger } = state.start;
  const now = rollback.to === null ? "no model is in service" : `version ${rollback.to} serves`;
  const sentences = {
    rolled_back: `version ${challenger} was rolled back: ${rollback.because}; ${now}`,
    refused: `version ${challenger} was refused: ${rollback.because}; ${now}`,
    aborted: `the rollout of version ${challenger} was ended: ${rollback.because}; ${now}`,
  };
  const sentence = sentences[rollback.outcome];
  turn.end(rollback.outcome, sentence);
  turn.ask({ kind: "alias", name: "challenger", from: challenger, to: null, direction: "settle" });
  turn.ask({ kind: "notify", event: rollback.outcome === "rolled_back" ? "rolled_back" : "refused", sentence });
}

/** Going back could not be verified in time: a person is needed. */
export function failTakingBack(turn: Turn, detail: string): void {
  const { state } = turn;
  const since = state.rollback?.since ?? turn.at;
  turn.drop((effect) => effect.kind !== "notify");
  const sentence = `version ${state.start.challenger} could not be rolled back since ${written(since)}: ${detail}; look at the route now, then repeat with \`retrain rollback\``;
  turn.end("rollback_failed", sentence);
  turn.ask({ kind: "notify", event: "rollback_failed", sentence });
}

/** The alias names the challenger and 100 % was observed: it is the champion now. */
export function promoted(turn: Turn): void {
  const { state } = turn;
  state.phase = "watching";
  state.promotedAt = turn.at;
  state.hold = null;
  const sentence = `version ${state.start.challenger} is promoted: it answers every request and is the champion`;
  turn.tell("promoted", sentence);
  turn.ask({ kind: "notify", event: "promoted", sentence });
}

/** The watch is over: the run ends, the old champion is kept ready as long as the policy says. */
export function endWatch(turn: Turn, sentence: string): void {
  const { state } = turn;
  state.hold = null;
  turn.tell("watch_ended", sentence);
  if (keepUntil(turn) > turn.at) {
    state.phase = "keeping";
    return;
  }
  endKeep(turn, "the watch is over");
}

/** When the old champion is let go; the past where none is kept. */
export function keepUntil(turn: Turn): number {
  const { promotedAt, start } = turn.state;
  const keep = turn.stage.keepChampion;
  return promotedAt === null || keep === undefined || start.champion === null ? 0 : promotedAt + keep;
}

/** Lets the old champion go. A later run that takes over sets the route itself. */
export function endKeep(turn: Turn, why: string, takenOver = false): void {
  const { challenger } = turn.state.start;
  turn.drop((effect) => effect.kind !== "notify");
  turn.end("promoted", `version ${challenger} stays the champion: ${why}`);
  if (takenOver) return;
  turn.ask({
    kind: "route",
    wish: { champion: challenger, challenger: null, share: 0, mirror: 0 },
    direction: "settle",
  });
  turn.ask({ kind: "alias", name: "challenger", from: challenger, to: null, direction: "settle" });
}
