import type { Json } from "./json.ts";

/** One operation of a JSON patch (RFC 6902); `path` is a JSON pointer. */
export type PatchOperation =
  | { readonly op: "add" | "replace"; readonly path: string; readonly value: Json }
  | { readonly op: "remove"; readonly path: string };

/** A JSON pointer (RFC 6901) to the place that these keys lead to. */
export function jsonPointer(keys: readonly string[]): string {
  return keys.map((key) => `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
