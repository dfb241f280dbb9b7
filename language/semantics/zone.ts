import { suggest } from "../diagnostics/suggest.ts";
import type { Text } from "../syntax/tree.ts";
import type { Collector } from "./collector.ts";
import { isKnownZone } from "./zone-names.ts";

/** Whether a name is a zone of the IANA database that this machine knows. Offsets such as `+02:00` are none: they do not know when clocks change. */
function isZone(zone: string): boolean {
  if (isKnownZone(zone)) return true;
  if (!/^[A-Za-z]/u.test(zone)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** Abbreviations that some systems take for zones; they name an offset, not a place. `UTC` is meant as it is. */
const abbreviation = /^[A-Z]{2,5}$/u;

/** The zone a text names; reports one that does not exist, and abbreviations. */
export function readZone(text: Text, out: Collector): string | undefined {
  const zone = text.value;
  if (isZone(zone) && (zone === "UTC" || !abbreviation.test(zone))) return zone;
  const known = Intl.supportedValuesOf("timeZone");
  const lastPart = zone.split("/").at(-1) ?? zone;
  const byCity = known.find((candidate) => candidate.split("/").at(-1)?.toLowerCase() === lastPart.toLowerCase());
  const suggestion = suggest(zone, known) ?? byCity;
  return out.report(
    "trigger/unknown-zone",
    text.span,
    { zone, suggestion },
    suggestion === undefined
      ? {}
      : { fixes: [{ label: `write \`"${suggestion}"\``, edits: [{ span: text.span, text: `"${suggestion}"` }] }] },
  );
}
