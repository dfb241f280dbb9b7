import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { compiledBytes, differences } from "../support/same-bytes.ts";

/**
 * `npm run engines:bytes`: compiles one project by Node 22, 24 and 26, twice each, in every zone, locale and order, and compares every generated file. Node 22 and 26
 * are fetched as npm packages into the ignored folder `.engines`; where that cannot be done they are left out, and it is said.
 */
const engines = join(import.meta.dirname, "../../.engines");
const ZONES = ["UTC", "Asia/Kolkata", "America/St_Johns", "Pacific/Apia", "Europe/Berlin"];
const LOCALES = ["C.UTF-8", "en_US.UTF-8", "tr_TR.UTF-8", "de_DE.UTF-8", "ar_EG.UTF-8"];
const ORDERS = [0, 7, 11, 13];

function nodeOf(version: string): string | undefined {
  const folder = join(engines, `node${version}`);
  const program = join(folder, "node_modules/node/bin/node");
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  try {
    const words = ["install", "--prefix", folder, "--no-save", "--silent", "--allow-scripts=node", `node@${version}`];
    execFileSync("npm", words, { stdio: ["ignore", "ignore", "inherit"] });
  } catch {
    // Said below.
  }
  return existsSync(program) ? program : undefined;
}

const first = compiledBytes({ node: process.execPath, zone: "UTC", locale: "C.UTF-8", order: 0 });
let compilations = 1;
let isSame = true;
for (const version of ["22", "24", "26"]) {
  const node = version === process.versions.node.split(".")[0] ? process.execPath : nodeOf(version);
  if (node === undefined) {
    console.log(`Node ${version}: left out, since npm could not fetch the package node@${version}`);
    process.exitCode = 3;
    continue;
  }
  const told = execFileSync(node, ["--version"], { encoding: "utf8" }).trim();
  for (const [index, zone] of ZONES.entries()) {
    for (const order of ORDERS) {
      const locale = LOCALES[(index + order) % LOCALES.length] ?? "C.UTF-8";
      const different = differences(first, compiledBytes({ node, zone, locale, order }));
      compilations += 1;
      if (different.length === 0) continue;
      isSame = false;
      console.log(`${told}, ${zone}, ${locale}, order ${order}: ${different.join(", ")} differ`);
    }
  }
  console.log(`Node ${told}: ${ZONES.length * ORDERS.length} compilations compared`);
}
console.log(`${compilations} compilations of ${first.size} files: ${isSame ? "the same bytes" : "NOT the same bytes"}`);
if (!isSame) process.exitCode = 1;
