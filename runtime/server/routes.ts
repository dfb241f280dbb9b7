import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeWhole } from "../files/whole.ts";
import type { Route } from "../traffic/traffic.ts";
import { ServerError, wordsOf } from "./error.ts";
import { Model, type ModelOptions, type Scoring } from "./model.ts";

/** A version names a folder of the registry: no path can be made of it. */
export const VersionName = z.string().regex(/^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$/);

const Share = z.number().min(0).max(1);

/** What is asked of `PUT /route`: the wish and the guard of `Traffic.setRoute`. */
export const RouteChange = z
  .strictObject({
    champion: VersionName.optional(),
    challenger: VersionName.optional(),
    share: Share,
    mirror: Share,
    key: z.string().min(1).max(500),
    fence: z.int().nonnegative(),
    revision: z.int().nonnegative(),
  })
  .refine((change) => change.challenger !== undefined || (change.share === 0 && change.mirror === 0), {
    message: "a share or a mirror above 0 needs a challenger",
  })
  .refine((change) => change.challenger === undefined || change.challenger !== change.champion, {
    message: "champion and challenger must be different versions",
  });
export type RouteChange = z.infer<typeof RouteChange>;

const StoredRoute = z.strictObject({
  schema: z.literal("retrain.route/1"),
  champion: VersionName.optional(),
  challenger: VersionName.optional(),
  share: Share,
  mirror: Share,
  key: z.string(),
  fence: z.int().nonnegative(),
  revision: z.int().nonnegative(),
});

export type RouteAnswer = { readonly set: boolean; readonly route: Route; readonly why?: "revision" | "fence" };

const NO_ROUTE: Route = {
  champion: undefined,
  challenger: undefined,
  share: 0,
  mirror: 0,
  fence: 0,
  revision: 0,
  key: "",
};

/** How long a version outside of the route stays loaded after it was last asked, milliseconds. */
const GUEST_STAYS = 30_000;

/** Rows that a new version scores before it gets requests. */
const WARM_ROWS = 64;

/** The route and the loaded versions behind it. The file `route.json` is on disk before a change is answered or acted on. */
export class Routes {
  current: Route;
  private readonly file: string;
  private readonly options: ModelOptions;
  private readonly models = new Map<string, Model>();
  /** Newest rows of live requests, to warm new versions with. */
  private readonly recentRows: unknown[] = [];
  private nextRecent = 0;
  private tail: Promise<unknown> = Promise.resolve();
  private readonly leaving = new Set<Promise<void>>();
  /** The version outside of the route that was asked last. One at a time: each is a thread with a heap of its own. */
  private guest: { readonly model: Model; readonly leaves: NodeJS.Timeout } | undefined;
  /** Waits for mirrored requests that were promised to the versions of an earlier route. */
  private readonly mirrorsIdle: () => Promise<void>;

  private constructor(file: string, options: ModelOptions, mirrorsIdle: () => Promise<void>, route: Route) {
    this.file = file;
    this.options = options;
    this.mirrorsIdle = mirrorsIdle;
    this.current = route;
  }

  /** Comes back with the route that stands in the folder. A version that does not load is tried again and does not stop the server. */
  static async open(folder: string, options: ModelOptions, mirrorsIdle: () => Promise<void>): Promise<Routes> {
    const file = join(folder, "route.json");
    const routes = new Routes(file, options, mirrorsIdle, await readRoute(file));
    const versions = namesIn(routes.current).map((version) => routes.obtain(version));
    await Promise.allSettled(versions.map((model) => model.loaded));
    return routes;
  }

  model(version: string): Model | undefined {
    return this.models.get(version);
  }

  /** Versions of the route that cannot be asked at present, with the reason. */
  outages(): { readonly version: string; readonly outage: string }[] {
    return namesIn(this.current).flatMap((version) => {
      const outage = this.models.get(version)?.outage;
      return outage === undefined ? [] : [{ version, outage }];
    });
  }

  /** Scores a row by a version that need not be in the route. Rejects with ServerError `version_does_not_load`. */
  async probe(version: string, row: unknown): Promise<Scoring> {
    const model = this.models.get(version) ?? this.invite(version);
    try {
      await model.loaded;
    } catch (error) {
      if (this.guest?.model === model) this.dismiss();
      throw error;
    }
    return model.score(row);
  }

  private invite(version: string): Model {
    const known = this.guest?.model.version === version ? this.guest.model : undefined;
    if (known === undefined) this.dismiss();
    else clearTimeout(this.guest?.leaves);
    const model = known ?? new Model(version, this.options);
    this.guest = { model, leaves: setTimeout(() => this.dismiss(), GUEST_STAYS).unref() };
    return model;
  }

  /** Takes the version outside of the route out of memory, once what it was asked is answered. */
  private dismiss(): void {
    const { guest } = this;
    if (guest === undefined) return;
    clearTimeout(guest.leaves);
    this.guest = undefined;
    this.leave(guest.model.stop());
  }

  remember(row: unknown): void {
    this.recentRows[this.nextRecent % WARM_ROWS] = row;
    this.nextRecent += 1;
  }

  /**
   * Compare-and-set, one change at a time. Rejects with ServerError `version_does_not_load`, or FileError where the file
   * cannot be written: then the route is as before.
   */
  change(change: RouteChange): Promise<RouteAnswer> {
    const done = this.tail.then(() => this.apply(change));
    this.tail = done.catch(() => undefined);
    return done;
  }

  async close(): Promise<void> {
    await this.tail;
    this.dismiss();
    this.release([...this.models.keys()]);
    await Promise.all(this.leaving);
  }

  private async apply(change: RouteChange): Promise<RouteAnswer> {
    const before = this.current;
    if (change.key === before.key && isSameWish(change, before)) {
      // A repeat by a newer holder keeps the route and shuts out the older holder.
      if (change.fence > before.fence) await this.store({ ...before, fence: change.fence });
      return { set: true, route: this.current };
    }
    if (change.fence < before.fence) return { set: false, route: before, why: "fence" };
    if (change.revision !== before.revision) return { set: false, route: before, why: "revision" };
    const { champion, challenger, share, mirror, fence, key } = change;
    const next: Route = { champion, challenger, share, mirror, fence, key, revision: before.revision + 1 };
    const fresh = namesIn(next).filter((version) => !this.models.has(version));
    try {
      await Promise.all(namesIn(next).map((version) => this.ready(version, fresh.includes(version))));
      await this.store(next);
    } catch (error) {
      this.release(fresh);
      throw error;
    }
    this.release([...this.models.keys()].filter((version) => !namesIn(next).includes(version)));
    return { set: true, route: next };
  }

  private async ready(version: string, isFresh: boolean): Promise<void> {
    const model = this.obtain(version);
    if (isFresh) {
      await model.loaded;
      // A row that it cannot score is for the gates and stages to judge; warming does not look at answers.
      await Promise.all(this.recentRows.map((row) => model.score(row)));
    }
  }

  private obtain(version: string): Model {
    const model = this.models.get(version) ?? new Model(version, this.options);
    this.models.set(version, model);
    return model;
  }

  /** Takes versions out of memory once the rows that they were asked are answered. */
  private release(versions: readonly string[]): void {
    for (const version of versions) {
      const model = this.models.get(version);
      this.models.delete(version);
      if (model === undefined) continue;
      this.leave(this.mirrorsIdle().then(() => model.stop()));
    }
  }

  private leave(stopped: Promise<void>): void {
    const left = stopped.finally(() => this.leaving.delete(left));
    this.leaving.add(left);
  }

  private async store(route: Route): Promise<void> {
    await writeWhole(this.file, `${JSON.stringify({ schema: "retrain.route/1", ...route }, undefined, 2)}\n`);
    this.current = route;
  }
}

function namesIn(route: Route): string[] {
  return [route.champion, route.challenger].filter((version) => version !== undefined);
}

function isSameWish(change: RouteChange, route: Route): boolean {
  return (
    change.champion === route.champion &&
    change.challenger === route.challenger &&
    change.share === route.share &&
    change.mirror === route.mirror
  );
}

async function readRoute(file: string): Promise<Route> {
  try {
    const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
    if (text === undefined) return NO_ROUTE;
    const { champion, challenger, share, mirror, fence, revision, key } = StoredRoute.parse(JSON.parse(text));
    return { champion, challenger, share, mirror, fence, revision, key };
  } catch (error) {
    const words = error instanceof z.ZodError ? z.prettifyError(error) : wordsOf(error);
    throw new ServerError(
      "route_unreadable",
      `${file} is not a route file: ${wordsOf(words)}; put a copy back, or remove it to start without a route`,
      { cause: error },
    );
  }
}
