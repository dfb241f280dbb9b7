import { expect, it } from "vitest";
import { compiledBytes, differences, type Surroundings } from "../../support/same-bytes.ts";

/** The small dose of `npm run engines:bytes`: this Node only. */
const plain: Surroundings = { node: process.execPath, zone: "UTC", locale: "C.UTF-8", order: 0 };

it("the same policies compile to the same bytes, whatever the zone, the locale and the order of files and keys", () => {
  const first = compiledBytes(plain);
  expect(first.size).toBeGreaterThan(60);
  for (const change of [
    {},
    { zone: "Asia/Kolkata", locale: "tr_TR.UTF-8", order: 7 },
    { zone: "America/St_Johns", locale: "tr_TR.UTF-8", order: 11 },
  ]) {
    expect(differences(first, compiledBytes({ ...plain, ...change })), JSON.stringify(change)).toEqual([]);
  }
});

it("a difference would be seen", () => {
  const one = new Map([["a", "1"]]);
  expect(differences(one, new Map([["a", "2"]]))).toEqual(["a"]);
  expect(differences(one, new Map())).toEqual(["a"]);
  expect(differences(new Map(), one)).toEqual(["a"]);
});
