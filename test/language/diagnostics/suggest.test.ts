import { expect, it } from "vitest";
import { suggest } from "../../../language/diagnostics/suggest.ts";

it("finds the nearest word within a distance that grows with the length", () => {
  expect(suggest("acu", ["auc", "accuracy"])).toBe("auc");
  expect(suggest("recal", ["recall", "precision"])).toBe("recall");
  expect(suggest("calibration_eror", ["calibration_error"])).toBe("calibration_error");
  expect(suggest("Recall", ["recall"])).toBe("recall");
});

it("says nothing when no word is near", () => {
  expect(suggest("f1", ["r2", "k1"])).toBeUndefined();
  expect(suggest("auc", ["mae", "rmse"])).toBeUndefined();
  expect(suggest("city", ["country", "spend"])).toBeUndefined();
  expect(suggest("", ["a"])).toBeUndefined();
});

it("counts a swap of neighbours as one change", () => {
  expect(suggest("sotp", ["stop"])).toBe("stop");
  expect(suggest("tsop", ["stopx"])).toBeUndefined();
  expect(suggest("ni", ["on", "in"])).toBe("in");
  expect(suggest("na", ["in", "on"])).toBeUndefined();
});

it("takes the first of equally near words", () => {
  expect(suggest("cat", ["bat", "rat"])).toBe("bat");
  expect(suggest("cat", ["rat", "bat"])).toBe("rat");
});
