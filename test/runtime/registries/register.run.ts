/** `register.run.ts REGISTRY MODEL RUN...`: registers the model for each run and prints its version. */
import { openLocalRegistry } from "../../../runtime/registries/local.ts";

const [folder = "", model = "", ...runs] = process.argv.slice(2);
const registry = openLocalRegistry(folder);
process.stdout.write("started\n");
for (const run of runs) {
  const { version } = await registry.register(run, model, { run });
  process.stdout.write(`${run} ${version}\n`);
}
