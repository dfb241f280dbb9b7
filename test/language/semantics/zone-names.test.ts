import { expect, it } from "vitest";
import { isKnownZone } from "../../../language/semantics/zone-names.ts";

it("knows the zones of the machine's database, and only zones that are there", () => {
  const zones = Intl.supportedValuesOf("timeZone").filter((zone) => !zone.startsWith("Etc/"));
  const unknown = zones.filter((zone) => !isKnownZone(zone));
  // A newer database may have a few more: they are asked of the machine.
  expect(unknown.length).toBeLessThan(10);
  for (const zone of ["UTC", "Europe/Berlin", "America/New_York", "America/Argentina/Buenos_Aires"])
    expect(isKnownZone(zone)).toBe(true);
  for (const zone of ["CET", "Europe", "Europe/", "Europe/Berln", "", "/", "toString/x", "UTC/UTC"])
    expect(isKnownZone(zone)).toBe(false);
});
