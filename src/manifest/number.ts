const MAX_SIGNED = 2n ** 63n - 1n;
const MIN_SIGNED = -(2n ** 63n);
const MAX_UNSIGNED = 2n ** 64n - 1n;

/** No integer of 64 bits needs as many digits, and to read one of megabytes takes minutes. */
const LONGEST = 100;
const INTEGER = /^([-+]?)(?:0[xX]([\dA-Fa-f]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9]\d*))$/;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;

/** Reads an integer of at most 64 bits: decimal or with the prefix 0x, 0o, 0b or 0, with an optional sign. */
export function parseInteger(text: string): bigint | undefined {
  const found = text.length > LONGEST ? null : INTEGER.exec(text);
  if (found === null) return parseSignedBinary(text);
  const [, sign, hex, binary, octal, decimal] = found;
  const size = magnitude(hex, binary, octal, decimal);
  if (sign === "-") return -size < MIN_SIGNED ? undefined : -size;
  return size > (sign === "+" ? MAX_SIGNED : MAX_UNSIGNED) ? undefined : size;
}

/** Reads a JSON integer: exact when int64 holds it. */
export function parseJsonInteger(text: string): number | bigint {
  return text.length > LONGEST ? Number(text) : integerJson(BigInt(text));
}

/** Reads a decimal float; `undefined` also when it is beyond a double. */
export function parseFloating(text: string): number | undefined {
  const value = FLOAT.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

export function isSigned64(value: bigint): boolean {
  return value >= MIN_SIGNED && value <= MAX_SIGNED;
}

/** An integer as our JSON has it: a `bigint` only where a double loses digits, and a double where int64 does not hold it. */
export function integerJson(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) || !isSigned64(value) ? number : value;
}

/** A float as it comes out of kubectl's detour over JSON text: without fraction it is an integer when int64 holds its digits, as 1e18. */
export function floatJson(value: number): number | bigint {
  if (value === 0) return 0;
  if (!Number.isInteger(value) || Number.isSafeInteger(value) || Math.abs(value) >= 1e21) return value;
  const digits = BigInt(value.toString());
  return isSigned64(digits) ? digits : value;
}

/** The shortest digits that name the same 32-bit float, with an exponent below 1e-4 and from 1e6. */
export function formatSingle(value: number): string {
  const single = Math.fround(value);
  if (Number.isNaN(single)) return ".nan";
  if (!Number.isFinite(single)) return single > 0 ? ".inf" : "-.inf";
  if (single === 0) return Object.is(single, -0) ? "-0" : "0";
  let precision = 1;
  while (precision < 9 && Math.fround(Number(single.toPrecision(precision))) !== single) precision += 1;
  const [digits = "", exponent = "0"] = single.toExponential(precision - 1).split("e");
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(Number(`${digits}e${exponent}`));
  return `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

/** What follows `0b` is read on its own by kubectl, so its sign may stand behind the prefix. */
function parseSignedBinary(text: string): bigint | undefined {
  const found = /^0b([-+])([01]{1,63})$/.exec(text);
  if (found === null) return undefined;
  const size = magnitude(undefined, found[2]);
  return found[1] === "-" ? -size : size;
}

function magnitude(hex?: string, binary?: string, octal?: string, decimal?: string): bigint {
  if (hex !== undefined) return BigInt(`0x${hex}`);
  if (binary !== undefined) return BigInt(`0b${binary}`);
  if (octal !== undefined) return BigInt(`0o${octal}`);
  return BigInt(decimal ?? 0);
}
