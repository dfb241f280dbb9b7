import type { CheckedPolicy } from "../../language/semantics/checked/policy.ts";

/** Keys that say where something stands, not what it is. */
const places = new Set(["span", "source", "defaults", "unchecked"]);

/** A checked policy as readable text, one value a line and without places: what the policy means. Defaults stand at the end with their reasons. */
export function checkedText(policy: CheckedPolicy): string {
  const lines = [`policy ${policy.name}`];
  write(policy, "", lines);
  for (const { path, value, why } of policy.defaults) lines.push(`default ${path} = ${JSON.stringify(value)} (${why})`);
  return `${lines.join("\n")}\n`;
}

function write(value: object, path: string, lines: string[]): void {
  for (const [key, inner] of Object.entries(value)) {
    // A dataset's `source` is a part of it; a policy's is the text it was read from.
    if (places.has(key) && !(key === "source" && path !== "")) continue;
    const own = path === "" ? key : `${path}.${key}`;
    if (inner === undefined) continue;
    if (typeof inner !== "object" || inner === null) lines.push(`${own} = ${JSON.stringify(inner)}`);
    else if (Array.isArray(inner) && inner.every((one) => typeof one !== "object")) {
      lines.push(`${own} = [${inner.map((one) => JSON.stringify(one)).join(", ")}]`);
    } else write(inner, own, lines);
  }
}
