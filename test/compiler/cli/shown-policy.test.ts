import { expect, it } from "vitest";
import { resolved } from "../../../compiler/cli/shown-policy.ts";
import { shownText } from "../../../compiler/cli/shown-text.ts";
import { painter } from "../../../compiler/cli/terminal.ts";
import { checkText } from "../../support/check-text.ts";
import { corpusCases } from "../../support/corpus.ts";

const now = Date.UTC(2026, 10, 24);

function show(name: string, options: { next: number; zone?: string }) {
  const found = corpusCases("reading").find((one) => one.name === name);
  const [policy] = checkText(found?.text ?? "").policies;
  if (policy === undefined) throw new Error(`no policy ${name}`);
  return resolved(policy, "policy.retrain", { next: options.next, zone: options.zone, now });
}

it("lists the next times of a schedule on its own clock and in UTC", () => {
  expect(show("flight_delays", { next: 2 }).next.map(({ at, local }) => [at, local])).toEqual([
    ["2026-11-30T10:00:00.000Z", "Mon 2026-11-30 04:00 America/Chicago"],
    ["2026-12-07T10:00:00.000Z", "Mon 2026-12-07 04:00 America/Chicago"],
  ]);
});

it("writes the same instants in another zone where one is asked for", () => {
  const [first] = show("flight_delays", { next: 1, zone: "Europe/Berlin" }).next;
  expect(first).toEqual({
    at: "2026-11-30T10:00:00.000Z",
    local: "Mon 2026-11-30 11:00 Europe/Berlin",
    schedule: '"0 4 * * MON" in "America/Chicago"',
  });
});

it("keeps the hour of the policy's clock over a clock change", () => {
  const times = show("flight_delays", { next: 20 }).next;
  expect(times).toHaveLength(20);
  expect(times.every(({ local }) => local.endsWith(" 04:00 America/Chicago"))).toBe(true);
  expect(times.map(({ at }) => at.slice(11, 16))).toEqual([...Array(15).fill("10:00"), ...Array(5).fill("09:00")]);
});

it("lists no times for a policy without a schedule, and says so", () => {
  const shown = show("data_only", { next: 10 });
  expect(shown.next).toEqual([]);
  expect(shownText(shown, painter(false), 80)).toContain("none: the policy has no schedule");
});

it("names every default with its value, its line and where it comes from", () => {
  const { defaults } = show("flight_delays", { next: 1 });
  expect(defaults).toContainEqual({
    path: "trigger.cooldown.failure",
    value: 21_600_000,
    line: 43,
    why: "a broken run is not tried again for 6h",
  });
});

it("shows requirements with their numbers, the members of groups too", () => {
  const { blocks } = show("any_of_gate", { next: 1 });
  const gate = blocks.find(({ name }) => name === "gate.offline");
  expect(gate?.requirements).toHaveLength(6);
  expect(gate?.requirements[1]).toMatchObject({ role: "1 of 2", confidence: 0.95 });
});

it.each(corpusCases("reading"))("fits $name into 80 columns", ({ name }) => {
  const text = shownText(show(name, { next: 3 }), painter(false), 80);
  const long = text.split("\n").filter((line) => line.length > 80 && line.trim().includes(" "));
  expect(long).toEqual([]);
});
