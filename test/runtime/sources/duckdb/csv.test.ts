import { expect, it } from "vitest";
import { readHeader } from "../../../../runtime/sources/duckdb/csv.ts";

const read = (text: string): unknown => readHeader(new TextEncoder().encode(text));

it("the header gives names and delimiter, with quotes, a byte order mark and either end of line", () => {
  expect(read("a,b\n1,2\n")).toEqual({ delimiter: ",", names: ["a", "b"] });
  expect(read("\ufeffa;b;c,d\r\n1;2;3\r\n")).toEqual({ delimiter: ";", names: ["a", "b", "c,d"] });
  expect(read('"a,""x""","b\nc"\n1,2')).toEqual({ delimiter: ",", names: ['a,"x"', "b\nc"] });
  expect(read("a\tb")).toEqual({ delimiter: "\t", names: ["a", "b"] });
  expect(read("only\n1\n")).toEqual({ delimiter: ",", names: ["only"] });
});

it("what is no header says why", () => {
  expect(read("a,a\n")).toEqual({ problem: 'its header names "a" twice' });
  expect(read("a,,b\n")).toEqual({ problem: "a column of its header has no name" });
  expect(read("a,b,\n")).toEqual({ problem: "a column of its header has no name" });
  expect(read('"a,b\n')).toEqual({ problem: "a quote in its header is not closed" });
  expect(read("a\u0001b\n")).toEqual({ problem: "its header holds control characters" });
  expect(readHeader(Uint8Array.of(0xff, 0xfe, 0x41, 0x0a))).toEqual({ problem: "its header is not UTF-8 text" });
});
