import { chmodSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { bareProgram } from "./bare-program.ts";
import { buildSnapshot } from "./build-snapshot.ts";
import { launcher, plainLauncher } from "./launcher.ts";

/** Bundles the command and the runtime into `dist`: heavy parts stay behind dynamic imports, native packages outside. */
const root = join(import.meta.dirname, "../..");
const dist = join(root, "dist");
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };

// Built beside and put in place at the end: a build that fails leaves the old command as it is.
const built = mkdtempSync(join(root, ".dist-"));
process.on("exit", () => rmSync(built, { recursive: true, force: true }));
const options: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node22.18",
  external: ["@duckdb/node-api", "pg-native"],
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  logLevel: "warning",
  define: {
    RETRAIN_SHIPPED: "true",
    "globalThis.RETRAIN_VERSION": JSON.stringify(version),
    "globalThis.RETRAIN_BUNDLED": "true",
  },
};
await build({
  ...options,
  entryPoints: { main: "compiler/cli/main.ts", worker: "runtime/server/worker.ts", steps: "runtime/steps/main.ts" },
  outdir: built,
  splitting: true,
  format: "esm",
  // Packages of the older module kind that are bundled ask for `require`.
  banner: {
    js: 'import { createRequire as retrainRequire } from "node:module"; const require = retrainRequire(import.meta.url);',
  },
});

// Written in words that every Node understands, so that an old one gets a sentence and not a syntax error.
writeFileSync(
  join(built, "retrain.js"),
  `#!/usr/bin/env node
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write("retrain needs Node 22.18 or newer; this is Node " + process.versions.node + "\\n");
  process.exit(2);
}
if (process.argv.length === 3 && (process.argv[2] === "--version" || process.argv[2] === "-V")) {
  process.stdout.write(${JSON.stringify(`${version}\n`)});
} else {
  const { enableCompileCache } = await import("node:module");
  enableCompileCache?.();
  const { main } = await import("./main.js");
  process.exitCode = await main(process.argv);
}
`,
);
writeFileSync(
  join(built, "retrain-runtime.js"),
  `#!/usr/bin/env node
const { main } = await import("./steps.js");
process.exitCode = await main(process.argv.slice(2));
`,
);
const frozen = await buildSnapshot(built, options);
writeFileSync(join(built, "retrain"), frozen === undefined ? plainLauncher : launcher(bareProgram(), frozen));
for (const name of ["retrain.js", "retrain", "retrain-runtime.js"]) chmodSync(join(built, name), 0o755);
chmodSync(built, 0o755);
rmSync(dist, { recursive: true, force: true });
renameSync(built, dist);
