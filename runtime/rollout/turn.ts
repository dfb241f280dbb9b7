import type { Rollout, Stage } from "../../compiler/plan/rollout.ts";
import type { Instant } from "../clock/clock.ts";
import { stageOf, stagesOf, wishOf } from "./stages.ts";
import type { Effect, Outcome, RolloutState } from "./state.ts";

/** What happened in one step, for records and reports. */
export interface Happened {
  readonly kind:
    | "entered"
    | "converged"
    | "advanced"
    | "held"
    | "cannot_conclude"
    | "paused"
    | "resumed"
    | "approved"
    | "approval_refused"
    | "promoted"
    | "watch_ended"
    | "route_changed_elsewhere"
    | "rolling_back"
    | "failed_attempt"
    | "smoke_passed"
    | "smoke_failed"
    | "ended";
  readonly stage: string;
  readonly sentence: string;
}

type Mutable = { -readonly [Key in keyof RolloutState]: RolloutState[Key] };

/** One step under way: the state being made, and what it asks for. Lives only inside `step`. */
export class Turn {
  readonly rollout: Rollout;
  readonly at: Instant;
  readonly state: Mutable;
  readonly happened: Happened[] = [];
  #effects = 0;

  constructor(rollout: Rollout, state: RolloutState, at: Instant) {
    this.rollout = rollout;
    this.at = at;
    this.state = { ...state, sequence: state.sequence + 1 };
  }

  get stage(): Stage {
    return stageOf(this.rollout, this.state);
  }

  get stages(): readonly Stage[] {
    return stagesOf(this.rollout, this.state.start);
  }

  /** Whether the challenger answers live requests, or may do so already. */
  get live(): boolean {
    const asked = this.state.effects.some(
      (effect) => effect.kind === "route" && effect.direction === "forward" && effect.wish.share > 0,
    );
    return this.state.route.share > 0 || (asked && this.smoke === undefined);
  }

  /** The smoke requests that are still to be answered: until then no route was tried. */
  get smoke(): Extract<Effect, { kind: "smoke" }> | undefined {
    return this.state.effects.find((effect) => effect.kind === "smoke");
  }

  tell(kind: Happened["kind"], sentence: string): void {
    const stage = this.state.phase === "waiting" ? "" : this.stage.name;
    this.happened.push({ kind, stage, sentence });
    this.state.because = sentence;
  }

  ask(effect: Ask): void {
    const { run } = this.state.start;
    const key = `${run}/rollout/${this.state.sequence}/${this.#effects}`;
    this.#effects += 1;
    this.state.effects = [...this.state.effects, { ...effect, key, attempts: 0, notBefore: this.at }];
  }

  drop(unwanted: (effect: Effect) => boolean): void {
    this.state.effects = this.state.effects.filter((effect) => !unwanted(effect));
  }

  end(outcome: Outcome, sentence: string): void {
    this.tell("ended", sentence);
    this.state.phase = "ended";
    this.state.outcome = outcome;
    this.state.hold = null;
  }

  /** Asks for the route of a stage, or for an approval. */
  enter(index: number): void {
    const { state } = this;
    state.stage = index;
    state.enteredAt = this.at;
    state.convergedAt = null;
    state.pausedFor = 0;
    state.hold = null;
    state.streaks = [];
    state.verdict = null;
    state.approvedBy = null;
    const stage = this.stage;
    if (stage.kind === "approval") {
      state.phase = "observing";
      state.convergedAt = this.at;
      const sentence = `stage "${stage.name}" waits for an approval by ${stage.approvers ?? "a person"}`;
      this.tell("entered", sentence);
      this.ask({ kind: "notify", event: "approval_needed", sentence });
      return;
    }
    state.phase = "entering";
    const share = `${Number((stage.share * 100).toPrecision(6))} %`;
    this.tell("entered", `stage "${stage.name}": ${stage.kind === "shadow" ? "mirror" : "traffic"} ${share} asked for`);
    const { smoke, challenger } = state.start;
    if (smoke !== undefined && state.smoked !== true && this.smoke === undefined)
      this.ask({ kind: "smoke", version: challenger, requests: smoke });
    this.ask({ kind: "route", wish: wishOf(this.rollout, stage, state), direction: "forward" });
  }
}

type WithoutHead<E> = E extends Effect ? Omit<E, "key" | "attempts" | "notBefore"> : never;
/** An effect as a step asks for it. */
export type Ask = WithoutHead<Effect>;
