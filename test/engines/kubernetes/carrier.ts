import { setTimeout as sleep } from "node:timers/promises";
import type { PostgresServer } from "../../support/postgres.ts";
import type { Carrier } from "../same/carrier.ts";
import { processes } from "./leftovers.ts";
import type { ClusterWorld } from "./world.ts";

/** Argo's real controller with the committed files: what the stories of test/conformance/traces are carried out by. */
export function clusterCarrier(on: ClusterWorld, postgres: PostgresServer): Carrier {
  return {
    async tick() {
      await on.tellClock();
      await on.tick();
    },
    async run(run) {
      await on.ended(run, 900);
    },
    async close() {},
    acts: {
      async kill({ node = "" }) {
        const isStep = (words: string) => words.startsWith("node ") && words.includes(` --node ${node} `);
        for (let tries = 0; tries < 200; tries += 1) {
          const pids = processes(isStep);
          for (const pid of pids) process.kill(pid, "SIGKILL");
          if (pids.length > 0) return;
          await sleep(50);
        }
        throw new Error(`no container works at ${node}`);
      },
      async "compile again"() {
        await on.world.changePolicy();
        await on.compileAgain();
        await on.tick();
      },
      async "ledger away"() {
        await postgres.crash();
        await sleep(2_000);
        await postgres.start();
      },
    },
  };
}
