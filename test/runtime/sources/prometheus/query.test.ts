import { parser } from "@prometheus-io/lezer-promql";
import fc from "fast-check";
import { expect, it } from "vitest";
import { bucketsOf, fill, QueryError, selectorsOf } from "../../../../runtime/sources/prometheus/query.ts";

const query = "sum(increase(x_total{v=\"$version\", r='$revision'}[$window])) / 2";

it("writes version, revision and window where they belong", () => {
  expect(fill(query, { version: "7", revision: "m-00002", window: 90_000 })).toBe(
    "sum(increase(x_total{v=\"7\", r='m-00002'}[90s])) / 2",
  );
  expect(fill("f[$window]", { version: "7", revision: "7", window: 400 })).toBe("f[1s]");
});

it("whatever a version is called, the query keeps its shape, and the label holds the name", () => {
  const shape = (text: string) => {
    const names: string[] = [];
    parser.parse(text).iterate({ enter: ({ name }) => void names.push(name) });
    return names.join(" ");
  };
  const plain = shape(fill(query, { version: "7", revision: "7", window: 60_000 }));
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string(), (version, revision) => {
      const filled = fill(query, { version, revision, window: 60_000 });
      expect(shape(filled)).toBe(plain);
      const label = /v="((?:[^"\\]|\\.)*)"/su.exec(filled)?.[1] ?? "";
      expect(JSON.parse(`"${label}"`)).toBe(version);
    }),
    { numRuns: 2_000 },
  );
});

it("a raw text that a name would end is refused", () => {
  const raw = "x{v=`$version`}";
  expect(fill(raw, { version: 'a"b', revision: "", window: 1_000 })).toBe('x{v=`a"b`}');
  expect(() => fill(raw, { version: "a`b", revision: "", window: 1_000 })).toThrow(QueryError);
});

it("what Prometheus's grammar does not take is refused before it is asked", () => {
  expect(() => fill("sum(increase(x[$window])", { version: "1", revision: "1", window: 1_000 })).toThrow(QueryError);
});

it("finds every series that a query reads, once, without range and offset", () => {
  expect(selectorsOf('sum(rate(a{b="1"}[5m] offset 1h)) / sum(rate(c[5m])) + sum(rate(c[5m]))')).toEqual([
    'a{b="1"}',
    "c",
  ]);
});

it("finds the buckets behind a quantile and how they are counted", () => {
  expect(bucketsOf("histogram_quantile(0.9, sum by (le) (rate(b[5m])))")).toEqual({
    counts: "sum by (le) (rate(b[5m]))",
    perSecond: true,
  });
  expect(bucketsOf("histogram_quantile(0.9, increase(b[5m]))").perSecond).toBe(false);
  expect(() => bucketsOf("histogram_quantile(0.9, b)")).toThrow(QueryError);
  expect(() => bucketsOf("histogram_quantile(0.9, rate(b[5m]) + increase(b[5m]))")).toThrow(QueryError);
});
