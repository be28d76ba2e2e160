import { createHash } from "node:crypto";
import type { Address } from "../model/kind.ts";
import type { KubeObject } from "../model/object.ts";
import { refKey, type Ref } from "../model/ref.ts";
import type { Refusal } from "../model/refusal.ts";
import type { Desired } from "./desired.ts";

/** An object as it would be made under another name, or in another namespace, where nobody has it yet. */
export interface StandIn {
  readonly address: Address;
  readonly object: KubeObject;
  /** The object it stands for. */
  readonly ref: Ref;
}

/** A stand-in in a namespace that is there, none for cluster-scoped kinds; `address` is where the object itself will be. */
export function standInFor({ ref, object }: Desired, address: Address, namespace: string | undefined): StandIn {
  const place = { name: standInName(ref), ...(namespace !== undefined && { namespace }) };
  const metadata = { ...object.metadata, ...place };
  return { address: { ...address, ...place }, object: { ...object, metadata }, ref };
}

/** The refusal of a stand-in, as if the object itself had been refused. */
export function inItsName(refusal: Refusal, { address, ref }: StandIn): Refusal {
  const named = (text: string): string =>
    text
      .replaceAll(`${address.namespace ?? ""}/${address.name}`, `${ref.namespace ?? ""}/${ref.name}`)
      .replaceAll(address.name, ref.name);
  const causes = refusal.causes.map((cause) => ({ ...cause, message: named(cause.message) }));
  return { ...refusal, message: named(refusal.message), causes };
}

/** So many letters that nobody has an object of that name. */
const SHORTEST = 12;

/**
 * A name of the same shape, so that what a kind asks of its names is asked of the right one: of the same length unless that
 * is short, with letters for letters, digits for digits, and everything else as it is.
 */
export function standInName(ref: Ref): string {
  const random = createHash("sha512").update(refKey(ref)).digest();
  const padding = "a".repeat(Math.max(0, SHORTEST - ref.name.length));
  const shape = `${ref.name.slice(0, 1)}${padding}${ref.name.slice(1)}`;
  return shape.replaceAll(/[a-zA-Z0-9]/g, (character, at: number) =>
    another(character, random[at % random.length] ?? 0),
  );
}

function another(character: string, random: number): string {
  if (/\d/.test(character)) return String(random % 10);
  return String.fromCharCode((character < "a" ? 65 : 97) + (random % 26));
}
