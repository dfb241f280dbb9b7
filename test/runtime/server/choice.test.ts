import { expect, it } from "vitest";
import { isChosen, placeOf } from "../../../runtime/server/choice.ts";

const keys = Array.from({ length: 20_000 }, (_, at) => `flight-${at}`);

it("chooses a part of the keys that is as large as the share", () => {
  for (const share of [0.01, 0.1, 0.5]) {
    const chosen = keys.filter((key) => isChosen(key, "live 2", share)).length;
    const standardError = Math.sqrt((share * (1 - share)) / keys.length);
    expect(Math.abs(chosen / keys.length - share)).toBeLessThan(4 * standardError);
  }
});

it("chooses none at share 0 and all at share 1", () => {
  expect(keys.some((key) => isChosen(key, "live 2", 0))).toBe(false);
  expect(keys.every((key) => isChosen(key, "live 2", 1))).toBe(true);
});

it("keeps every chosen key as the share grows", () => {
  const early = keys.filter((key) => isChosen(key, "live 2", 0.1));
  expect(early.length).toBeGreaterThan(1_000);
  expect(early.every((key) => isChosen(key, "live 2", 0.25))).toBe(true);
});

it("chooses other keys under another salt", () => {
  const first = keys.filter((key) => isChosen(key, "live 2", 0.1));
  const both = first.filter((key) => isChosen(key, "live 3", 0.1)).length;
  expect(both / first.length).toBeGreaterThan(0.05);
  expect(both / first.length).toBeLessThan(0.2);
});

it("gives a key the same place on every machine: SHA-256 of salt, NUL and key, first 48 bits", () => {
  expect(placeOf("a", "live 2")).toBe(0xf926795be1e0 / 2 ** 48);
});
