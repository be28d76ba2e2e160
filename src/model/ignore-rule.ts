import { matchesGlob } from "./glob.ts";
import type { Path } from "./path.ts";
import type { Ref } from "./ref.ts";

/** Fields of some objects that are left to others. */
export interface IgnoreRule {
  /** Pattern of a kind (`Deployment`), with its group where that matters (`apps/Deployment`). */
  readonly kind: string;
  /** Patterns; absent: any. */
  readonly name?: string;
  readonly namespace?: string;
  readonly paths: readonly Path[];
}

export function covers({ kind, name = "*", namespace }: IgnoreRule, ref: Ref): boolean {
  return (
    matchesGlob(kind.includes("/") ? `${ref.group}/${ref.kind}` : ref.kind, kind) &&
    matchesGlob(ref.name, name) &&
    (namespace === undefined || (ref.namespace !== undefined && matchesGlob(ref.namespace, namespace)))
  );
}

/** An object without its kind or name is another one or none, so nobody else can look after them. */
export function isIdentity([first, second]: Path): boolean {
  if (first === "metadata") return second === undefined || typeof second !== "string" || IDENTITY.includes(second);
  return first === undefined || typeof first !== "string" || first === "apiVersion" || first === "kind";
}

const IDENTITY = ["name", "namespace"];
