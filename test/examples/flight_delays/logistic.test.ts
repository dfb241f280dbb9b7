import { expect, it } from "vitest";
import { areaUnderCurve, fitLogistic, linear, type OneHotRows } from "../../../examples/flight_delays/logistic.ts";

/** Two features with two and three values: columns 1..2 and 3..5. */
function twoFeatures(count: number): OneHotRows {
  const columns = new Uint16Array(count * 2);
  const labels = new Uint8Array(count);
  for (let row = 0; row < count; row += 1) {
    columns[row * 2] = 1 + (row % 2);
    columns[row * 2 + 1] = 3 + (row % 3);
    labels[row] = (row * row + (row % 7)) % 5 < 1 + (row % 2) ? 1 : 0;
  }
  return { columns, active: 2, labels, width: 6 };
}

it("finds the log odds of a single feature where the penalty is as good as none", () => {
  // Value 1: 3 of 10 late; value 2: 6 of 10 late.
  const columns = Uint16Array.from({ length: 20 }, (_, row) => (row < 10 ? 1 : 2));
  const labels = Uint8Array.from({ length: 20 }, (_, row) => (row < 3 || (row >= 10 && row < 16) ? 1 : 0));
  const rows = { columns, active: 1, labels, width: 3 };
  const { weights } = fitLogistic(rows, 1e-9, () => undefined);
  expect(linear(rows, weights, 0)).toBeCloseTo(Math.log(3 / 7), 6);
  expect(linear(rows, weights, 19)).toBeCloseTo(Math.log(6 / 4), 6);
});

it("ends where the gradient of the penalised log loss is zero", () => {
  const rows = twoFeatures(300);
  const penalty = 5;
  const { weights, lastChange } = fitLogistic(rows, penalty, () => undefined);
  expect(lastChange).toBeLessThan(1e-6);
  for (let column = 0; column < rows.width; column += 1) {
    let gradient = column === 0 ? 0 : penalty * Number(weights[column]);
    rows.labels.forEach((label, row) => {
      const active = column === 0 || rows.columns.subarray(row * 2, row * 2 + 2).includes(column);
      if (active) gradient += 1 / (1 + Math.exp(-linear(rows, weights, row))) - label;
    });
    expect(gradient).toBeCloseTo(0, 8);
  }
});

it("lowers the log loss with every iteration, from that of a coin", () => {
  const losses: number[] = [];
  fitLogistic(twoFeatures(300), 5, (_, loss) => losses.push(loss));
  expect(losses[0]).toBeCloseTo(Math.log(2), 12);
  expect(losses.length).toBeGreaterThan(2);
  expect(losses).toEqual([...losses].sort((a, b) => b - a));
});

it("counts the pairs in order, ties half", () => {
  const area = (scores: readonly number[], labels: readonly number[]) =>
    areaUnderCurve(Float64Array.from(scores), Uint8Array.from(labels));
  expect(area([0.1, 0.2, 0.3, 0.4], [0, 0, 1, 1])).toBe(1);
  expect(area([0.1, 0.2, 0.3, 0.4], [1, 1, 0, 0])).toBe(0);
  expect(area([0.5, 0.5, 0.5], [0, 1, 1])).toBe(0.5);
  // Of six pairs four are in order and one is tied.
  expect(area([0.1, 0.4, 0.4, 0.8, 0.2], [0, 0, 1, 1, 1])).toBe(4.5 / 6);
  expect(area([0.1, 0.2], [1, 1])).toBeNaN();
});
