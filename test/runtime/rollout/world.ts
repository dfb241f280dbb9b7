import type { OnInconclusive, ThresholdTest } from "../../../compiler/plan/condition.ts";
import type { RollbackCondition, Rollout, Stage } from "../../../compiler/plan/rollout.ts";
import type { Lease, Ledger } from "../../../runtime/ledger/ledger.ts";
import type { Registry, Version } from "../../../runtime/registries/registry.ts";
import { type Advanced, advance, type RolloutContext } from "../../../runtime/rollout/advance.ts";
import type { Judged, LookRequest } from "../../../runtime/rollout/observe.ts";
import type { Smoked } from "../../../runtime/rollout/perform.ts";
import type { Start } from "../../../runtime/rollout/state.ts";
import { TrafficError } from "../../../runtime/traffic/error.ts";
import type { Route, Traffic } from "../../../runtime/traffic/traffic.ts";
import { MemoryLedger } from "../../support/memory-ledger.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const T0 = Date.parse("2001-04-09T09:00:00Z");

const place = { file: "p.retrain", line: 1, column: 1, endLine: 1, endColumn: 2 };

export function stage(name: string, kind: Stage["kind"], share: number, more: Partial<Stage> = {}): Stage {
  return { name, kind, share, atLeast: 0, atMost: 0, check: HOUR, requirements: [], place, ...more };
}

export function rollbackWhen(id: string, more: Partial<RollbackCondition> = {}): RollbackCondition {
  const measure = {
    kind: "live_rate",
    name: "error_rate",
    party: "challenger",
    unit: "ratio",
    better: "lower",
  } as const;
  const test: ThresholdTest = { kind: "threshold", measure, relation: ">", limit: 0.05 };
  return { id, text: "challenger.error_rate > 5%", place, test, ...more };
}

// biome-ignore lint/suspicious/noThenProperty: a word of the plan
export const HOLD: OnInconclusive = { action: "hold", for: 12 * HOUR, then: "rollback" };

/** The rollout of the flight story. */
export function flights(more: Partial<Rollout> = {}): Rollout {
  return {
    stages: [
      stage("shadow", "shadow", 1, { atLeast: DAY, atMost: 2 * DAY }),
      stage("canary", "live", 0.1, {
        atLeast: DAY,
        atMost: 3 * DAY,
        check: 5 * MINUTE,
        minimum: { count: 1000, of: "requests" },
      }),
      stage("full", "live", 1, { atMost: DAY, watch: DAY, keepChampion: 3 * DAY }),
    ],
    rollbackWhen: [rollbackWhen("rollback.1")],
    onInconclusive: HOLD,
    place,
    ...more,
  };
}

export function start(run: string, challenger: string, champion: string | null, at = T0): Start {
  return { run, at, challenger, champion, revision: 0, firstModel: { kind: "absolute_gates_only" } };
}

/** What the judge says when all is well. */
export function fine(request: LookRequest): Judged {
  return {
    traffic: "converged",
    observedShare: request.share,
    verdict: "pass",
    sentence: "all requirements hold",
    minimumMet: true,
    conditions: request.judgeConditions ? [{ id: "rollback.1", truth: false, sentence: "error rate 0.2 %" }] : [],
  };
}

export class Crash extends Error {}

/** A world in memory that outlives the process: route, registry, ledger and receiver. `point` is called before and after every append and every effect, and may throw. */
export class World {
  now = T0;
  readonly ledger = new MemoryLedger();
  route: Route = { champion: "1", challenger: undefined, share: 0, mirror: 0, fence: 0, revision: 0, key: "" };
  aliases = new Map<string, { version: string; fence: number }>([["champion", { version: "1", fence: 0 }]]);
  /** Every effect that took place, by its key. */
  readonly effects: string[] = [];
  readonly routes: string[] = [];
  readonly messages = new Map<string, string>();
  judge: (request: LookRequest) => Judged = fine;
  frozen: (now: number) => Awaited<ReturnType<RolloutContext["frozen"]>> = () => null;
  /** Requests that each version answered since a route change; by default one where it has a share. */
  trafficDown = false;
  registryDown = false;
  doesNotLoad: string | undefined;
  /** What the challenger makes of its smoke requests, and how often it was asked. */
  smoke: Smoked = { kind: "passed", sentence: "version 2 answered 2 smoke requests", answers: [] };
  smokeAsked = 0;
  silent = false;
  point: (name: string) => void = () => {};
  lease: Lease | undefined;

  async context(rollout: Rollout | undefined, from: Start): Promise<RolloutContext> {
    const lease = await this.ledger.acquire("local/flights", "p1", 1e12);
    if ("held" in lease) throw new Error("the lease is free in this test");
    this.lease = lease;
    return {
      rollout,
      run: from.run,
      start: from,
      chain: "local/flights",
      lease,
      ledger: this.#ledger(),
      traffic: this.#traffic(),
      registry: this.#registry(),
      now: () => this.now,
      judge: async (request) => {
        if (this.trafficDown) throw new TrafficError("unreachable", "the model server does not answer");
        return this.judge(request);
      },
      frozen: async (now) => this.frozen(now),
      smoke: async () => {
        this.point("before smoke");
        this.smokeAsked += 1;
        return this.smoke;
      },
      notify: async (message) => {
        this.point("before notify");
        if (!this.messages.has(message.key)) {
          this.messages.set(message.key, `${message.event}: ${message.sentence}`);
          this.effects.push(message.key);
        }
        this.point("after notify");
        return { delivered: true, detail: "200" };
      },
    };
  }

  /** Somebody else changes the route. */
  meddle(): void {
    this.route = { ...this.route, share: 0.5, revision: this.route.revision + 1, key: "someone else" };
  }

  #ledger(): Ledger {
    const { ledger } = this;
    const append: Ledger["append"] = async (entry, lease) => {
      this.point(`before append ${entry.key}`);
      const result = await ledger.append(JSON.parse(JSON.stringify(entry)), lease);
      this.point(`after append ${entry.key}`);
      return result;
    };
    return new Proxy(ledger, {
      get: (target, name) => {
        if (name === "append") return append;
        const value: unknown = Reflect.get(target, name);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  }

  #traffic(): Traffic {
    const reach = (): void => {
      if (this.trafficDown) throw new TrafficError("unreachable", "the model server does not answer");
    };
    return {
      route: async () => {
        reach();
        return this.route;
      },
      setRoute: async (wish, guard) => {
        reach();
        this.point("before route");
        if (this.route.key === guard.key) return { set: true, route: this.route };
        if (guard.fence < this.route.fence) return { set: false, route: this.route, why: "fence" };
        if (guard.revision !== this.route.revision) return { set: false, route: this.route, why: "revision" };
        if (wish.challenger !== undefined && wish.challenger === this.doesNotLoad) {
          throw new TrafficError("version_does_not_load", `version ${wish.challenger} does not load`);
        }
        this.route = { ...wish, fence: guard.fence, revision: this.route.revision + 1, key: guard.key };
        this.effects.push(guard.key);
        this.routes.push(`${wish.champion ?? "-"}/${wish.challenger ?? "-"} share ${wish.share} mirror ${wish.mirror}`);
        this.point("after route");
        return { set: true, route: this.route };
      },
      counts: async () => {
        reach();
        const { champion, challenger, share } = this.route;
        const requests: Record<string, number> = {};
        if (!this.silent && champion !== undefined && share < 1) requests[champion] = 100;
        if (!this.silent && challenger !== undefined && share > 0) requests[challenger] = 100;
        return { requests, errors: {} };
      },
      pairs: async () => ({ expected: 0, matched: 0, flips: 0 }),
      latencies: async () => new Float64Array(),
      probe: async () => {
        throw new Error("a rollout asks for smoke requests, not for one");
      },
    };
  }

  #registry(): Pick<Registry, "alias" | "moveAlias"> & Registry {
    const unused = async (): Promise<never> => {
      throw new Error("a rollout registers nothing");
    };
    return {
      register: unused,
      version: async (): Promise<Version | undefined> => undefined,
      versions: async () => [],
      alias: async (name) => this.aliases.get(name),
      moveAlias: async (name, expected, to, fence) => {
        this.point(`before alias ${name}`);
        const current = this.aliases.get(name);
        const stands = { version: current?.version, fence: current?.fence ?? 0 };
        if (fence < stands.fence || this.registryDown) return { moved: false, ...stands };
        if (stands.version === to) return { moved: true, version: to, fence };
        if (stands.version !== expected) return { moved: false, ...stands };
        if (to === undefined) this.aliases.delete(name);
        else this.aliases.set(name, { version: to, fence });
        this.effects.push(`alias ${name} ${expected ?? "-"} to ${to ?? "-"}`);
        this.point(`after alias ${name}`);
        return { moved: true, version: to, fence };
      },
    };
  }

  /** Advances from due instant to due instant until everything is over or `until` says stop. */
  async live(context: RolloutContext, until: (advanced: Advanced) => boolean = () => false): Promise<Advanced> {
    for (let looks = 0; looks < 20_000; looks += 1) {
      const advanced = await advance(context);
      if (advanced.due === undefined || until(advanced)) return advanced;
      if (advanced.due <= this.now) throw new Error("a due instant lies in the future");
      this.now = advanced.due;
    }
    throw new Error("the rollout does not end");
  }
}
