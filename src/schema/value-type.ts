import { isList, type Json } from "../model/json.ts";

export type ValueType = "null" | "boolean" | "string" | "integer" | "number" | "array" | "object";

const LEAST = -(2n ** 63n);
const MOST = 2n ** 63n - 1n;

/** How the server reads a value: a whole number that fits 64 bits is an `integer`, every other one a `number` (a double). */
export function typeOfValue(value: Json): ValueType {
  if (value === null) return "null";
  if (typeof value === "object") return isList(value) ? "array" : "object";
  if (typeof value === "bigint") return fits(value) ? "integer" : "number";
  if (typeof value === "number") return isWhole(value) ? "integer" : "number";
  return typeof value === "boolean" ? "boolean" : "string";
}

function isWhole(value: number): boolean {
  return Number.isSafeInteger(value) || (Number.isInteger(value) && fits(BigInt(value)));
}

function fits(value: bigint): boolean {
  return value >= LEAST && value <= MOST;
}
