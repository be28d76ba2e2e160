import type { Path } from "../model/path.ts";
import type { Schema } from "./schema.ts";
import { typeOfValue } from "./value-type.ts";
import type { Walk } from "./walk.ts";

interface Bound {
  readonly name: string;
  readonly limit: number;
  readonly holds: (value: number | bigint, limit: number | bigint) => boolean;
  readonly what: string;
}

/** A number against the ranges of its format and of its schema, with the server's own roundings. */
export function checkNumber(value: number | bigint, schema: Schema, path: Path, walk: Walk): void {
  const { type, format } = schema;
  const kind =
    type === undefined ? "a number" : `of type ${type}${format === undefined ? "" : ` with format ${format}`}`;
  if (!fits(value, schema)) walk.found(path, `must be ${kind}`);
  for (const { name, limit, holds, what } of boundsOf(schema)) {
    // A limit that is itself none of the schema's numbers refuses every value.
    if (!fits(limit, schema)) walk.found(path, `the ${name} ${limit} of its schema must be ${kind}`);
    if (!holds(value, comparable(limit, value, schema))) walk.found(path, what);
  }
}

function boundsOf(schema: Schema): readonly Bound[] {
  const { multipleOf, maximum, exclusiveMaximum, minimum, exclusiveMinimum } = schema;
  return [
    ...(multipleOf === undefined ? [] : [multipleBound(multipleOf)]),
    ...(maximum === undefined ? [] : [maximumBound(maximum, exclusiveMaximum)]),
    ...(minimum === undefined ? [] : [minimumBound(minimum, exclusiveMinimum)]),
  ];
}

function multipleBound(limit: number): Bound {
  return { name: "multipleOf", limit, holds: isMultiple, what: `should be a multiple of ${limit}` };
}

function maximumBound(limit: number, exclusive: boolean): Bound {
  return exclusive
    ? { name: "maximum", limit, holds: (value, most) => value < most, what: `should be less than ${limit}` }
    : {
        name: "maximum",
        limit,
        holds: (value, most) => value <= most,
        what: `should be less than or equal to ${limit}`,
      };
}

function minimumBound(limit: number, exclusive: boolean): Bound {
  return exclusive
    ? { name: "minimum", limit, holds: (value, least) => value > least, what: `should be greater than ${limit}` }
    : {
        name: "minimum",
        limit,
        holds: (value, least) => value >= least,
        what: `should be greater than or equal to ${limit}`,
      };
}

const INT32 = 2 ** 31;
const FLOAT_MOST = 3.402_823_567_797_336_6e38;

function fits(value: number | bigint, { type, format }: Schema): boolean {
  if (type === "integer")
    return typeOfValue(value) === "integer" && (format !== "int32" || (value >= -INT32 && value < INT32));
  return type !== "number" || format !== "float" || Math.abs(Number(value)) < FLOAT_MOST;
}

// The server compares a whole number with the whole part of a limit.
function comparable(limit: number, value: number | bigint, schema: Schema): number | bigint {
  return typeOfValue(value) === "integer" && fits(limit, schema) ? BigInt(Math.trunc(limit)) : limit;
}

function isMultiple(value: number | bigint, factor: number | bigint): boolean {
  if (factor <= 0) return false;
  if (typeof factor === "bigint") return BigInt(value) % factor === 0n;
  return isNearlyWhole(factor < 1 ? (1 / factor) * Number(value) : Number(value) / factor);
}

const NEARLY = 1e-9;

function isNearlyWhole(value: number): boolean {
  const whole = Math.trunc(value);
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) return false;
  return value === whole || (whole !== 0 && Math.abs(value - whole) / Math.abs(value + whole) < NEARLY);
}
