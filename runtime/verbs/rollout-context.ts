import type { Engine } from "../engine/engine.ts";
import { send } from "../engine/notify.ts";
import type { Lease } from "../ledger/ledger.ts";
import type { RolloutContext } from "../rollout/advance.ts";
import { approvalRefusal } from "../rollout/approval.ts";
import type { Start } from "../rollout/state.ts";
import { approvalRules } from "./approval-rules.ts";
import { freezeInForce, freezesByHand } from "./freezes.ts";
import { judgeStage } from "./judge-stage.ts";
import { askSmoke, smokeOf } from "./smoke.ts";

/** Everything that `advance` needs for one run of this engine's plan. The stage step and the monitor's tick both come through here. */
export function rolloutContext(
  engine: Engine,
  run: string,
  lease: Lease,
  start?: Start,
  earlier?: RolloutContext,
): RolloutContext {
  const { plan } = engine;
  return {
    chain: engine.chain,
    ledger: engine.ledger,
    lease,
    traffic: engine.traffic,
    registry: engine.registry,
    rollout: plan.programs.rollout,
    run,
    ...(start === undefined ? {} : { start }),
    ...(earlier === undefined ? {} : { earlier }),
    now: () => engine.clock.now(),
    judge: (request) => judgeStage(engine, request),
    frozen: async (now) => {
      const byHand = await freezesByHand(engine.ledger, engine.chain);
      const freeze = freezeInForce([...plan.monitor.freezes, ...byHand], now);
      return freeze === undefined ? null : { until: freeze.until, because: freeze.because };
    },
    refuseApproval: async (command, state) => approvalRefusal(command, await approvalRules(engine, run, state)),
    smoke: async (version) => {
      const smoke = smokeOf(plan);
      if (smoke !== undefined) return askSmoke(engine.traffic, smoke, version);
      const sentence = "the configuration asks for no smoke requests any more";
      return { kind: "passed", sentence, answers: [] };
    },
    notify: async ({ event, sentence, key, at }) => {
      const deliveries = await send(engine, { event, sentence, at, run }, key);
      const failed = deliveries.filter((one) => !one.delivered);
      return {
        delivered: failed.length === 0,
        detail: failed.map((one) => `${one.channel}: ${one.detail}`).join("; "),
      };
    },
  };
}
