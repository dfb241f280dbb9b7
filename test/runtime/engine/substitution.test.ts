import { expect, it } from "vitest";
import { substitute } from "../../../runtime/engine/substitution.ts";

const values = { "flights.uri": "/data/a b", "champion.uri": "", "run.id": "r-1" };

it("replaces every substitution by its value, an empty one by nothing", () => {
  expect(substitute("${flights.uri}/${run.id}${champion.uri}", values)).toBe("/data/a b/r-1");
});

it("keeps an escaped one as text and reads no value twice", () => {
  expect(substitute("$${run.id} $HOME `x`", values)).toBe("${run.id} $HOME `x`");
  expect(substitute("${run.id}", { "run.id": "${flights.uri}" })).toBe("${flights.uri}");
});

it("takes no value from the prototype", () => {
  expect(() => substitute("${constructor}", values)).toThrow(/no value/);
});
