import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ServeOptions } from "../../runtime/server/serve.ts";
import { type Child, startChild } from "./child.ts";
import { temporaryFolder } from "./folder.ts";

/** Says the feature `x` back as the score. */
export const ECHO = "export const predict = (row) => ({ score: row.x });";

export interface ModelServer {
  readonly url: string;
  readonly folder: string;
  readonly registryFolder: string;
  readonly child: Child;
}

/** Folders of a server whose registry holds these artefacts, by version. */
export function serverFolders(artefacts: Readonly<Record<string, string>>): { folder: string; registryFolder: string } {
  const root = temporaryFolder();
  const registryFolder = join(root, "registry");
  for (const [version, code] of Object.entries(artefacts)) {
    const model = join(registryFolder, "versions", version, "model");
    mkdirSync(model, { recursive: true });
    writeFileSync(join(model, "predict.mjs"), code);
  }
  return { folder: join(root, "serving"), registryFolder };
}

/** Starts `retrain serve` as it runs for a user, in its own process. */
export async function startServer(
  folders: { readonly folder: string; readonly registryFolder: string },
  options: Partial<ServeOptions> = {},
): Promise<ModelServer> {
  const all = { host: "127.0.0.1", port: 0, rehearsal: true, decidesAt: 0.5, ...folders, ...options };
  const child = startChild(join(import.meta.dirname, "model-server.run.ts"), [JSON.stringify(all)]);
  const line = await child.line();
  const url = /^serving at (\S+)$/.exec(line ?? "")?.[1];
  if (url === undefined) throw new Error(`the server did not start: ${line}`);
  return { url, child, ...folders };
}

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into answers of many shapes
  readonly body: any;
}

export async function ask(url: string, path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(`${url}${path}`, init);
  return { status: response.status, body: JSON.parse(await response.text()) };
}

/** Asks for one prediction at an instant of the rehearsal. */
export function predictAt(url: string, time: string, key: string, features: object): Promise<Answer> {
  return ask(url, "/predict", {
    method: "POST",
    headers: { "retrain-clock": time },
    body: JSON.stringify({ key, features }),
  });
}

export function putRoute(url: string, change: object): Promise<Answer> {
  return ask(url, "/route", { method: "PUT", body: JSON.stringify(change) });
}

/** Sets the first route of a server. */
export async function setFirstRoute(url: string, route: object): Promise<void> {
  const { status, body } = await putRoute(url, { share: 0, mirror: 0, key: "first", fence: 1, revision: 0, ...route });
  if (status !== 200) throw new Error(JSON.stringify(body));
}
