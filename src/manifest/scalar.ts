import type { Doubt } from "./composition.ts";
import { floatJson, formatSingle, integerJson, isSigned64, parseFloating, parseInteger } from "./number.ts";

/** A YAML scalar with the type that kubectl's reader (go-yaml v2, a YAML 1.1 dialect of its own) sees in it. */
export type Scalar =
  | { readonly type: "text"; readonly value: string }
  | { readonly type: "integer"; readonly value: bigint }
  | { readonly type: "float"; readonly value: number }
  | { readonly type: "boolean"; readonly value: boolean }
  | { readonly type: "null" };

// Every word of the table and every number begins with one of these.
const TYPED_BEGINNINGS = "-+.~0123456789yYnNtTfFoO";

/** True when a scalar without quotes can be nothing but text; a shortcut that almost every one takes. */
export function isText(plain: string): boolean {
  return !TYPED_BEGINNINGS.includes(plain.charAt(0)) || (/^[a-z]/i.test(plain) && !WORDS.has(plain));
}

/** A scalar without quotes and without a tag. */
export function resolvePlain(text: string): Scalar {
  return WORDS.get(text) ?? resolveNumber(text) ?? { type: "text", value: text };
}

/** A scalar with a tag in full; `undefined` when it is not what the tag says. Unknown tags mean text. */
export function resolveTagged(tag: string, text: string): Scalar | undefined {
  const type = tag.startsWith(CORE) ? tag.slice(CORE.length) : "";
  if (type === "binary") return decodeBinary(text);
  if (type === "timestamp") return TIMESTAMP.test(text) ? { type: "text", value: text } : undefined;
  const wanted = TAGGED.get(type);
  if (wanted === undefined) return { type: "text", value: text };
  const scalar = resolvePlain(text);
  if (wanted === "float" && scalar.type === "integer" && isSigned64(scalar.value)) {
    return { type: "float", value: Number(scalar.value) };
  }
  return scalar.type === wanted ? scalar : undefined;
}

/** How far a scalar without quotes is from its text; `undefined` for text and null. */
export function doubtOf(text: string, scalar: Scalar): Exclude<Doubt, "key"> | undefined {
  if (scalar.type === "text" || scalar.type === "null") return undefined;
  if (scalar.type === "boolean") return /^[tf]/i.test(text) ? "typed" : "word";
  if (String(scalar.value) === text) return "typed";
  return scalar.type === "integer" && OCTAL.test(text) ? "octal" : "lossy";
}

// `00` is the same number in any base.
const OCTAL = /^[-+]?0(?=[_\d]).*[1-7]/;

/** A scalar as value. Infinity and NaN come out as they are, though JSON has none: as keys they are allowed. */
export function scalarJson(scalar: Scalar): string | number | bigint | boolean | null {
  if (scalar.type === "null") return null;
  if (scalar.type === "integer") return integerJson(scalar.value);
  return scalar.type === "float" ? floatJson(scalar.value) : scalar.value;
}

/** A scalar as key of a map; `undefined` when JSON can have no such key. */
export function keyOf(scalar: Scalar): string | undefined {
  if (scalar.type === "null") return undefined;
  if (scalar.type === "float") return formatSingle(scalar.value);
  if (scalar.type === "integer" && !isSigned64(scalar.value)) return undefined;
  return String(scalar.value);
}

const CORE = "tag:yaml.org,2002:";

const TAGGED: ReadonlyMap<string, Scalar["type"]> = new Map([
  ["bool", "boolean"],
  ["int", "integer"],
  ["float", "float"],
  ["null", "null"],
]);

const TIMESTAMP =
  /^\d{4}-\d{1,2}-\d{1,2}(?:[Tt]\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)| \d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?)?$/;

const WORDS: ReadonlyMap<string, Scalar> = new Map([
  ...words("y Y yes Yes YES true True TRUE on On ON", { type: "boolean", value: true }),
  ...words("n N no No NO false False FALSE off Off OFF", { type: "boolean", value: false }),
  ...words("~ null Null NULL", { type: "null" }),
  ["", { type: "null" }],
  ...words(".nan .NaN .NAN", { type: "float", value: Number.NaN }),
  ...words(".inf .Inf .INF +.inf +.Inf +.INF", { type: "float", value: Number.POSITIVE_INFINITY }),
  ...words("-.inf -.Inf -.INF", { type: "float", value: Number.NEGATIVE_INFINITY }),
]);

function words(texts: string, scalar: Scalar): [string, Scalar][] {
  return texts.split(" ").map((text) => [text, scalar]);
}

function resolveNumber(text: string): Scalar | undefined {
  const first = text.charAt(0);
  if (first === ".") return float(withoutDigitSeparators(text));
  if (!/[-+\d]/.test(first)) return undefined;
  const digits = text.replaceAll("_", "");
  const integer = parseInteger(digits);
  return integer === undefined ? float(digits) : { type: "integer", value: integer };
}

/** Behind a leading dot an underscore counts only between two digits; everywhere else all are dropped. */
function withoutDigitSeparators(text: string): string {
  return text.replaceAll(/(?<=\d)_(?=\d)/g, "");
}

function float(text: string): Scalar | undefined {
  const value = parseFloating(text);
  return value === undefined ? undefined : { type: "float", value };
}

function decodeBinary(text: string): Scalar | undefined {
  const base64 = text.replaceAll(/[\r\n]/g, "");
  if (!/^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/.test(base64)) return undefined;
  const bytes = Buffer.from(base64, "base64");
  const value = bytes.toString("utf8");
  // Bytes that are no text have no place in JSON; kubectl would put replacement characters in their place.
  return Buffer.from(value, "utf8").equals(bytes) ? { type: "text", value } : undefined;
}
