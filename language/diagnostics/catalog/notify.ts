import { error } from "./entry.ts";
import { oneOf } from "./name.ts";

const meant = (suggestion: string | undefined): string =>
  suggestion === undefined ? "" : `, did you mean \`${suggestion}\`?`;

interface Choice {
  readonly what: string;
  readonly name: string;
  readonly suggestion: string | undefined;
  readonly choices: readonly string[];
}

/** Who is told what. */
export const notify = {
  "notify/unknown-event": error(
    (p: Choice) => `\`${p.name}\` is not ${p.what}${meant(p.suggestion)}`,
    (p) => `Events are ${oneOf(p.choices)}.`,
  ),
  "notify/unknown-channel": error(
    (p: Choice) => `\`${p.name}\` is not ${p.what}${meant(p.suggestion)}`,
    (p) => `Channels are ${oneOf(p.choices)}.`,
  ),
  "notify/bad-address": error(
    (p: { channel: string; address: string; wanted: string }) => `\`${p.address}\` is no address for ${p.channel}`,
    (p) => `It takes ${p.wanted}, or \`secret "NAME/KEY"\` where the address itself is secret.`,
  ),
} as const;
