import { join } from "node:path";
import { startCluster } from "./cluster.ts";

/** Brings the cluster up and leaves it standing until it is told to stop (Ctrl-C). */
const cluster = await startCluster(join(import.meta.dirname, "../../.."), (line) => process.stdout.write(`${line}\n`));
process.stdout.write("ready; Ctrl-C stops it\n");
let stopping = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    void cluster.stop().then(() => process.exit(0));
  });
}
setInterval(() => {}, 60_000);
