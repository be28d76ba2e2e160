import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson, formatJson, isList, isMap, parseJson, sameJson, type Json } from "../../src/model/json.ts";

const key = fc.oneof(fc.string(), fc.constantFrom("10", "9", "-1", "a b", "__proto__", "toJSON", "é", "\u2028"));
const scalar = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.integer(),
  fc.double({ min: -1e15, max: 1e15, noNaN: true }),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }),
  fc.boolean(),
  fc.constant(null),
);
const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(key, tie("value"), { maxKeys: 5 }),
  ),
}));

test("a canonical text reads as the value it was made of, and says it in one way", () => {
  fc.assert(
    fc.property(value, (any) => {
      const text = canonicalJson(any);
      expect(sameJson(parseJson(text), any)).toBe(true);
      expect(canonicalJson(turned(any))).toBe(text);
    }),
    { numRuns: 1_000 },
  );
});

test("its keys stand in the order of their code units, without white space and absent values", () => {
  const map = { b: 1, a: undefined, "10": [], "9": { z: null, Z: 2n ** 60n }, ".": "\u2028" };
  expect(canonicalJson(map)).toBe('{".":"\u2028","10":[],"9":{"Z":1152921504606846976,"z":null},"b":1}');
});

test("scalars are written as in any JSON", () => {
  fc.assert(
    fc.property(scalar, (any) => {
      expect(canonicalJson(any)).toBe(formatJson(any));
    }),
  );
});

/** The same value, the keys of its maps the other way round. */
function turned(any: Json): Json {
  if (isList(any)) return any.map(turned);
  if (!isMap(any)) return any;
  const entries = Object.entries(any).toReversed();
  return Object.fromEntries(entries.map(([name, member]) => [name, turned(member ?? null)]));
}
