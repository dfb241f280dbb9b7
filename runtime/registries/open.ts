import { resolve } from "node:path";
import type { Bindings } from "../../compiler/plan/bindings.ts";
import { RegistryError } from "./error.ts";
import { openLocalRegistry } from "./local.ts";
import type { Registry } from "./registry.ts";

/** The registry that an environment names; `root` is what relative folders start from. Throws RegistryError (`unavailable`) for a kind that this release cannot reach. */
export function openRegistry(binding: Bindings["registry"], root: string): Registry {
  if (binding.kind === "local") return openLocalRegistry(resolve(root, binding.folder));
  throw new RegistryError(
    "unavailable",
    `this release compiles for a registry of kind \`${binding.kind}\` and cannot reach one yet; run the policy in an environment with a local registry`,
  );
}
