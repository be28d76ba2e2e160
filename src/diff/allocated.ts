import type { Path } from "../model/path.ts";
import type { Ref } from "../model/ref.ts";

// What the server picks from a pool when a Service comes to need it. A dry-run picks as well, but nothing keeps the number.
const PICKED: readonly (readonly string[])[] = [
  ["spec", "ports", "nodePort"],
  ["spec", "clusterIP"],
  ["spec", "clusterIPs"],
  ["spec", "healthCheckNodePort"],
];

/** The server allocates the value at this path anew for each write that needs one: no prediction can name it. */
export function isAllocated({ group, kind }: Pick<Ref, "group" | "kind">, path: Path): boolean {
  if (group !== "" || kind !== "Service") return false;
  const names = path.filter((step) => typeof step === "string");
  return PICKED.some((picked) => picked.length <= names.length && picked.every((name, at) => names[at] === name));
}
