import { expect, it } from "vitest";
import { lex } from "../../../language/syntax/lex.ts";
import { quantityValue, suggestQuantity } from "../../../language/syntax/quantity.ts";

const typesOf = (text: string): string[] => lex(text).tokens.map((token) => `${token.tokenType.name} ${token.image}`);

it("takes each kind of quantity for one token", () => {
  expect(typesOf("1h30m 250ms 4w 2027-06-30 32Gi 10GB 0.5pp -1.5pp 92% 0.5% 500_000 -1.5 1e5 1e-3")).toEqual([
    "Duration 1h30m",
    "Duration 250ms",
    "Duration 4w",
    "DateQuantity 2027-06-30",
    "Size 32Gi",
    "Size 10GB",
    "Points 0.5pp",
    "Points -1.5pp",
    "Percent 92%",
    "Percent 0.5%",
    "NumberQuantity 500_000",
    "NumberQuantity -1.5",
    "NumberQuantity 1e5",
    "NumberQuantity 1e-3",
  ]);
});

it("ends a number before the two dots of a range", () => {
  expect(typesOf("0..1 24h..48h 0.1..0.2")).toEqual([
    "NumberQuantity 0",
    "DotDot ..",
    "NumberQuantity 1",
    "Duration 24h",
    "DotDot ..",
    "Duration 48h",
    "NumberQuantity 0.1",
    "DotDot ..",
    "NumberQuantity 0.2",
  ]);
});

it("keeps what is no quantity as one bad token", () => {
  for (const bad of ["5min", "1.5h", "500mi", "3p", "30m1h", "5_", "1__0", "2027-6-30", "1.2.3", "7D", "12abc%"]) {
    expect(typesOf(bad)).toEqual([`BadQuantity ${bad}`]);
  }
});

it("suggests how a bad quantity was meant", () => {
  const meant = [
    "5min",
    "5sec",
    "2hours",
    "3days",
    "1week",
    "1.5h",
    "0.5days",
    "30m1h",
    "500mi",
    "10gb",
    "4G",
    "3p",
    "5pct",
    "2027-6-3",
  ];
  expect(meant.map((written) => suggestQuantity(written))).toEqual([
    "5m",
    "5s",
    "2h",
    "3d",
    "1w",
    "1h30m",
    "12h",
    "1h30m",
    "500Mi",
    "10GB",
    "4Gi",
    "3pp",
    "5%",
    "2027-06-03",
  ]);
  expect(["3months", "12abc", "2027-13-45", "0.0001ms"].map((written) => suggestQuantity(written))).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

it("gives values in milliseconds, bytes and parts of one", () => {
  expect(quantityValue("1w1d1h1m1s1ms", "duration")).toBe(694_861_001);
  expect(quantityValue("1.5Ki", "size")).toBe(1536);
  expect(quantityValue("10GB", "size")).toBe(10_000_000_000);
  expect(quantityValue("0.5pp", "points")).toBe(0.005);
  expect(quantityValue("0.1%", "percent")).toBe(0.001);
  expect(quantityValue("29%", "percent")).toBe(0.29);
  expect(quantityValue("500_000", "number")).toBe(500_000);
  expect(quantityValue("2001-04-09", "date")).toBe(Date.UTC(2001, 3, 9));
  expect(quantityValue("2027-02-30", "date")).toBeNaN();
});
