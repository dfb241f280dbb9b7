import { readFileSync } from "node:fs";
import { join } from "node:path";

declare global {
  /** Set by the bundler; absent where the sources run as they are. */
  var RETRAIN_VERSION: string | undefined;
}

/** Version of this command. */
export function version(): string {
  if (globalThis.RETRAIN_VERSION !== undefined) return globalThis.RETRAIN_VERSION;
  const file = join(import.meta.dirname, "../../package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
