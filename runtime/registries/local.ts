import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { canonicalJson } from "../../compiler/plan/canonical.ts";
import { fileError, systemCode } from "../files/error.ts";
import { withLock } from "../files/lock.ts";
import { syncFolder, writeWhole } from "../files/whole.ts";
import { isDead, thisProcess } from "../ledger/identity.ts";
import { RegistryError, registryError } from "./error.ts";
import { digestOf } from "./model-folder.ts";
import type { Registry, Version } from "./registry.ts";

const VersionFile = z.strictObject({
  schema: z.literal("retrain.version/1"),
  version: z.string(),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  run: z.string(),
  facts: z.json(),
});
type VersionFile = z.infer<typeof VersionFile>;

/** An alias that was removed keeps its fence: an older holder must not bring it back. */
const AliasFile = z.strictObject({
  schema: z.literal("retrain.aliases/1"),
  aliases: z.record(z.string(), z.strictObject({ version: z.string().nullable(), fence: z.int().nonnegative() })),
});
type Aliases = z.infer<typeof AliasFile>["aliases"];

const aliasName = /^[a-z][a-z0-9_-]{0,63}$/;
const versionName = /^[1-9][0-9]{0,14}$/;

/**
 * Versions of one model in a folder of a local disk:
 *
 *     versions/3/model/...     the files, as they were copied in
 *     versions/3/version.json  number, digest, run, facts
 *     aliases.json             which version each alias names, and the fence that wrote it
 *     incoming/                copies under way; those of dead processes are removed
 *     lock                     see withLock
 *
 * A version appears whole, by one rename, and is never changed. Rejects with RegistryError.
 */
class LocalRegistry implements Registry {
  readonly #folder: string;
  readonly #versions: string;
  readonly #incoming: string;
  readonly #aliasFile: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.#versions = join(folder, "versions");
    this.#incoming = join(folder, "incoming");
    this.#aliasFile = join(folder, "aliases.json");
  }

  async register(run: string, folder: string, facts: unknown): Promise<Version> {
    return this.#named(async () => {
      const there = await this.#ofRun(run);
      if (there !== undefined) {
        // Whoever registered it may have been killed before the rename was durable.
        await syncFolder(this.#versions);
        return there;
      }
      const kept = z.json().parse(JSON.parse(canonicalJson(facts)));
      await this.#prepare();
      const incoming = join(this.#incoming, incomingName());
      try {
        await mkdir(incoming);
        const digest = await digestOf(folder, join(incoming, "model"));
        return await this.#locked(async () => {
          // Another process may have registered the run while this one copied.
          const other = await this.#ofRun(run);
          if (other !== undefined) return other;
          const version = String(Math.max(0, ...(await this.#numbers())) + 1);
          const content: VersionFile = { schema: "retrain.version/1", version, digest, run, facts: kept };
          await writeWhole(join(incoming, "version.json"), `${JSON.stringify(content, undefined, 2)}\n`);
          await rename(incoming, join(this.#versions, version));
          await syncFolder(this.#versions);
          return this.#told(content);
        });
      } finally {
        // Nothing is there any more after the rename.
        await rm(incoming, { recursive: true, force: true });
      }
    });
  }

  async version(version: string): Promise<Version | undefined> {
    return this.#named(() => this.#read(version));
  }

  async versions(): Promise<readonly Version[]> {
    return this.#named(async () => {
      const versions: Version[] = [];
      for (const number of await this.#numbers()) {
        const version = await this.#read(String(number));
        if (version !== undefined) versions.push(version);
      }
      return versions;
    });
  }

  async alias(name: string): Promise<{ readonly version: string; readonly fence: number } | undefined> {
    return this.#named(async () => {
      const found = Object.entries(await this.#aliases()).find(([other]) => other === name)?.[1];
      return found === undefined || found.version === null ? undefined : { version: found.version, fence: found.fence };
    });
  }

  async moveAlias(
    name: string,
    expected: string | undefined,
    to: string | undefined,
    fence: number,
  ): Promise<{ readonly moved: boolean; readonly version: string | undefined; readonly fence: number }> {
    if (!aliasName.test(name)) throw new TypeError(`${JSON.stringify(name)} cannot be the name of an alias`);
    if (!Number.isSafeInteger(fence) || fence < 0) throw new TypeError(`a fence is a whole number, not ${fence}`);
    return this.#named(async () => {
      await this.#prepare();
      return this.#locked(async () => {
        const aliases = new Map(Object.entries(await this.#aliases()));
        const current = aliases.get(name) ?? { version: null, fence: 0 };
        const stands = { moved: false, version: current.version ?? undefined, fence: current.fence };
        if (fence < current.fence) return stands;
        // A repeated call finds its wish fulfilled.
        const fulfilled = current.version === (to ?? null);
        if (!fulfilled && current.version !== (expected ?? null)) return stands;
        if (to !== undefined && (await this.#read(to)) === undefined) {
          throw new RegistryError("unknown_version", `registry ${this.#folder} has no version ${to} for alias ${name}`);
        }
        if (!fulfilled || fence > current.fence) {
          aliases.set(name, { version: to ?? null, fence });
          const sorted = Object.fromEntries([...aliases].sort(([left], [right]) => (left < right ? -1 : 1)));
          const content: z.infer<typeof AliasFile> = { schema: "retrain.aliases/1", aliases: sorted };
          await writeWhole(this.#aliasFile, `${JSON.stringify(content, undefined, 2)}\n`);
        }
        return { moved: true, version: to, fence };
      });
    });
  }

  async #ofRun(run: string): Promise<Version | undefined> {
    // The newest first: a repeated call mostly asks for it.
    for (const number of (await this.#numbers()).toReversed()) {
      const version = await this.#read(String(number));
      if (version?.run === run) return version;
    }
    return undefined;
  }

  /** Numbers of all versions, rising. */
  async #numbers(): Promise<readonly number[]> {
    const names = await readdir(this.#versions).catch((error: unknown) => {
      if (systemCode(error) === "ENOENT") return [];
      throw error;
    });
    return names
      .filter((name) => versionName.test(name))
      .map(Number)
      .sort((left, right) => left - right);
  }

  async #read(version: string): Promise<Version | undefined> {
    if (!versionName.test(version)) return undefined;
    const path = join(this.#versions, version, "version.json");
    const content = await this.#json(path, VersionFile);
    if (content === undefined) return undefined;
    if (content.version !== version) throw this.#corrupt(path, `it is that of version ${content.version}`);
    return this.#told(content);
  }

  #told(content: VersionFile): Version {
    const { version, digest, run, facts } = content;
    return { version, digest, run, uri: join(this.#versions, version, "model"), facts };
  }

  async #aliases(): Promise<Aliases> {
    return (await this.#json(this.#aliasFile, AliasFile))?.aliases ?? {};
  }

  /** A file of ours; undefined where there is none. */
  async #json<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
    let text: string;
    try {
      text = await readFile(path, "utf8");
    } catch (error) {
      if (systemCode(error) === "ENOENT") return undefined;
      throw error;
    }
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch {
      throw this.#corrupt(path, "it is no JSON");
    }
    const checked = schema.safeParse(parsed);
    if (!checked.success) throw this.#corrupt(path, z.prettifyError(checked.error));
    return checked.data;
  }

  #corrupt(path: string, why: string): RegistryError {
    return new RegistryError("corrupt", `${path} is not what the registry wrote: ${why}; put back a backup of it`);
  }

  /** Makes the folders and removes copies that died with their process. */
  async #prepare(): Promise<void> {
    await mkdir(this.#versions, { recursive: true });
    await mkdir(this.#incoming, { recursive: true });
    await syncFolder(this.#folder);
    await syncFolder(dirname(this.#folder));
    for (const name of await readdir(this.#incoming)) {
      if (isDead(holderOf(name))) await rm(join(this.#incoming, name), { recursive: true, force: true });
    }
  }

  #locked<T>(work: () => Promise<T>): Promise<T> {
    return withLock(join(this.#folder, "lock"), work);
  }

  async #named<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw registryError(
        systemCode(error) === undefined ? error : fileError(error, this.#folder, "use"),
        this.#folder,
      );
    }
  }
}

/** Name of a copy under way: whose it is, and a number that no other has. */
function incomingName(): string {
  return `${encodeURIComponent(thisProcess())}+${randomBytes(6).toString("hex")}`;
}

/** The process that an incoming copy belongs to; empty, which is never dead, for a name that is not ours. */
function holderOf(incoming: string): string {
  return /^[\w.~%-]+(?=\+[0-9a-f]+$)/.exec(incoming)?.[0].replaceAll("%3A", ":") ?? "";
}

/** The registry of one model in `folder` (absolute); the folder is created with the first version. */
export function openLocalRegistry(folder: string): Registry {
  return new LocalRegistry(folder);
}
