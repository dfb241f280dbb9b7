import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { checkProject } from "../../compiler/driver/check-project.ts";
import { compileChecked } from "../../compiler/driver/compile.ts";
import { loadProject } from "../../compiler/driver/load-config.ts";
import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import { type Engine, openEngine } from "../../runtime/engine/engine.ts";
import { temporaryFolder } from "./folder.ts";

const DAY = 86_400_000;

/** Where a small project's clock begins: the day after its last row. */
export const SMALL_START = Date.UTC(2026, 1, 15);

/** A train step that waits as long as the file `wait` stands in the project's folder, and says in `training` under which number it runs. */
const TRAIN = `import { existsSync, writeFileSync } from "node:fs";
writeFileSync("training", String(process.pid));
while (existsSync("wait")) await new Promise((pass) => setTimeout(pass, 20));
writeFileSync(process.argv[2] + "/predict.mjs", "export const predict = (row) => ({ score: row.x });");
`;

/** Writes rows that are not the holdout's, so that every run ends refused. */
const EVALUATE = `import { writeFileSync } from "node:fs";
const rows = ["key,label,time,champion_score,challenger_score"];
for (let n = 900; n < 1_000; n += 1) rows.push([n, n % 2 === 0, new Date(0).toISOString(), "", n % 2 === 0 ? 0.9 : 0.1].join());
writeFileSync(process.argv[2], rows.join("\\n"));
`;

const POLICY = `language 1
policy small {
  owner "team@example.com"
  risk  low
  model {
    registry    local "small"
    serving     local "small"
    first_model absolute_gates_only
  }
  dataset rows_seen {
    source    csv "rows.csv"
    time      seen_at
    key       id
    label     late matures after 1d
    reference 7d before promotion
    current   7d
    holdout   7d
    columns { x number late boolean }
  }
  trigger {
    schedule "0 0 1 1 *" in "UTC"
    check    every 1h
  }
  validate rows_seen { require schema matches }
  train { command ["node", "train.mjs", "\${challenger.uri}"] }
  evaluate { command ["node", "evaluate.mjs", "\${predictions.uri}"] }
  gate offline { require challenger.auc >= 0.60 }
}
`;

export interface SmallProject {
  readonly folder: string;
  readonly plan: PipelinePlan;
}

/** A project whose runs take a second: a small table, a train step that a test can keep waiting, a policy without a rollout. */
export async function smallProject(change: (policy: string) => string = (text) => text): Promise<SmallProject> {
  const folder = temporaryFolder();
  const rows = Array.from({ length: 1_000 }, (_, n) => {
    const at = new Date(SMALL_START - (1_000 - n) * (DAY / 25)).toISOString();
    return `${n},${at},${(n % 10) / 10},${n % 2 === 0}`;
  });
  writeFileSync(join(folder, "rows.csv"), `id,seen_at,x,late\n${rows.join("\n")}\n`);
  writeFileSync(join(folder, "train.mjs"), TRAIN);
  writeFileSync(join(folder, "evaluate.mjs"), EVALUATE);
  writeFileSync(join(folder, "small.retrain"), change(POLICY));
  // An hour of the policy's clock is a second.
  const clock = `{ start: ${new Date(SMALL_START).toISOString()}, pace: 3600 }`;
  writeFileSync(join(folder, "retrain.config.yaml"), `environments: { local: { clock: ${clock} } }\n`);
  const project = await loadProject(folder, undefined);
  const checked = checkProject(project, ["small.retrain"]);
  const [policy] = checked.policies;
  if (policy === undefined) throw new Error("no policy");
  const { plan, diagnostics } = compileChecked(project, checked, policy, undefined, []);
  if (plan === undefined) throw new Error(JSON.stringify(diagnostics));
  return { folder, plan };
}

/** Opens the engine of a small project; closed when the test ends. `said` receives what a person would read. */
export async function openSmall({ folder, plan }: SmallProject, said: string[] = []): Promise<Engine> {
  const engine = await openEngine(plan, folder, "0.0.0", (line) => said.push(line));
  onTestFinished(() => engine.close());
  return engine;
}
