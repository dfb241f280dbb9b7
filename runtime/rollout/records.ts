import type { Instant } from "../clock/clock.ts";
import type { Ledger, LedgerRecord, RecordKind } from "../ledger/ledger.ts";
import type { Proof } from "./approval.ts";
import type { Command, RolloutEvent } from "./event.ts";
import type { Stepped } from "./machine.ts";
import type { Effect, RolloutState, Start } from "./state.ts";

/** A look at which nothing changed is written down only every this many checks: 24 records a day at a check of five minutes instead of 288. */
const QUIET_LOOKS = 12;

/** Body of every record that a rollout writes, intents aside. The newest one holds the state. */
export interface RolloutRecord {
  readonly rollout: {
    /** `begin`, or what was taken in. */
    readonly event: RolloutEvent | { readonly kind: "begin"; readonly start: Start };
    readonly state: RolloutState;
    readonly happened: Stepped["happened"];
  };
  /** One plain sentence. */
  readonly sentence: string;
  /** What the judge found at a look; plain JSON. */
  readonly evidence?: unknown;
}

/** Body of an intent: what is about to be done. */
export interface RolloutIntent {
  readonly intent: Omit<Effect, "attempts" | "notBefore">;
}

/** Body of a command's record (kinds `command` and `approval`), written by the command line. */
export interface CommandRecord {
  readonly command: Command["command"];
  /** The name that was given. */
  readonly by: string;
  /** How it was shown who that is. */
  readonly proof: Proof;
  /** Login and host of the terminal, where one was used. */
  readonly login?: string;
  readonly because: string;
  readonly to?: string;
}

const STATE_KINDS: readonly RecordKind[] = [
  "decision",
  "stage_entered",
  "look",
  "stage_ended",
  "effect",
  "notified",
  "command",
];

export function recordKey(run: string, sequence: number): string {
  return `${run}/rollout/${sequence}`;
}

/** State of a run's rollout as its newest record has it; undefined before it begins. */
export async function loadRollout(
  ledger: Pick<Ledger, "list">,
  chain: string,
  run: string,
): Promise<RolloutState | undefined> {
  for (const limit of [50, undefined]) {
    const filter = { chain, run, kinds: STATE_KINDS, newest: true };
    const records = await ledger.list(limit === undefined ? filter : { ...filter, limit });
    const found = records.map(stateOfRecord).find((state) => state !== undefined);
    if (found !== undefined) return found;
    if (limit !== undefined && records.length < limit) return undefined;
  }
  return undefined;
}

/** The state in a record, where it is one of a rollout. */
function stateOfRecord(record: LedgerRecord): RolloutState | undefined {
  const body = record.body;
  if (typeof body !== "object" || body === null || !("rollout" in body)) return undefined;
  // The ledger's hash chain vouches for the shape: only this room writes the field.
  return (body as RolloutRecord).rollout.state;
}

/** A person's words about the run that the rollout has not taken in, oldest first. */
export async function newCommands(
  ledger: Pick<Ledger, "list">,
  chain: string,
  state: RolloutState,
): Promise<readonly Command[]> {
  const { run } = state.start;
  const records = await ledger.list({ chain, run, kinds: ["command", "approval"], after: state.commands });
  return records.flatMap((record) => {
    const body = record.body;
    if (typeof body !== "object" || body === null || !("command" in body) || !isCommand(body.command)) return [];
    // A record of an earlier release says nothing of proof: all it had was a claim.
    const { by, proof = "claimed", because, to } = body as Omit<CommandRecord, "proof"> & Partial<CommandRecord>;
    const command: Command = {
      kind: "command",
      at: record.at,
      record: record.sequence,
      command: body.command,
      by,
      proof,
      because,
    };
    return [to === undefined ? command : { ...command, to }];
  });
}

function isCommand(word: unknown): word is Command["command"] {
  return word === "approve" || word === "deny" || word === "hold" || word === "resume" || word === "rollback";
}

/** Whether a look must be written down: something changed, or nothing was written for QUIET_LOOKS checks. */
export function isWorthRecording(before: RolloutState, after: RolloutState, at: Instant, check: number): boolean {
  if (at - before.recordedAt >= QUIET_LOOKS * check) return true;
  const { sequence: _before, recordedAt: _then, ...old } = before;
  const { sequence: _after, recordedAt: _now, ...next } = after;
  return JSON.stringify(old) !== JSON.stringify(next);
}

/** Kind of the record of an event. */
export function kindOf(event: RolloutEvent, happened: Stepped["happened"]): RecordKind {
  if (event.kind === "done") return "effect";
  if (event.kind === "command") return "decision";
  if (happened.some((entry) => entry.kind === "advanced" || entry.kind === "ended" || entry.kind === "watch_ended"))
    return "stage_ended";
  if (happened.some((entry) => entry.kind === "entered" || entry.kind === "converged")) return "stage_entered";
  return event.kind === "look" ? "look" : "decision";
}
