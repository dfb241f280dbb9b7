import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Folder of secrets on this machine: one folder a secret, one file a key, as Kubernetes mounts them. */
const FOLDER = ".retrain/secrets";

/** The file that holds the secret `secret/key`. */
export function secretFile(root: string, reference: string): string {
  return join(root, FOLDER, reference);
}

/** Reads what `secret NAME from "secret/key"` names. The values go to the step's environment and nowhere else. */
export function readSecrets(
  root: string,
  references: Readonly<Record<string, string>>,
): Record<string, string> | { readonly missing: string } {
  const values: Record<string, string> = {};
  for (const [name, reference] of Object.entries(references)) {
    const file = secretFile(root, reference);
    try {
      values[name] = readFileSync(file, "utf8").replace(/\n$/, "");
    } catch {
      return { missing: `secret \`${reference}\` cannot be read; on this machine it is the file ${file}` };
    }
  }
  return values;
}
