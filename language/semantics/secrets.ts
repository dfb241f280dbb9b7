import type { Text } from "../syntax/tree.ts";
import type { Collector } from "./collector.ts";

/** What well-known secrets look like. */
const shapes: readonly RegExp[] = [
  /\bAKIA[0-9A-Z]{16}\b/u,
  /\bgh[pousr]_[A-Za-z0-9]{20,}\b/u,
  /\bglpat-[A-Za-z0-9_-]{20,}/u,
  /\bsk-[A-Za-z0-9_-]{20,}/u,
  /\bxox[abprs]-[A-Za-z0-9-]{10,}/u,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/u,
  /\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/u,
  /[a-z][a-z0-9+.-]*:\/\/[^\s/:@]+:[^\s/@]+@/u,
  /hooks\.slack\.com\/services\//u,
  /(?:password|passwd|secret|token|api_?key)=[^\s&$]+/iu,
];

const telling = /(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|CREDENTIALS?)$/iu;

/** Whether a text looks like a secret itself. */
function looksSecret(text: string): boolean {
  return shapes.some((shape) => shape.test(text));
}

/** Reports a text that looks like a secret; the text is never repeated in the message. */
export function refuseSecrets(text: Text, what: string, out: Collector): void {
  if (looksSecret(text.value)) out.report("policy/secret-as-text", text.span, { what });
}

/** The same for the value of a variable, whose name may tell as well. A value that is filled in at run time is none. */
export function refuseSecretVariable(name: string, value: Text, out: Collector): void {
  const telltale = telling.test(name) && value.value.trim() !== "" && !value.value.includes("${");
  if (telltale || looksSecret(value.value))
    out.report("policy/secret-as-text", value.span, { what: `the value of \`${name}\`` });
}
