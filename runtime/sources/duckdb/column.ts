import type { ColumnType } from "../../../compiler/plan/dataset.ts";
import { identifier } from "./quote.ts";

/** SQL of a column as the type that the policy declares. */
export interface Field {
  readonly name: string;
  readonly type: ColumnType;
  /** As stored. */
  readonly raw: string;
  /** DOUBLE for number and integer, BOOLEAN, VARCHAR for category and text, TIMESTAMP (UTC); null where missing or not of the type. */
  readonly value: string;
  /** True where there is no value: NULL, and NaN among numbers. */
  readonly missing: string;
  /** True where there is a value that is not of the type; absent where the stored type rules that out. */
  readonly bad?: string;
}

type Family = "integer" | "float" | "decimal" | "boolean" | "text" | "time" | "other";

function familyOf(physical: string): Family {
  if (/^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/.test(physical)) return "integer";
  if (physical === "FLOAT" || physical === "DOUBLE") return "float";
  if (physical.startsWith("DECIMAL")) return "decimal";
  if (physical === "BOOLEAN") return "boolean";
  if (physical === "VARCHAR" || physical === "UUID" || physical.startsWith("ENUM")) return "text";
  if (physical === "DATE" || physical.startsWith("TIMESTAMP")) return "time";
  return "other";
}

const familyWords: Readonly<Record<Family, string>> = {
  integer: "whole numbers",
  float: "floating-point numbers",
  decimal: "decimal numbers",
  boolean: "booleans",
  text: "text",
  time: "times",
  other: "values of a nested or binary type",
};

/** The type a column has that the policy does not declare; undefined where none fits. */
export function inferredType(physical: string | undefined): ColumnType | undefined {
  if (physical === undefined) return undefined;
  const family = familyOf(physical);
  if (family === "integer") return "integer";
  if (family === "float" || family === "decimal") return "number";
  if (family === "boolean") return "boolean";
  if (family === "text") return "category";
  return family === "time" ? "timestamp" : undefined;
}

/** The column as `type`, or in words why a column stored as `physical` (undefined: untyped text) cannot be it. */
export function fieldOf(
  name: string,
  type: ColumnType,
  physical: string | undefined,
): Field | { readonly mismatch: string } {
  const column = identifier(name);
  const base = { name, type, raw: column };
  if (physical === undefined) return { ...base, ...untyped(column, type) };
  const family = familyOf(physical);
  const plain = { value: column, missing: `${column} IS NULL` };
  switch (type) {
    case "number":
      if (family === "integer" || family === "decimal")
        return { ...base, ...plain, value: `CAST(${column} AS DOUBLE)` };
      if (family === "float") return { ...base, ...float(column) };
      break;
    case "integer":
      if (family === "integer") return { ...base, ...plain, value: `CAST(${column} AS DOUBLE)` };
      if (family === "float" || family === "decimal") {
        const number = family === "float" ? float(column) : { ...plain, value: `CAST(${column} AS DOUBLE)` };
        return { ...base, ...number, bad: fraction(number.value) };
      }
      break;
    case "boolean":
      if (family === "boolean") return { ...base, ...plain };
      if (family === "integer" || family === "float") {
        const value = `(CASE ${column} WHEN 1 THEN true WHEN 0 THEN false END)`;
        const missing = family === "float" ? float(column).missing : plain.missing;
        return { ...base, value, missing, bad: `(NOT ${missing} AND ${value} IS NULL)` };
      }
      break;
    case "category":
      if (family === "text" || family === "integer" || family === "boolean") {
        return { ...base, ...plain, value: `CAST(${column} AS VARCHAR)` };
      }
      break;
    case "text":
      if (family === "text") return { ...base, ...plain, value: `CAST(${column} AS VARCHAR)` };
      break;
    case "timestamp":
      if (family === "time") return { ...base, ...plain, value: `CAST(${column} AS TIMESTAMP)` };
      break;
  }
  return { mismatch: `${typeWords[type]} expected, ${familyWords[family]} found` };
}

/** What the values of a type are called. */
export const typeWords: Readonly<Record<ColumnType, string>> = {
  number: "numbers",
  integer: "whole numbers",
  boolean: "booleans",
  category: "categories",
  text: "text",
  timestamp: "times",
};

function float(column: string): Pick<Field, "value" | "missing"> {
  return {
    value: `(CASE WHEN isnan(${column}) THEN NULL ELSE CAST(${column} AS DOUBLE) END)`,
    missing: `(${column} IS NULL OR isnan(${column}))`,
  };
}

/** Infinite values have no fraction to look at and are no whole numbers. */
function fraction(value: string): string {
  return `coalesce(NOT isfinite(${value}) OR ${value} <> trunc(${value}), false)`;
}

function untyped(column: string, type: ColumnType): Pick<Field, "value" | "missing" | "bad"> {
  const number = `TRY_CAST(${column} AS DOUBLE)`;
  const missing = `${column} IS NULL`;
  switch (type) {
    case "number":
    case "integer": {
      const absent = `(${column} IS NULL OR coalesce(isnan(${number}), false))`;
      const value = `nullif(${number}, 'NaN'::DOUBLE)`;
      const unfit = `(${column} IS NOT NULL AND ${number} IS NULL)`;
      return { value, missing: absent, bad: type === "number" ? unfit : `(${unfit} OR ${fraction(value)})` };
    }
    case "boolean": {
      const value = `(CASE WHEN lower(${column}) IN ('true', '1') THEN true WHEN lower(${column}) IN ('false', '0') THEN false END)`;
      return { value, missing, bad: `(${column} IS NOT NULL AND ${value} IS NULL)` };
    }
    case "timestamp": {
      const value = `CAST(TRY_CAST(${column} AS TIMESTAMPTZ) AS TIMESTAMP)`;
      return { value, missing, bad: `(${column} IS NOT NULL AND ${value} IS NULL)` };
    }
    case "category":
    case "text":
      return { value: column, missing };
  }
}
