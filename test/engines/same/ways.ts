import { type EngineWorld, EngineWorld as World } from "../../support/engine-world.ts";
import type { PostgresServer } from "../../support/postgres.ts";
import { environmentOf } from "../setup/python.ts";
import { AirflowCarrier } from "./airflow.ts";
import { ArgoCarrier } from "./argo.ts";
import type { Carrier } from "./carrier.ts";
import { KfpCarrier } from "./kfp.ts";
import { live } from "./live.ts";
import { StepsCarrier } from "./steps.ts";
import type { Story } from "./story.ts";

/** Ways in which a story is carried out, by name: one process, processes in the plan's order, and each engine from its committed files. */
export const WAYS = ["local", "steps", "argo", "kfp", "airflow3", "airflow2"] as const;
export type Way = (typeof WAYS)[number];

const ENVIRONMENTS = {
  local: "local",
  steps: "airflow",
  argo: "argo",
  kfp: "kfp",
  // Nobody answers a question of Airflow's during `dags test`: both versions carry out the files that ask nobody.
  airflow3: "airflow_2_11",
  airflow2: "airflow_2_11",
} as const;

/** Carries a story out in an empty folder. Undefined where this machine cannot; `needsPostgres` ways are given a server. */
export async function carryOut(
  story: Story,
  way: Way,
  root: string,
  postgres?: PostgresServer,
): Promise<readonly string[] | undefined> {
  const environment = ENVIRONMENTS[way];
  const python = way === "kfp" || way === "airflow2" || way === "airflow3" ? await environmentOf(way) : undefined;
  if (python === undefined && way !== "local" && way !== "steps" && way !== "argo") return undefined;
  const isShared = environment === "argo" || environment === "kfp";
  if (isShared && postgres === undefined) return undefined;
  const world = await World.open({
    root,
    environment,
    policy: story.policy,
    shape: story.shape,
    ...(isShared && postgres !== undefined ? { ledger: await postgres.database() } : {}),
    // Pods reach this machine by an address of its own; the simulator translates it.
    ...(way === "argo" ? { listen: { host: "127.0.0.1", port: 0 } } : {}),
  });
  let carrier: Carrier | undefined;
  try {
    carrier = await open(way, world, python);
    return await live(story, world, carrier);
  } finally {
    await carrier?.close();
    await world.close();
  }
}

async function open(
  way: Way,
  world: EngineWorld,
  python: Awaited<ReturnType<typeof environmentOf>>,
): Promise<Carrier | undefined> {
  if (way === "local") return undefined;
  if (way === "steps") return new StepsCarrier(world);
  if (way === "argo") return ArgoCarrier.open(world);
  if (python === undefined) throw new Error("no environment");
  return way === "kfp" ? KfpCarrier.open(python, world) : AirflowCarrier.open(python, world);
}
