/** A registered version of a model. */
export interface Version {
  /** `1`, `2`, ... in the order of registration. */
  readonly version: string;
  /** SHA-256 (hex) over names and bytes of its files. */
  readonly digest: string;
  readonly run: string;
  /** Folder with the model's files. */
  readonly uri: string;
  /** What the run wants kept with it: training window, row-set hash, metrics. Plain JSON. */
  readonly facts: unknown;
}

/** Keeps versions of one model and names for them. Effects are idempotent by key. */
export interface Registry {
  /** Copies the folder in as a new version; the same `run` again returns the version already there. */
  register(run: string, folder: string, facts: unknown): Promise<Version>;
  version(version: string): Promise<Version | undefined>;
  versions(): Promise<readonly Version[]>;
  /** Which version an alias (`champion`, `challenger`) names. */
  alias(name: string): Promise<{ readonly version: string; readonly fence: number } | undefined>;
  /** Moves an alias if it still names `expected` (undefined: does not exist) and no higher fence has written it; `to` undefined removes it. Returns what it names afterwards and whether this call's wish holds. */
  moveAlias(
    name: string,
    expected: string | undefined,
    to: string | undefined,
    fence: number,
  ): Promise<{ readonly moved: boolean; readonly version: string | undefined; readonly fence: number }>;
}
