import type { NotifyEvent } from "../../compiler/plan/plan.ts";
import type { Instant } from "../clock/clock.ts";
import { LedgerError } from "../ledger/error.ts";
import type { Lease, Ledger } from "../ledger/ledger.ts";
import { RegistryError } from "../registries/error.ts";
import type { Registry } from "../registries/registry.ts";
import { TrafficError } from "../traffic/error.ts";
import type { Route, Traffic } from "../traffic/traffic.ts";
import type { RolloutEvent, SmokeAnswer } from "./event.ts";
import type { RolloutIntent } from "./records.ts";
import type { Effect, RolloutState } from "./state.ts";

export interface Performing {
  readonly chain: string;
  readonly ledger: Ledger;
  readonly lease: Lease;
  readonly traffic: Traffic;
  readonly registry: Registry;
  /** Asks a version the smoke requests of the configuration, one after the other up to the first that is not answered as expected. */
  smoke(version: string): Promise<Smoked>;
  /** Delivers a message; never rejects for a receiver that does not answer. */
  notify(message: {
    readonly event: NotifyEvent;
    readonly sentence: string;
    readonly key: string;
    readonly run: string;
    readonly at: Instant;
  }): Promise<{ readonly delivered: boolean; readonly detail: string }>;
}

/** What a version made of its smoke requests. `unanswered`: nothing is known yet, and asking again can help. */
export interface Smoked {
  readonly kind: "passed" | "failed" | "unanswered";
  readonly sentence: string;
  readonly answers: readonly SmokeAnswer[];
}

type RouteEffect = Extract<Effect, { kind: "route" }>;
type AliasEffect = Extract<Effect, { kind: "alias" }>;

/** Attempts at a change of the route that loses against somebody else's. */
const RACES = 3;

/** Does one thing outside: intent in the ledger first, then the effect under its key. Gives the event to be recorded. */
export async function perform(
  ports: Performing,
  state: RolloutState,
  effect: Effect,
  now: Instant,
): Promise<RolloutEvent> {
  const { chain, ledger, lease } = ports;
  const { run } = state.start;
  const done = { kind: "done", at: now, key: effect.key } as const;
  if (effect.kind !== "notify") {
    const { attempts: _, notBefore: __, ...intent } = effect;
    const body: RolloutIntent = { intent };
    await ledger.append({ chain, key: `${effect.key}/intent`, kind: "intent", run, at: now, body }, lease);
  }
  try {
    if (effect.kind === "route") return await setRoute(ports, state, effect, now);
    if (effect.kind === "alias") {
      const stands = await moveAlias(ports, state, effect);
      return stands === undefined ? done : failed(effect, now, stands, false);
    }
    if (effect.kind === "smoke") {
      const { kind, sentence, answers } = await ports.smoke(effect.version);
      if (kind === "passed") return { ...done, detail: sentence, answers };
      return { ...failed(effect, now, sentence, kind === "failed"), answers };
    }
    const { event, sentence, key } = effect;
    const { delivered, detail } = await ports.notify({ event, sentence, key, run, at: now });
    return { ...done, detail: `${event} ${delivered ? "delivered" : "not delivered"}: ${detail}` };
  } catch (error) {
    if (error instanceof TrafficError)
      return failed(effect, now, error.message, error.code === "version_does_not_load");
    if (error instanceof RegistryError) return failed(effect, now, error.message, false);
    throw error;
  }
}

function failed(
  effect: Effect,
  at: Instant,
  detail: string,
  permanent: boolean,
): Extract<RolloutEvent, { kind: "failed" }> {
  return { kind: "failed", at, key: effect.key, detail, permanent };
}

async function setRoute(
  ports: Performing,
  state: RolloutState,
  effect: RouteEffect,
  at: Instant,
): Promise<RolloutEvent> {
  const { key, wish } = effect;
  const done = (route: Route): RolloutEvent => ({ kind: "done", at, key, revision: route.revision });
  for (let race = 0; race < RACES; race += 1) {
    const route = await ports.traffic.route();
    if (route.key === key) return done(route);
    const isForeign = route.revision !== state.revision && !route.key.startsWith(`${state.start.run}/rollout/`);
    if (isForeign && effect.direction === "forward") return { kind: "elsewhere", at, revision: route.revision };
    // What somebody else made of a route that is no longer ours is left as it is.
    if (isForeign && effect.direction === "settle") return done(route);
    const asked = { ...wish, champion: wish.champion ?? undefined, challenger: wish.challenger ?? undefined };
    const answer = await ports.traffic.setRoute(asked, { key, fence: ports.lease.fence, revision: route.revision });
    if (answer.set || answer.route.key === key) return done(answer.route);
    if (answer.why === "fence") {
      const text = `the route carries fence ${answer.route.fence}, this process holds ${ports.lease.fence}: another process acts for ${ports.lease.name} now`;
      throw new LedgerError("fenced", text);
    }
  }
  return failed(effect, at, `the route is being changed by somebody else all the time`, false);
}

/** Moves an alias by compare-and-set. Undefined when it names what was asked for; else what stands in the way. */
async function moveAlias(ports: Performing, state: RolloutState, effect: AliasEffect): Promise<string | undefined> {
  const { name, to } = effect;
  const current = (await ports.registry.alias(name))?.version ?? null;
  const known = [
    effect.from,
    to,
    state.start.challenger,
    ...(effect.direction === "back" ? [state.start.champion] : []),
  ];
  // A later run's alias is not ours to take away.
  if (effect.direction === "settle" && current !== effect.from) return undefined;
  if (!known.includes(current))
    return `alias ${name} names ${current ?? "no version"} instead of ${effect.from ?? "none"}`;
  const moved = await ports.registry.moveAlias(name, current ?? undefined, to ?? undefined, ports.lease.fence);
  if (moved.moved || (moved.version ?? null) === to) return undefined;
  return `alias ${name} could not be moved from ${current ?? "no version"} to ${to ?? "none"}`;
}
