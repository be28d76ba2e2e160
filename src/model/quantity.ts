import type { Json } from "./json.ts";

/** An amount as Kubernetes counts it (`100m`, `1Gi`, `2e3`), exact, and the family of suffixes that it is written in. */
export interface Quantity {
  /** Billionths of one: the finest that the API server keeps; anything finer is rounded away from zero, as there. */
  readonly nanos: bigint;
  readonly format: "decimal" | "binary" | "exponent";
}

const ONE = 10n ** 9n;
const MILLI = 10n ** 6n;
const LARGEST_BINARY = (2n ** 63n - 1n) * ONE;
// Bounds that no resource comes near, so that the arithmetic on a hostile text stays small.
const MOST_CHARACTERS = 64;
const LARGEST_EXPONENT = 64;

const QUANTITY = /^([+-]?)(?=\.?\d)0*(\d*)(?:\.(\d*))?(?:([KMGTPE]i)|([numkMGTPE])|[eE]([+-]?\d+))?$/;
// How nearly all amounts are written, and stored: nothing to work out.
const COMMON = /^[1-9]\d{0,2}(?:m|k|[MGTP]|[KMGTP]i)?$/;
const BINARY_SUFFIXES = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const DECIMAL_SUFFIXES = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];

/** Reads a quantity from a text or a number; `undefined` when it is none, or absurdly large. */
export function parseQuantity(value: Json | undefined): Quantity | undefined {
  const written = read(value);
  return written && amountOf(written);
}

/** The shortest text without loss, in the quantity's own family of suffixes: `1500m`, `1Gi`, `2e3`. */
export function formatQuantity({ nanos, format }: Quantity): string {
  if (nanos === 0n) return "0";
  const isSmall = nanos > -1024n * ONE && nanos < 1024n * ONE;
  if (format !== "binary" || isSmall || nanos % ONE !== 0n) return formatDecimal(nanos, format === "exponent");
  const { mantissa, power } = reduce(nanos / ONE, 1024n, BINARY_SUFFIXES.length - 1);
  return `${mantissa}${BINARY_SUFFIXES[power]}`;
}

/**
 * The text that the API server stores for a quantity; `undefined` when that cannot be said. The server keeps a text that
 * looks canonical to it (`1.500`, `+1Gi`, `2E3`), and rounds amounts of resources up to thousandths.
 */
export function storedQuantity(value: Json | undefined, finest: "nano" | "milli" = "nano"): string | undefined {
  if (typeof value === "string" && COMMON.test(value)) return value;
  const written = read(value);
  if (written === undefined) return undefined;
  const isFine = finest === "nano" || isWholeMilli(written);
  if (isFine && isKept(written)) return written.text;
  const amount = amountOf(written);
  return printable(isFine ? amount : { ...amount, nanos: divideAwayFromZero(amount.nanos, MILLI) * MILLI });
}

/** Negative when `a` is the smaller amount, zero when they are the same. */
export function compareQuantities(a: Quantity, b: Quantity): number {
  if (a.nanos === b.nanos) return 0;
  return a.nanos < b.nanos ? -1 : 1;
}

/** The sum, written as the first is, or as the second where the first is nothing. */
export function addQuantities(a: Quantity, b: Quantity): Quantity {
  return { nanos: a.nanos + b.nanos, format: a.nanos === 0n ? b.format : a.format };
}

interface Written {
  readonly text: string;
  readonly isNegative: boolean;
  /** Digits before the point without leading zeros, at least one. */
  readonly whole: string;
  readonly fraction: string;
  readonly format: Quantity["format"];
  /** Of ten; of 1024 when the format is binary. */
  readonly exponent: number;
}

function read(value: Json | undefined): Written | undefined {
  const text = typeof value === "number" || typeof value === "bigint" ? String(value) : value;
  if (typeof text !== "string" || text.length > MOST_CHARACTERS) return undefined;
  const match = QUANTITY.exec(text.trim());
  if (match === null) return undefined;
  const [trimmed, sign, whole = "", fraction = "", binary, decimal = "", power] = match;
  const number = { text: trimmed, isNegative: sign === "-", whole: whole || "0", fraction };
  if (binary !== undefined) return { ...number, format: "binary", exponent: BINARY_SUFFIXES.indexOf(binary) };
  if (power === undefined) return { ...number, format: "decimal", exponent: DECIMAL_SUFFIXES.indexOf(decimal) * 3 - 9 };
  const exponent = Number(power);
  return Math.abs(exponent) > LARGEST_EXPONENT ? undefined : { ...number, format: "exponent", exponent };
}

function amountOf({ isNegative, whole, fraction, format, exponent }: Written): Quantity {
  const digits = BigInt(whole + fraction);
  const nanos =
    format === "binary"
      ? least(divideAwayFromZero(digits * 1024n ** BigInt(exponent) * ONE, 10n ** BigInt(fraction.length)))
      : shift(digits, exponent - fraction.length + 9);
  const isFractional = format === "binary" && nanos < ONE;
  return { nanos: isNegative ? -nanos : nanos, format: isFractional ? "decimal" : format };
}

// The server caps binary amounts at the largest 64-bit integer.
function least(nanos: bigint): bigint {
  return nanos > LARGEST_BINARY ? LARGEST_BINARY : nanos;
}

function shift(digits: bigint, power: number): bigint {
  return power >= 0 ? digits * 10n ** BigInt(power) : divideAwayFromZero(digits, 10n ** BigInt(-power));
}

function divideAwayFromZero(amount: bigint, by: bigint): bigint {
  const whole = amount / by;
  if (whole * by === amount) return whole;
  return amount < 0n ? whole - 1n : whole + 1n;
}

/**
 * Whether the server's parser keeps the text as it is: its quick path takes what it believes to be canonical, which is
 * not always so (`ParseQuantity` in k8s.io/apimachinery/pkg/api/resource).
 */
function isKept({ whole, fraction, format, exponent }: Written): boolean {
  const digits = whole + fraction;
  if (format === "binary") {
    const room = 15 - whole.length - 3 * exponent - 1;
    return fraction === "" && room >= 0 && BigInt(whole) % 8n !== 0n;
  }
  const scale = exponent - fraction.length;
  return digits.length <= 18 && scale >= -9 && scale % 3 === 0 && !digits.endsWith("000") && !digits.startsWith("0");
}

function isWholeMilli(written: Written): boolean {
  if (written.format !== "binary" && written.exponent - written.fraction.length >= -3) return true;
  return amountOf(written).nanos % MILLI === 0n;
}

// Beyond its largest suffix the server prints no suffix at all, a wrong amount: nothing is built on that.
function printable(quantity: Quantity): string | undefined {
  const { mantissa, power } = reduce(quantity.nanos, 1000n, Infinity);
  const isNamed = quantity.format === "exponent" || mantissa === 0n || power < DECIMAL_SUFFIXES.length;
  return isNamed ? formatQuantity(quantity) : undefined;
}

function formatDecimal(nanos: bigint, asExponent: boolean): string {
  const { mantissa, power } = reduce(nanos, 1000n, asExponent ? Infinity : DECIMAL_SUFFIXES.length - 1);
  if (!asExponent) return `${mantissa}${DECIMAL_SUFFIXES[power]}`;
  return power === 3 ? String(mantissa) : `${mantissa}e${power * 3 - 9}`;
}

/** `amount` as `mantissa * base ** power` with the largest power that leaves nothing over. */
function reduce(
  amount: bigint,
  base: bigint,
  mostPower: number,
): { readonly mantissa: bigint; readonly power: number } {
  let [mantissa, power] = [amount, 0];
  while (power < mostPower && mantissa !== 0n && mantissa % base === 0n)
    [mantissa, power] = [mantissa / base, power + 1];
  return { mantissa, power };
}
