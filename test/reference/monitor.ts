import type { Cause, Monitor, SingleCause } from "../../compiler/plan/monitor.ts";
import type { RunFact, TickInput } from "../../runtime/triggers/input.ts";
import { kleene, type Measured, measured, type Truth } from "./condition.ts";
import { happenings, promotedAt, standing } from "./runs.ts";
import type { Nominal } from "./schedule.ts";

/** An episode as the reference names it: its cause and either the instant's own name or the tick that opened it. */
interface Asking {
  readonly cause: string;
  readonly identity: string;
  readonly openedAt: number;
  readonly instant: boolean;
  readonly attempt: number;
  readonly waits: boolean;
}

export interface Reason {
  readonly name: string;
  readonly detail: string;
  readonly until: number | undefined;
}

/** What the reference decided at a tick. With the inputs it is all that later ticks look back at. */
export interface Told {
  readonly kind: "fire" | "suppressed" | "quiet";
  readonly causes: readonly Asking[];
  readonly reasons: readonly Reason[];
  readonly changed: boolean;
  readonly replaces: string | undefined;
  /** Key under which the run was started; given by whoever starts it. */
  readonly key: string | undefined;
  /** Episodes left to a run by `queue skip`. */
  readonly skipped: { readonly run: string; readonly identities: readonly string[] } | undefined;
  readonly signatures: ReadonlyMap<string, string>;
  readonly notes: readonly string[];
  readonly next: number;
}

/** Scheduled instants of a cause over the whole history. */
export type Calendar = (cron: string, zone: string) => readonly Nominal[];

interface Standing {
  readonly truth: Truth;
  readonly over: boolean;
  readonly since: number;
}

interface Moment {
  readonly name: string;
  readonly at: number;
  readonly counts: boolean;
  readonly late: boolean;
  /** Tick that saw it first. */
  readonly seen: number;
}

/**
 * A monitor that remembers nothing: each tick is answered from every input and every answer since the monitor began. Slow on purpose, so that a fault in
 * kept state cannot hide. (What the last tick but one meant is looked up instead of worked out again; it cannot change.)
 */
export class ReferenceMonitor {
  readonly #monitor: Monitor;
  readonly #calendar: Calendar;
  readonly inputs: TickInput[] = [];
  readonly told: Told[] = [];
  readonly #standings = new Map<string, Standing>();

  constructor(monitor: Monitor, calendar: Calendar) {
    this.#monitor = monitor;
    this.#calendar = calendar;
  }

  /** Answers a tick and keeps it. `key` names the run that a firing starts. */
  tick(input: TickInput, key: string | undefined): Told {
    const told = { ...this.#answer(input), key };
    this.told.push(told);
    return told;
  }

  /** What a tick would say, without keeping it. */
  peek(input: TickInput): Told {
    const told = this.#answer(input);
    this.inputs.pop();
    for (const key of this.#standings.keys()) {
      if (key.endsWith(`#${this.inputs.length}`)) this.#standings.delete(key);
    }
    return told;
  }

  #answer(input: TickInput): Told {
    this.inputs.push(input);
    const monitor = this.#monitor;
    const now = this.inputs.length - 1;
    const asking = monitor.causes.flatMap((cause) => this.#asking(cause, now));
    const running = input.running;
    const notes = this.#notes(now);
    const blank = {
      causes: [],
      reasons: [],
      changed: false,
      replaces: undefined,
      key: undefined,
      skipped: undefined,
      signatures: new Map<string, string>(),
      notes,
    };
    const due = (untils: readonly (number | undefined)[]) => this.#nextDue(input.now, untils);
    if (asking.length === 0) return { ...blank, kind: "quiet", next: due([]) };
    if (monitor.queue === "skip" && running !== undefined) {
      const skipped = { run: running.run, identities: asking.map((one) => one.identity) };
      return { ...blank, kind: "quiet", skipped, next: due([]) };
    }
    const free = asking.filter((one) => !one.waits);
    const reasons = this.#reasons(input, free);
    if (free.length > 0 && reasons.length === 0) {
      const order = monitor.causes.map((cause) => cause.id);
      const taken = running === undefined ? [] : this.#carriedBy(running.run, now);
      const causes = [...free, ...taken].sort((a, b) => order.indexOf(a.cause) - order.indexOf(b.cause));
      return { ...blank, kind: "fire", causes, replaces: running?.run, next: due([]) };
    }
    const waiting = { name: "row_set", detail: "", until: undefined };
    const written = (list: readonly Reason[]) => list.map(({ name, detail }) => `${name} ${detail}`).join("|");
    const signatures = new Map(
      asking.map((one) => [one.identity, written(one.waits ? [waiting, ...reasons] : reasons)]),
    );
    const changed = asking.some((one) => this.#recorded(one.identity) !== signatures.get(one.identity));
    return {
      ...blank,
      kind: "suppressed",
      causes: asking,
      reasons: asking.some((one) => one.waits) ? [waiting, ...reasons] : reasons,
      changed,
      signatures,
      next: due(reasons.map((reason) => reason.until)),
    };
  }

  /** The reason recorded last for an episode, unless a run has carried it since. */
  #recorded(identity: string): string | undefined {
    const said = this.told.findLastIndex((told) => told.signatures.has(identity));
    const carried = this.told.findLastIndex((told) => this.#carries(told, identity));
    return said > carried ? this.told[said]?.signatures.get(identity) : undefined;
  }

  #carries(told: Told, identity: string): boolean {
    if (told.kind === "fire") return told.causes.some((one) => one.identity === identity);
    return told.skipped?.identities.includes(identity) ?? false;
  }

  /** The open episode of a cause, where it asks for a run now. */
  #asking(cause: Cause, now: number): readonly Asking[] {
    const episode = this.#open(cause, now);
    if (episode === undefined) return [];
    const { identity } = episode;
    if (episode.instant) {
      const carried = this.told.some((told) => this.#carries(told, identity));
      return carried ? [] : [{ ...episode, attempt: 1, waits: false }];
    }
    if (this.#standing(cause, now).truth !== "T") return [];
    const carrier = this.told.findLast((told) => this.#carries(told, identity));
    if (carrier !== undefined && !this.#released(carrier, now)) return [];
    const attempt = 1 + this.told.filter((told) => told.kind === "fire" && this.#carries(told, identity)).length;
    return [{ ...episode, attempt, waits: this.#waits(identity, now) }];
  }

  /** Episodes of conditions that a run carries, which a run in its place takes over. */
  #carriedBy(run: string, now: number): readonly Asking[] {
    const key = this.inputs[now]?.runs.find((fact) => fact.run === run)?.key;
    return this.#monitor.causes.flatMap((cause) => {
      const episode = this.#open(cause, now);
      if (episode === undefined || episode.instant) return [];
      const { identity } = episode;
      const carrier = this.told.findLast((told) => this.#carries(told, identity));
      if (carrier?.kind !== "fire" || carrier.key !== key || this.#released(carrier, now)) return [];
      const attempt = 1 + this.told.filter((told) => told.kind === "fire" && this.#carries(told, identity)).length;
      return [{ ...episode, attempt, waits: false }];
    });
  }

  #open(cause: Cause, now: number): Omit<Asking, "attempt" | "waits"> | undefined {
    if (cause.kind === "schedule" || cause.kind === "event") {
      const moment = this.#moment(cause, now);
      if (moment?.counts !== true) return undefined;
      return { cause: cause.id, identity: `${cause.id}@${moment.name}`, openedAt: moment.at, instant: true };
    }
    // Opened by the first true answer after it was over, or after the promotion that closed it.
    let opened = Number.NaN;
    for (let tick = now; tick >= 0; tick -= 1) {
      const { truth, over } = this.#standing(cause, tick);
      if (over) break;
      if (truth === "T") opened = tick;
      if (this.#promotions(tick).length > 0) break;
    }
    if (Number.isNaN(opened)) return undefined;
    const { since } = this.#standing(cause, opened);
    return { cause: cause.id, identity: `${cause.id}#${opened}`, openedAt: since, instant: false };
  }

  /** Runs that carried a firing or were left an episode, as far as they can be seen. */
  #runsOf(carrier: Told, now: number): readonly RunFact[] {
    const runs = this.inputs[now]?.runs ?? [];
    if (carrier.kind === "fire") return runs.filter((run) => run.key === carrier.key && run.outcome !== "duplicate");
    return runs.filter((run) => run.run === carrier.skipped?.run);
  }

  #released(carrier: Told, now: number): boolean {
    return this.#runsOf(carrier, now).some((run) => run.endedAt !== undefined || run.rolledBackAt !== undefined);
  }

  /** Whether validation stopped a run of this episode and no check since has found other rows. */
  #waits(identity: string, now: number): boolean {
    const stopped = this.told
      .filter((told) => this.#carries(told, identity))
      .flatMap((told) => this.#runsOf(told, now))
      .findLast((run) => run.outcome === "validation_stopped" && run.rowSet !== undefined);
    if (stopped === undefined) return false;
    return !this.inputs.some(
      (input, tick) =>
        this.#isCheck(tick) &&
        input.runs.some((run) => run.run === stopped.run && run.outcome !== undefined) &&
        input.rowSet !== undefined &&
        input.rowSet !== stopped.rowSet,
    );
  }

  #isCheck(tick: number): boolean {
    const number = (index: number) => Math.floor((this.inputs[index]?.now ?? Number.NaN) / this.#monitor.check);
    return tick === 0 || number(tick) > number(tick - 1);
  }

  /** Promotions that a tick was the first to see. */
  #promotions(tick: number): readonly number[] {
    const at = (index: number) => (this.inputs[index]?.runs ?? []).flatMap((run) => promotedAt(run) ?? []);
    return tick === 0
      ? at(0)
      : at(tick)
          .slice()
          .sort()
          .slice(at(tick - 1).length);
  }

  #standing(cause: Cause, now: number): Standing {
    const key = `${cause.id}#${now}`;
    const known = this.#standings.get(key);
    if (known !== undefined) return known;
    const found = cause.kind === "group" ? this.#group(cause, now) : this.#single(cause, now);
    this.#standings.set(key, found);
    return found;
  }

  #single(cause: SingleCause, now: number): Standing {
    const { truth, over } = this.#measured(cause, now);
    return { truth, over, since: this.#lastCheck(now) };
  }

  #lastCheck(now: number): number {
    const at = this.inputs[now]?.now ?? Number.NaN;
    return at - (at % this.#monitor.check);
  }

  #measured(cause: SingleCause, now: number): Measured {
    let since = now;
    while (since > 0 && this.#promotions(since).length === 0) since -= 1;
    return measured(this.#monitor, cause, this.inputs.slice(0, now + 1), since);
  }

  #group(group: Extract<Cause, { kind: "group" }>, now: number): Standing {
    const at = this.inputs[now]?.now ?? Number.NaN;
    const members = group.members.map((cause): { truth: Truth; since: number } => {
      if (cause.kind === "schedule" || cause.kind === "event") {
        const moment = this.#moment(cause, now);
        const lasts = group.within ?? this.#monitor.check;
        const truth = moment?.counts === true && at - moment.at < lasts ? "T" : "F";
        return { truth, since: moment?.at ?? 0 };
      }
      const { truth, heldAt } = this.#measured(cause, now);
      const latched = group.within !== undefined && heldAt !== undefined && at - heldAt < group.within;
      return { truth: latched ? "T" : truth, since: heldAt ?? 0 };
    });
    const truth = kleene(
      members.map((member) => member.truth),
      group.atLeast,
    );
    const since = members.filter((member) => member.truth === "T").map((member) => member.since);
    return { truth, over: truth === "F", since: Math.max(0, ...since) };
  }

  /** The newest scheduled instant or event, and whether it still asks for something: not when nobody looked in time, not after a promotion. */
  #moment(cause: SingleCause, now: number): Moment | undefined {
    const input = this.inputs[now];
    if (input === undefined || (cause.kind !== "schedule" && cause.kind !== "event")) return undefined;
    const newest =
      cause.kind === "schedule"
        ? this.#calendar(cause.cron, cause.zone)
            .filter(({ at }) => at <= input.now)
            .map(({ at, local }) => ({ at, name: local }))
            .at(-1)
        : (input.events ?? [])
            .filter(({ event, at }) => event === cause.event && at <= input.now)
            .map(({ at, id }) => ({ at, name: id }))
            .toSorted((a, b) => a.at - b.at)
            .at(-1);
    if (newest === undefined) return undefined;
    const seen = this.inputs.findIndex((one) => one.now >= newest.at);
    const late = cause.kind === "schedule" && (this.inputs[seen]?.now ?? 0) - newest.at > this.#monitor.grace;
    const settled = input.runs.some((run) => (promotedAt(run) ?? Number.NEGATIVE_INFINITY) >= newest.at);
    return { ...newest, counts: !late && !settled, late, seen };
  }

  #reasons(input: TickInput, free: readonly Asking[]): readonly Reason[] {
    const monitor = this.#monitor;
    const { now, running } = input;
    const reasons: Reason[] = [];
    const add = (name: string, detail: string, until: number | undefined) => reasons.push({ name, detail, until });
    if (running !== undefined && !(monitor.queue === "replace" && !running.rolloutBegan)) add("running", "", undefined);
    const freezes = [...monitor.freezes, ...(input.freezes ?? [])]
      .filter((freeze) => freeze.scope === "all" && freeze.from <= now && now < freeze.until)
      .toSorted((a, b) => b.until - a.until);
    if (freezes[0] !== undefined) add("freeze", freezes[0].because, freezes[0].until);
    const all = this.#happenings(this.inputs.length - 1);
    const { open } = standing(monitor, all);
    if (open !== undefined && now < open.until) add("breaker", String(open.at), open.until);
    const cooldowns = (["promotion", "refusal", "failure", "rollback"] as const)
      .flatMap((kind) => {
        const last = all.findLast((happening) => happening.kind === kind);
        return last === undefined ? [] : [{ kind, until: last.at + monitor.cooldown[kind] }];
      })
      .toSorted((a, b) => b.until - a.until);
    if (cooldowns[0] !== undefined && now < cooldowns[0].until) {
      add("cooldown", cooldowns[0].kind, cooldowns[0].until);
    }
    this.#budget(input, add);
    const first = Math.min(...free.map((one) => one.openedAt));
    if (free.length > 0 && now < first + monitor.settle) add("settle", "", first + monitor.settle);
    return reasons;
  }

  #budget(input: TickInput, add: (name: string, detail: string, until: number | undefined) => void): void {
    const { budget } = this.#monitor;
    if (budget === undefined) return;
    const counted = (at: number) =>
      input.runs.filter(
        ({ outcome, trainedAt }) => outcome !== "duplicate" && trainedAt !== undefined && at - trainedAt < budget.per,
      );
    const over = {
      runs: (at: number) => budget.runs !== undefined && counted(at).length >= budget.runs,
      gpu_hours: (at: number) => {
        if (budget.gpuHours === undefined) return false;
        const used = counted(at).reduce((sum, run) => sum + (run.gpuHours ?? 0), 0);
        return used + (input.gpuHoursOfNextRun ?? 0) > budget.gpuHours;
      },
    };
    const leave = counted(input.now).map((run) => (run.trainedAt ?? 0) + budget.per);
    for (const [name, exceeds] of Object.entries(over)) {
      if (!exceeds(input.now)) continue;
      add(
        "budget",
        name,
        leave.toSorted((a, b) => a - b).find((at) => !exceeds(at)),
      );
    }
  }

  #happenings(now: number) {
    const seen = this.inputs.slice(0, now + 1).flatMap((input) => input.resumedAt ?? []);
    return happenings(this.inputs[now]?.runs ?? [], [...new Set(seen)]);
  }

  #nextDue(now: number, untils: readonly (number | undefined)[]): number {
    const { causes, check } = this.#monitor;
    const schedules = causes.flatMap((cause) => (cause.kind === "group" ? cause.members : [cause]));
    const instants = schedules.flatMap((cause) =>
      cause.kind === "schedule" ? this.#calendar(cause.cron, cause.zone).map(({ at }) => at) : [],
    );
    const ends = untils.flatMap((until) => until ?? []);
    return Math.min(...[now - (now % check) + check, ...instants, ...ends].filter((at) => at > now));
  }

  /** What somebody is to be told besides the outcome. */
  #notes(now: number): readonly string[] {
    const monitor = this.#monitor;
    const notes: string[] = [];
    const after = standing(monitor, this.#happenings(now));
    const before = now === 0 ? { openings: 0, fifths: 0 } : standing(monitor, this.#happenings(now - 1));
    for (let count = before.openings; count < after.openings; count += 1) notes.push("breaker_opened");
    for (let count = before.fifths; count < after.fifths; count += 1) notes.push("refusals_in_a_row");
    for (const cause of monitor.causes.flatMap((one) => (one.kind === "group" ? one.members : [one]))) {
      if (cause.kind === "schedule" || cause.kind === "event") {
        const moment = this.#moment(cause, now);
        if (moment?.late === true && moment.seen === now && now > 0) notes.push(`missed_schedule ${cause.id}`);
      } else if (this.#measured(cause, now).tells) notes.push(`unanswered ${cause.id}`);
    }
    return notes.sort();
  }
}
