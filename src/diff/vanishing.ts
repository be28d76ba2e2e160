import { isList, isMap, type Json, type JsonList, type JsonMap } from "../model/json.ts";
import type { KubeObject, ManagedFields } from "../model/object.ts";
import { isOurs } from "../model/ownership-marks.ts";
import { mergedEntry } from "./absorbed.ts";
import { below, isMeant, membersOf, readMember, type FieldSet, type Member } from "./field-set.ts";

/**
 * The server's answer to a dry-run apply, without the fields that will vanish once `entries` of the live object are ours: those
 * that we then own, that we do not send, and that nobody else claims. A plain dry-run shows none of it. Defaults are not
 * refilled, and nothing is validated: the server does that when it is asked with `predictionPatch`.
 */
export function vanishing(answer: KubeObject, live: KubeObject, entries: readonly ManagedFields[]): KubeObject {
  const node = nodeOf(answer, live, entries);
  if (node === undefined) return answer;
  const { metadata, ...content } = answer;
  const { managedFields, ...kept } = metadata;
  const rest = withoutReleased({ ...content, metadata: kept }, node, isIdentity) as KubeObject;
  return managedFields === undefined ? rest : { ...rest, metadata: { ...rest.metadata, managedFields } };
}

/**
 * Some field of a released one stays only for what somebody else claims inside it. In a map of a custom kind that may be
 * otherwise: there a key belongs to who claims the key, as an item of a list does. Only the kind's schema tells the two apart.
 */
export function dependsOnSchema(answer: KubeObject, live: KubeObject, entries: readonly ManagedFields[]): boolean {
  const node = nodeOf(answer, live, entries);
  return node !== undefined && isPartlyKept(node, isIdentity);
}

function isPartlyKept(node: Node, isExempt: Exempt = () => false): boolean {
  return membersOf(node.released).some((text) => {
    const member = readMember(text);
    const inner = nodeBelow(node, text);
    if (member === undefined || inner.others.length === 0) return false;
    const isWhole = inner.sent !== undefined || inner.others.some((set) => "." in set || membersOf(set).length === 0);
    return (member.kind === "field" && !isWhole && !isExempt(member)) || isPartlyKept(inner);
  });
}

function nodeOf(answer: KubeObject, live: KubeObject, entries: readonly ManagedFields[]): Node | undefined {
  const released = mergedEntry(live, entries)?.fieldsV1;
  if (released === undefined) return undefined;
  // In the answer the claims of others no longer hold what this apply takes from them.
  const claims = answer.metadata.managedFields ?? [];
  const others = claims.filter(
    (entry) => !isOurs(entry) && !entries.some((absorbed) => isSameManager(entry, absorbed)),
  );
  return { released, sent: claims.find(isOurs)?.fieldsV1, others: others.map(({ fieldsV1 }) => fieldsV1 ?? {}) };
}

function isSameManager(a: ManagedFields, b: ManagedFields): boolean {
  return (
    a.manager === b.manager &&
    a.operation === b.operation &&
    a.subresource === b.subresource &&
    (a.operation === "Apply" || a.apiVersion === b.apiVersion)
  );
}

/** One place: what was ours until now, what is sent, what others claim. */
interface Node {
  readonly released: FieldSet;
  readonly sent: FieldSet | undefined;
  readonly others: readonly FieldSet[];
}

type Exempt = (member: Member) => boolean;

// `metadata` as such is in no field set, though members of it are.
function isIdentity(member: Member): boolean {
  return member.kind === "field" && member.name === "metadata";
}

function withoutReleased(value: Json, node: Node, isExempt: Exempt = () => false): Json {
  return membersOf(node.released).reduce<Json>((rest, text) => {
    const member = readMember(text);
    if (member === undefined) return rest;
    const inner = nodeBelow(node, text);
    const isKept = inner.sent !== undefined || isExempt(member) || isKeptByOthers(member, inner);
    return changed(rest, member, (found) => (isKept ? withoutReleased(found, inner) : undefined));
  }, value);
}

function nodeBelow({ released, sent, others }: Node, text: string): Node {
  return {
    released: below(released, text) ?? {},
    sent: below(sent, text),
    others: others.map((set) => below(set, text)).filter((set) => set !== undefined),
  };
}

/** A field stays with anything in it; an item of a list stays only for who claims the item itself: `{}`, or `.` beside its fields. */
function isKeptByOthers({ kind }: Member, { others }: Node): boolean {
  return kind === "item" ? others.some((set) => "." in set || Object.keys(set).length === 0) : others.length > 0;
}

type Change = (value: Json) => Json | undefined;

function changed(container: Json, member: Member, change: Change): Json {
  if (member.kind === "field") return isMap(container) ? changedField(container, member.name, change) : container;
  if (member.kind === "index" || !isList(container)) return container;
  return changedItem(
    container,
    container.findIndex((item) => isMeant(item, member)),
    change,
  );
}

function changedField(map: JsonMap, name: string, change: Change): JsonMap {
  const value = Object.hasOwn(map, name) ? map[name] : undefined;
  if (value === undefined) return map;
  const after = change(value);
  // The server leaves no empty map where the last member was taken away, and refuses the object if the schema forbids null.
  const isEmptied = after !== undefined && isMap(after) && !isEmpty(value) && isEmpty(after);
  if (after !== undefined) return { ...map, [name]: isEmptied ? null : after };
  const { [name]: _gone, ...rest } = map;
  return rest;
}

function isEmpty(value: Json): boolean {
  return isMap(value) && Object.keys(value).length === 0;
}

function changedItem(list: JsonList, index: number, change: Change): JsonList {
  const item = list[index];
  if (item === undefined) return list;
  const after = change(item);
  return after === undefined ? list.toSpliced(index, 1) : list.with(index, after);
}
