import { expect, it } from "vitest";
import { counter, gauge, histogram, printMetrics } from "../../../runtime/server/metrics.ts";
import { parsePrometheus } from "../../support/prometheus.ts";

it("label values and help texts come back as they were", () => {
  const odd = 'a "quoted" back\\slash\nnew line {x="y"},';
  const requests = counter("requests_total", "Help with \\ and\nan end of line.");
  requests.add({ version: odd });
  requests.add({ version: odd });
  const [family] = parsePrometheus(printMetrics([requests]));
  expect(family).toEqual({
    name: "requests_total",
    help: "Help with \\ and\nan end of line.",
    type: "counter",
    series: [{ name: "requests_total", labels: { version: odd }, value: 2 }],
  });
});

it("a histogram cumulates: a value on an upper end belongs to its bucket", () => {
  const latency = histogram("latency_seconds", "Latency.");
  for (const seconds of [0.05, 0.051, 0.0001, 9]) latency.observe({ version: "1" }, seconds);
  const series = parsePrometheus(printMetrics([latency]))[0]?.series ?? [];
  const at = (end: string) => series.find(({ labels }) => labels["le"] === end)?.value;
  expect([at("0.025"), at("0.05"), at("0.1"), at("2.5"), at("+Inf")]).toEqual([1, 2, 3, 3, 4]);
  expect(series.find(({ name }) => name === "latency_seconds_sum")?.value).toBeCloseTo(9.1011, 10);
});

it("families without a series still have their HELP and TYPE", () => {
  const text = printMetrics([counter("a_total", "A."), gauge("b", "B.", () => [[{}, 0.5]])]);
  expect(parsePrometheus(text).map(({ name, series }) => [name, series.length])).toEqual([
    ["a_total", 0],
    ["b", 1],
  ]);
});
