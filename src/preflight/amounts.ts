import { addQuantities, compareQuantities, parseQuantity, type Quantity } from "../model/quantity.ts";
import type { Json, JsonMap } from "../model/json.ts";

/** Amounts by the name of the resource that a quota counts. */
export type Amounts = ReadonlyMap<string, Quantity>;

export const NOTHING: Quantity = { nanos: 0n, format: "decimal" };

/** The amounts of a map of quantities; what is none is left out. */
export function amountsIn(map: JsonMap): Amounts {
  return amountsOf(Object.entries(map));
}

export function amountsOf(entries: readonly (readonly [string, Json | undefined])[]): Amounts {
  const read = entries.map(([name, value]) => [name, parseQuantity(value)] as const);
  return new Map(read.flatMap(([name, amount]) => (amount === undefined ? [] : [[name, amount] as const])));
}

export function sumOf(parts: readonly Amounts[]): Amounts {
  return merged(parts, addQuantities);
}

export function largestOf(parts: readonly Amounts[]): Amounts {
  return merged(parts, (a, b) => (compareQuantities(a, b) < 0 ? b : a));
}

export function timesOf(amounts: Amounts, count: number): Amounts {
  return new Map([...amounts].map(([name, { nanos, format }]) => [name, { nanos: nanos * BigInt(count), format }]));
}

/** What the second has less than the first; negative where it has more. */
export function differenceOf(amounts: Amounts, less: Amounts): Amounts {
  return sumOf([amounts, timesOf(less, -1)]);
}

function merged(parts: readonly Amounts[], join: (a: Quantity, b: Quantity) => Quantity): Amounts {
  const result = new Map<string, Quantity>();
  for (const part of parts)
    for (const [name, amount] of part) {
      const so = result.get(name);
      result.set(name, so === undefined ? amount : join(so, amount));
    }
  return result;
}
