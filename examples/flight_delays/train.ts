import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { z } from "zod";
import { Failure, runScript } from "./failure.ts";
import { DISTANCE_EDGES, HOURS, HOURS_OF_WEEK, type Layout, readTrainingRows } from "./features.ts";
import { areaUnderCurve, fitLogistic, linear } from "./logistic.ts";
import { pathOf, writeWhole } from "./parquet.ts";

/** L2 penalty: a table entry seen in few flights stays near zero. */
const PENALTY = 20;

const optionsSchema = z.strictObject({
  /** Train on the newest so many days only. */
  days: z.number().positive().optional(),
  /** What the model does with a destination it was not trained on: no weight for it, or an error. */
  unknownDestinations: z.enum(["ignore", "throw"]).optional(),
});
export type TrainingOptions = z.infer<typeof optionsSchema>;

/** Trains one version and writes its folder: weights.json, predict.mjs and the record retrain.json. Same rows and options, same bytes. */
export async function train(
  data: string,
  out: string,
  options: TrainingOptions = {},
  say: (line: string) => void = () => undefined,
): Promise<void> {
  say(options.days === undefined ? `reading ${data}` : `reading the newest ${options.days} days of ${data}`);
  const { rows, layout, incomplete, oldest, newest } = await readTrainingRows(data, options.days);
  const count = rows.labels.length;
  say(`${count.toLocaleString("en-US")} flights from ${oldest} to ${newest}, ${layout.width} weights`);
  if (incomplete > 0)
    say(`${incomplete.toLocaleString("en-US")} flights with a missing or impossible value are left out`);
  const late = rows.labels.reduce((sum, label) => sum + label, 0);
  if (late === 0 || late === count) {
    throw new Failure(
      `${data} holds ${late === 0 ? "no late flight" : "late flights only"}: there is nothing to tell apart`,
    );
  }
  const fit = fitLogistic(rows, PENALTY, (iteration, loss) =>
    say(`iteration ${iteration}: log loss ${loss.toFixed(5)}`),
  );
  const scores = Float64Array.from(rows.labels, (_, row) => linear(rows, fit.weights, row));
  const auc = areaUnderCurve(scores, rows.labels);
  const unknownDestinations = options.unknownDestinations ?? "ignore";
  const record = {
    method: "logistic regression, L2, Newton's method",
    seed: "none: the method has no randomness",
    parameters: { penalty: PENALTY, days: options.days ?? "all", unknown_destinations: unknownDestinations },
    rows: count,
    oldest,
    newest,
    left_out: incomplete,
    late: late / count,
    iterations: fit.iterations,
    last_change: fit.lastChange,
    training_auc: auc,
  };
  const folder = pathOf(out);
  await mkdir(folder, { recursive: true });
  await writeJson(join(folder, "weights.json"), tables(fit.weights, layout, unknownDestinations));
  await writeJson(join(folder, "retrain.json"), record);
  const model = fileURLToPath(new URL("model/predict.mjs", import.meta.url));
  await writeWhole(join(folder, "predict.mjs"), (temporary) => copyFile(model, temporary));
  say(`training AUC ${auc.toFixed(4)} after ${fit.iterations} iterations; the version is in ${folder}`);
}

/** The weights by name, as model/predict.mjs reads them. */
function tables(weights: Float64Array, layout: Layout, unknownDestinations: string): unknown {
  const from = (start: number, length: number) => Array.from(weights.subarray(start, start + length));
  const named = (names: readonly string[], start: number) =>
    Object.fromEntries(names.map((name, index) => [name, weights[start + index]]));
  return {
    intercept: weights[0],
    unknown_destinations: unknownDestinations,
    hour: from(layout.hour, HOURS),
    hour_of_week: from(layout.hourOfWeek, HOURS_OF_WEEK),
    origin: named(layout.origins, layout.origin),
    destination: named(layout.destinations, layout.destination),
    distance: { edges: DISTANCE_EDGES, weights: from(layout.distance, DISTANCE_EDGES.length + 1) },
  };
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeWhole(path, (temporary) => writeFile(temporary, `${JSON.stringify(value, null, 1)}\n`));
}

/** Reads training options from a JSON file; a file that is not there means no options. */
export async function readOptions(path: string): Promise<TrainingOptions> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") {
      return "{}";
    }
    throw new Failure(`${path} cannot be read: ${error.message}`);
  });
  try {
    return optionsSchema.parse(JSON.parse(text));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new Failure(`${path} is not a file of training options: ${why}`);
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { data: { type: "string" }, out: { type: "string" }, days: { type: "string" } },
  });
  if (!values.data || !values.out) {
    throw new Failure("write: node train.ts --data FOLDER --out FOLDER [--days NUMBER]");
  }
  const options = await readOptions(fileURLToPath(new URL("training.json", import.meta.url)));
  const days = values.days === undefined ? options.days : Number(values.days);
  if (days !== undefined && !(days > 0)) {
    throw new Failure(`--days ${values.days} is not a positive number`);
  }
  await train(values.data, values.out, { ...options, days }, (line) => console.log(`train: ${line}`));
}

if (import.meta.main) {
  await runScript("train", main);
}
