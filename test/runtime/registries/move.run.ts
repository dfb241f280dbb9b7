/** `move.run.ts REGISTRY FENCE TIMES`: moves `champion` from whatever it names to the next version round, and prints how often it did. */
import { openLocalRegistry } from "../../../runtime/registries/local.ts";

const [folder = "", fence = "", times = ""] = process.argv.slice(2);
const registry = openLocalRegistry(folder);
let moved = 0;
for (let index = 0; index < Number(times); index += 1) {
  const current = (await registry.alias("champion"))?.version;
  const next = String((Number(current ?? 0) % 3) + 1);
  const answer = await registry.moveAlias("champion", current, next, Number(fence));
  if (answer.moved) moved += 1;
}
process.stdout.write(`${moved}\n`);
