import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addQuantities,
  compareQuantities,
  formatQuantity,
  parseQuantity,
  storedQuantity,
  type Quantity,
} from "../../src/model/quantity.ts";

describe("the text that the API server stores", () => {
  // Each as resource.Quantity of k8s.io/apimachinery v0.36.3 marshals it.
  test.each([
    ["1000m", "1"],
    ["1500m", "1500m"],
    ["0.5", "500m"],
    [".5", "500m"],
    ["1.5Gi", "1536Mi"],
    ["1024Mi", "1Gi"],
    ["1000Ki", "1000Ki"],
    ["0.5Ki", "512"],
    ["0.0001Ki", "102400u"],
    ["1e3", "1e3"],
    ["12e4", "120e3"],
    ["1e0", "1e0"],
    ["10e0", "10e0"],
    ["1E3", "1E3"],
    ["2000000", "2M"],
    ["0Mi", "0"],
    ["-0", "0"],
    ["-1500", "-1500"],
    ["1.1n", "2n"],
    ["-1.1n", "-2n"],
    ["9Ei", "9223372036854775807"],
    // What its quick path believes to be canonical.
    ["1.500", "1.500"],
    ["+1Gi", "+1Gi"],
    ["0100Mi", "0100Mi"],
    [" 1 ", "1"],
  ])("of %s is %s", (written, stored) => {
    expect(storedQuantity(written)).toBe(stored);
  });

  test.each([
    [1, "1"],
    [0.25, "250m"],
    [1073741824, "1073741824"],
    [123456789012345678n, "123456789012345678"],
    [1e21, "1e+21"],
  ])("of the number %s is %s", (written, stored) => {
    expect(storedQuantity(written)).toBe(stored);
  });

  test("of resources has thousandths at the finest", () => {
    expect(storedQuantity("100u", "milli")).toBe("1m");
    expect(storedQuantity("1.0005", "milli")).toBe("1001m");
    expect(storedQuantity("-0.1m", "milli")).toBe("-1m");
    expect(storedQuantity("100m", "milli")).toBe("100m");
  });

  test.each(["", "one", "1 Gi", "1gi", "1Kib", "--1", "1e", "0x10", "e-12", "1e99", "9".repeat(65), null, true, ["1"]])(
    "cannot be said of %s",
    (written) => {
      expect(storedQuantity(written)).toBeUndefined();
    },
  );

  test("cannot be said of what has no suffix large enough", () => {
    expect(storedQuantity("1000E")).toBeUndefined();
    expect(parseQuantity("1000E")?.nanos).toBe(10n ** 30n);
  });
});

const formats = fc.constantFrom<Quantity["format"]>("decimal", "binary", "exponent");
const amounts = fc.record({ nanos: fc.bigInt({ min: -(10n ** 27n), max: 10n ** 27n }), format: formats });
const texts = fc
  .tuple(
    fc.constantFrom("", "-", "+"),
    fc.nat(100_000),
    fc.option(fc.nat(9999), { nil: undefined }),
    fc.constantFrom("", "n", "u", "m", "k", "M", "G", "T", "Ki", "Mi", "Gi", "e3", "E-2"),
  )
  .map(([sign, whole, fraction, suffix]) => `${sign}${whole}${fraction === undefined ? "" : `.${fraction}`}${suffix}`);

function amountOf(text: string): Quantity {
  const quantity = parseQuantity(text);
  if (quantity === undefined) throw new Error(`${text}: no quantity`);
  return quantity;
}

describe("an amount", () => {
  test("is the same after writing and reading", () => {
    fc.assert(fc.property(amounts, (amount) => amountOf(formatQuantity(amount)).nanos === amount.nanos));
  });

  test("is written as it was written before", () => {
    fc.assert(
      fc.property(amounts, (amount) => formatQuantity(amountOf(formatQuantity(amount))) === formatQuantity(amount)),
    );
  });

  test("is not changed by how the server stores it", () => {
    fc.assert(fc.property(texts, (text) => amountOf(storedQuantity(text) ?? "no").nanos === amountOf(text).nanos));
  });

  test("is stored alike the second time", () => {
    fc.assert(
      fc.property(texts, fc.constantFrom("nano", "milli"), (text, finest) => {
        const stored = storedQuantity(text, finest);
        return storedQuantity(stored, finest) === stored;
      }),
    );
  });

  test("is compared as a number", () => {
    const order = ["-1", "0", "1n", "999u", "1m", "0.5", "1", "1k", "1Ki", "1M", "1Mi", "1e9", "1Gi"].map(amountOf);
    expect(order.toReversed().toSorted(compareQuantities)).toEqual(order);
    expect(compareQuantities(amountOf("1024Mi"), amountOf("1Gi"))).toBe(0);
  });

  test("is added without loss, in the words of the first that is something", () => {
    const sum = (...texts: readonly string[]): string => formatQuantity(texts.map(amountOf).reduce(addQuantities));
    expect(sum("0.1", "0.2")).toBe("300m");
    expect(sum("1Gi", "512Mi")).toBe("1536Mi");
    expect(sum("0", "1Gi", "1M")).toBe("1074741824");
    expect(sum("9007199254740993", "1n")).toBe("9007199254740993000000001n");
  });
});
