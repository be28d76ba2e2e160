import { isList, isMap, parseJson, sameJson, type Json, type JsonMap } from "../model/json.ts";
import type { KubeObject, ManagedFields } from "../model/object.ts";

// `fieldsV1` of metadata.managedFields (structured-merge-diff): a tree whose members are `.` (the node itself),
// `f:name` (a field or map key), `k:{...}` (the list item with these keys) and `v:...` (the item of a set).

/** The paths that one manager claims, as `fieldsV1` writes them. */
export type FieldSet = JsonMap;

/** One member of a field set, read. */
export type Member =
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "item"; readonly keys: JsonMap }
  | { readonly kind: "value"; readonly value: Json }
  | { readonly kind: "index"; readonly index: number };

/** `undefined` for `.` and for what no version of the format has. */
export function readMember(member: string): Member | undefined {
  const text = member.slice(2);
  if (member.startsWith("f:")) return { kind: "field", name: text };
  if (member.startsWith("v:")) return { kind: "value", value: parseJson(text) };
  if (member.startsWith("i:")) return { kind: "index", index: Number(text) };
  if (!member.startsWith("k:")) return undefined;
  const keys = parseJson(text);
  return isMap(keys) ? { kind: "item", keys } : undefined;
}

/** The members of a node without `.`. */
export function membersOf(set: FieldSet): readonly string[] {
  return Object.keys(set).filter((member) => member !== ".");
}

/** The first member of a node, which tells the sort of them all; `undefined`: the node is claimed as a whole. */
export function firstMember(set: FieldSet): string | undefined {
  const [first, second] = Object.keys(set);
  return first === "." ? second : first;
}

export function memberCount(set: FieldSet): number {
  return Object.keys(set).length - (Object.hasOwn(set, ".") ? 1 : 0);
}

/** What is claimed below a member; `undefined`: the member itself is not claimed. */
export function below(set: FieldSet | undefined, member: string): FieldSet | undefined {
  const inner = set !== undefined && Object.hasOwn(set, member) ? set[member] : undefined;
  return isMap(inner) ? inner : undefined;
}

/** Everything that one of the two claims. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  const shared = Object.keys(b).map((member) => {
    const [left, right] = [below(a, member), below(b, member)];
    return [member, left === undefined || right === undefined ? (left ?? right ?? {}) : union(left, right)] as const;
  });
  return { ...a, ...Object.fromEntries(shared) };
}

/** The value that a member means inside a value; `undefined` when it is not there. */
export function valueOf(container: Json | undefined, member: Member): Json | undefined {
  if (member.kind === "field")
    return isMap(container) && Object.hasOwn(container, member.name) ? container[member.name] : undefined;
  if (!isList(container)) return undefined;
  if (member.kind === "index") return container[member.index];
  return container.find((item) => isMeant(item, member));
}

/** Whether an item of a list is the one that a member means. */
export function isMeant(item: Json, member: Exclude<Member, { readonly kind: "field" | "index" }>): boolean {
  if (member.kind === "value") return sameJson(item, member.value);
  return isMap(item) && Object.entries(member.keys).every(([key, value]) => sameJson(item[key], value));
}

/** The entry of a manager that applies: there is at most one for each name and subresource. */
export function applyEntry(object: KubeObject, manager: string): ManagedFields | undefined {
  return (object.metadata.managedFields ?? []).find(
    (entry) => entry.manager === manager && entry.operation === "Apply" && entry.subresource === undefined,
  );
}
