import { serveUntilStopped } from "../../runtime/server/process.ts";
import type { ServeOptions } from "../../runtime/server/serve.ts";

/** The model server in a process of its own, for tests: `model-server.run.ts OPTIONS` with the options as JSON. */
const say = (line: string): void => void process.stdout.write(`${line}\n`);
process.exit(await serveUntilStopped(JSON.parse(process.argv[2] ?? "{}") as ServeOptions, say, say));
