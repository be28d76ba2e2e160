import type { Json } from "../model/json.ts";
import { Fault } from "./fault.ts";
import { keyOf, type Scalar, scalarJson } from "./scalar.ts";

/** A value with the scalar that it came from, which decides what it is as a key; plain text needs none. */
export interface Node {
  readonly value: Json;
  readonly scalar: Scalar | undefined;
}

export const NULL_NODE: Node = { value: null, scalar: { type: "null" } };

/** A typed scalar; `undefined` is one that is not what its tag says. */
export function typedNode(scalar: Scalar | undefined, at: number): Node {
  if (scalar === undefined) throw new Fault(at, "the value is not what its tag says", "remove the tag");
  return { value: scalarJson(scalar), scalar };
}

export function keyOfNode({ value, scalar }: Node, at: number): string {
  const key = typeof value === "string" ? value : scalar === undefined ? undefined : keyOf(scalar);
  if (key === undefined) throw new Fault(at, "a key must be text, a number or a boolean", "quote the key");
  return key;
}
