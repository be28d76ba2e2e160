import { isList, isMap, type Json, type JsonMap } from "../model/json.ts";
import { apiVersionOf, type KubeKind } from "../model/kind.ts";
import type { KubeObject } from "../model/object.ts";
import type { Selection } from "../ports.ts";
import { isSuccess, refusalOf, type Answer } from "./answer.ts";
import { collectionEndpoint, withQuery } from "./endpoint.ts";
import { forbidden, unexpected } from "./failures.ts";
import type { Transport } from "./transport.ts";

const PAGE = 500;
const METADATA = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";

/**
 * All objects of a kind as of one moment. When the server forgets that moment between two pages (410), everything is listed
 * again: pages of two moments are never joined. The third time asks for all at once, which cannot expire.
 */
export async function listObjects(
  transport: Transport,
  kind: KubeKind,
  selection: Selection,
  signal: AbortSignal,
): Promise<readonly KubeObject[]> {
  return (
    (await listPages(transport, kind, selection, PAGE, signal)) ??
    (await listPages(transport, kind, selection, PAGE, signal)) ??
    (await listPages(transport, kind, selection, undefined, signal)) ??
    Promise.reject(unexpected(`list ${collectionEndpoint(kind, selection.namespace).words}`, 410))
  );
}

/** `undefined`: expired before the last page. */
async function listPages(
  transport: Transport,
  kind: KubeKind,
  selection: Selection,
  limit: number | undefined,
  signal: AbortSignal,
): Promise<readonly KubeObject[] | undefined> {
  const { path, words } = collectionEndpoint(kind, selection.namespace);
  const deed = `list ${words}`;
  const objects: KubeObject[] = [];
  let next: string | undefined;
  do {
    const query = { labelSelector: selection.label, limit: limit?.toString(), continue: next };
    const request = { method: "GET", path: withQuery(path, query), deed, repeatable: true } as const;
    const answer = await transport.send(selection.metadataOnly ? { ...request, accept: METADATA } : request, signal);
    if (answer.status === 410) return undefined;
    const page = readPage(answer, deed);
    // One by one: some servers ignore the limit, and a call takes no hundred thousand arguments.
    for (const item of page.items) objects.push(withType(item, kind));
    next = page.next;
  } while (next !== undefined);
  return objects;
}

function readPage(answer: Answer, deed: string): { items: readonly JsonMap[]; next: string | undefined } {
  if (answer.status === 403) throw forbidden(deed);
  if (answer.status === 404) throw unexpected(deed, 404, "the server does not serve this kind");
  if (!isSuccess(answer)) throw unexpected(deed, answer.status, refusalOf(answer).reason || undefined);
  const list = isMap(answer.json) ? answer.json : {};
  const items = list["items"];
  // Go writes an empty list as null in some aggregated servers.
  if (!isList(items) && items !== null) throw unexpected(deed, answer.status, "an answer that is no list");
  const objects = (items ?? []).filter(isObject);
  if (objects.length !== (items ?? []).length)
    throw unexpected(deed, answer.status, "a list with an item that is no object");
  return { items: objects, next: continueOf(list["metadata"]) };
}

function isObject(item: Json): item is JsonMap {
  return isMap(item) && isMap(item["metadata"]) && typeof item["metadata"]["name"] === "string";
}

function continueOf(metadata: Json | undefined): string | undefined {
  const token = isMap(metadata) ? metadata["continue"] : undefined;
  return typeof token === "string" && token !== "" ? token : undefined;
}

// Items of built-in lists carry no apiVersion and kind; those of custom resources do.
function withType(item: JsonMap, kind: KubeKind): KubeObject {
  return { ...item, apiVersion: apiVersionOf(kind), kind: kind.kind } as KubeObject;
}
