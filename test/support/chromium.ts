import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Where Debian and Ubuntu keep it; CHROMIUM names another one. */
const path = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

/** Flags of a network that is closed: the browser itself asks for nothing either. */
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Why there is no browser and how to get one; undefined where there is one. */
export const missingBrowser: string | undefined = existsSync(path)
  ? undefined
  : `there is no browser at ${path}: install it (\`apt-get install chromium\`), or name one in CHROMIUM`;

/** Starts the browser that looks at report pages. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: path, args: flags });
}
