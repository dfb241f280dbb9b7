import type { Literal, Name, Parameter, Quantity, QuantityUnit } from "../../syntax/tree.ts";
import type { Collector } from "../collector.ts";
import { choose } from "../scope.ts";
import { refuseSubstitutions } from "../substitution.ts";
import { quantityKind } from "../wording.ts";

/** What a parameter of a type takes. */
interface ParameterType {
  readonly units: readonly QuantityUnit[];
  /** With its article. */
  readonly name: string;
  readonly example: string;
}

const types = {
  text: { units: [], name: "a text", example: '"shoes"' },
  number: { units: ["number"], name: "a number", example: "0.92" },
  ratio: { units: ["percent", "number"], name: "a ratio", example: "92%" },
  points: { units: ["points"], name: "points", example: "0.5pp" },
  duration: { units: ["duration"], name: "a length of time", example: "24h" },
  size: { units: ["size"], name: "a size", example: "32Gi" },
  count: { units: ["number"], name: "a count", example: "5_000" },
} as const satisfies Readonly<Record<string, ParameterType>>;

export type ParameterTypeName = keyof typeof types;

const typeNames: readonly ParameterTypeName[] = ["text", "number", "ratio", "points", "duration", "size", "count"];

/** The type that a parameter names; reports one that does not exist. */
export function parameterType(name: Name, out: Collector): ParameterTypeName | undefined {
  return choose(name, typeNames, "a type of parameter", out, "name/unknown-choice", {
    string: "text",
    int: "count",
    integer: "count",
    float: "number",
    percent: "ratio",
    percentage: "ratio",
    pp: "points",
    time: "duration",
    length: "duration",
    bytes: "size",
  });
}

export function exampleOf(type: ParameterTypeName): string {
  return types[type].example;
}

/** Whether a literal can be the value of a parameter; reports one that cannot. A quantity that does not parse was reported by the lexer. */
export function takes(
  parameter: Parameter,
  type: ParameterTypeName,
  value: Literal,
  out: Collector,
): value is Quantity | Extract<Literal, { kind: "Text" }> {
  const wanted: ParameterType = types[type];
  const report = (found: string): false => {
    out.report("template/argument-type", value.span, {
      parameter: parameter.name.text,
      type: wanted.name,
      found,
      example: `${parameter.name.text}: ${wanted.example}`,
    });
    return false;
  };
  if (value.kind === "List") return report("a list");
  if (value.kind === "Text") {
    if (type !== "text") return report("a text");
    const before = out.diagnostics.length;
    refuseSubstitutions(value, "the value of a parameter", out);
    return out.diagnostics.length === before;
  }
  if (value.unit === "bad") return false;
  if (!wanted.units.includes(value.unit)) return report(`${value.raw} (${quantityKind(value)})`);
  if (type === "count" && (!Number.isSafeInteger(value.value) || value.value < 0))
    return report(`${value.raw}, no whole number`);
  return true;
}
