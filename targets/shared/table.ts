import type { Target } from "../target.ts";
import type { Capability } from "./capability.ts";
import { type ConstructId, constructIds, constructs } from "./constructs/constructs.ts";

/** A cell of the capability table as tools read it. */
export interface Cell extends Capability {
  /** Of the diagnostic that says so, where there is one. */
  readonly code?: string;
}

/** A row of one engine's column. */
export interface Row extends Cell {
  readonly id: ConstructId;
  readonly construct: string;
  readonly chapter: string;
  /** Where an option of the environment makes it another. */
  readonly differs: readonly (Cell & { readonly option: string })[];
}

/** What says that a cell is not held, or not yet. */
function withCode(id: ConstructId, { support, how }: Capability): Cell {
  if (support === "refused") return { support, how, code: constructs[id].code };
  return support === "pending" ? { support, how, code: "target/not-yet-carried-out" } : { support, how };
}

/** The column of an engine, row by row. */
export function rowsOf(target: Target): readonly Row[] {
  return constructIds.map((id) => {
    const { name, chapter } = constructs[id];
    const differs = target.variants.flatMap(({ option, capabilities }) => {
      const own = capabilities[id];
      return own === undefined ? [] : [{ option, ...withCode(id, own) }];
    });
    return { id, construct: name, chapter, ...withCode(id, target.capabilities[id]), differs };
  });
}
