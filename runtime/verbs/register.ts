import type { NodeResult, RunContext } from "../engine/context.ts";
import { nodeFacts, snapshotFacts } from "../engine/context.ts";
import type { StepFacts } from "../engine/step.ts";
import type { Baselines } from "./gate.ts";
import { readTrainingNotes } from "./training-notes.ts";

/** What a version's registration keeps: enough to compare with it later without asking the run. */
export interface VersionFacts {
  readonly policyDigest: string;
  /** Per dataset: windows (epoch milliseconds) and row-set hash of the rows it was trained and judged on. */
  readonly windows: Readonly<
    Record<
      string,
      {
        readonly trainingStart: number;
        readonly trainingEnd: number;
        readonly holdoutEnd: number;
        readonly rowSet: string;
      }
    >
  >;
  /** Metrics on its holdout that decay is compared with. */
  readonly baselines: Baselines;
  /** What the train step wrote in `retrain.json`; nothing where it wrote none. */
  readonly notes?: unknown;
}

/** Facts of the register node. */
export interface RegisterFacts {
  readonly version: string;
  readonly digest: string;
}

/** Registers the challenger and gives it its alias. Intent first; registering the same run again finds the version that is there. */
export async function register(context: RunContext): Promise<NodeResult> {
  const { engine, run, lease } = context;
  const trained = await nodeFacts<StepFacts>(context, "train");
  if (trained === undefined) throw new Error(`run ${run} registers without a trained model`);
  const { snapshots } = await snapshotFacts(context);
  const baselines: Baselines = {};
  for (const program of engine.plan.programs.gates) {
    const facts = await nodeFacts<{ baselines?: Baselines }>(context, program.id);
    Object.assign(baselines, facts?.baselines);
  }
  const notes = readTrainingNotes(trained.output);
  const facts: VersionFacts = {
    policyDigest: engine.plan.policy.digest,
    windows: Object.fromEntries(
      Object.values(snapshots).map((one) => [
        one.dataset,
        {
          trainingStart: one.training.window.start,
          trainingEnd: one.training.window.end,
          holdoutEnd: one.holdout.window.end,
          rowSet: one.rowSet,
        },
      ]),
    ),
    baselines,
    ...(notes === undefined ? {} : { notes }),
  };
  const entry = { chain: engine.chain, run, at: engine.clock.now() };
  const intent = { sentence: "registers the trained model as a version and names it challenger" };
  await engine.ledger.append({ ...entry, key: `run/${run}/register/intent`, kind: "intent", body: intent }, lease);
  const version = await engine.registry.register(run, trained.output, facts);
  const before = await engine.registry.alias("challenger");
  const moved = await engine.registry.moveAlias("challenger", before?.version, version.version, lease.fence);
  if (moved.version !== version.version) {
    const sentence = `version ${version.version} is registered, but the alias challenger names ${moved.version ?? "nothing"}: another process moved it`;
    return { word: "broken", sentence, facts: {} };
  }
  const sentence = `version ${version.version} is registered and named challenger`;
  await engine.ledger.append(
    {
      ...entry,
      key: `run/${run}/register/effect`,
      kind: "effect",
      body: { effect: "registered", version: version.version, digest: version.digest, sentence },
    },
    lease,
  );
  const left: RegisterFacts = { version: version.version, digest: version.digest };
  return { word: "done", sentence, facts: { ...left } };
}
