import { isList, isMap, type JsonMap } from "../model/json.ts";
import type { Path } from "../model/path.ts";
import type { Walk } from "./walk.ts";

const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const LABEL_VALUE = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;
const MOST_ANNOTATION_BYTES = 256 * 1024;

/** `metadata` of a custom object by the rules that all objects share. Types are known to be right. */
export function checkObjectMeta(object: JsonMap, walk: Walk): void {
  const meta = object["metadata"];
  if (!isMap(meta)) return;
  const { name, namespace } = meta;
  if (typeof name === "string" && !isSubdomain(name))
    walk.found(
      ["metadata", "name"],
      "a lowercase RFC 1123 subdomain: letters, digits, '-' and '.', 253 characters at most",
    );
  if (typeof namespace === "string" && namespace !== "" && !isLabel(namespace))
    walk.found(["metadata", "namespace"], "a lowercase RFC 1123 label: letters, digits and '-', 63 characters at most");
  checkSharedMeta(meta, ["metadata"], walk);
}

/** What also holds for the `metadata` of an object inside another: labels, annotations, finalizers. */
export function checkSharedMeta(meta: JsonMap, path: Path, walk: Walk): void {
  const { labels, annotations, finalizers } = meta;
  if (isMap(labels)) checkLabels(labels, [...path, "labels"], walk);
  if (isMap(annotations)) checkAnnotations(annotations, [...path, "annotations"], walk);
  if (!isList(finalizers)) return;
  for (const finalizer of finalizers)
    if (typeof finalizer === "string" && !isQualifiedName(finalizer))
      walk.found([...path, "finalizers"], "a finalizer's name must be a qualified name");
}

function checkLabels(labels: JsonMap, path: Path, walk: Walk): void {
  for (const [key, value] of Object.entries(labels)) {
    if (!isQualifiedName(key)) walk.found(path, `the key ${JSON.stringify(key)} is no qualified name`);
    if (typeof value === "string" && (value.length > 63 || !LABEL_VALUE.test(value)))
      walk.found(path, `the value of ${key} is no label value: 63 letters, digits, '-', '_' and '.' at most`);
  }
}

function checkAnnotations(annotations: JsonMap, path: Path, walk: Walk): void {
  let bytes = 0;
  for (const [key, value] of Object.entries(annotations)) {
    if (!isQualifiedName(key.toLowerCase())) walk.found(path, `the key ${JSON.stringify(key)} is no qualified name`);
    bytes += Buffer.byteLength(key) + (typeof value === "string" ? Buffer.byteLength(value) : 0);
  }
  if (bytes > MOST_ANNOTATION_BYTES) walk.found(path, `may not be more than ${MOST_ANNOTATION_BYTES} bytes`);
}

/** `name` or `example.com/name`. */
function isQualifiedName(text: string): boolean {
  const parts = text.split("/");
  const name = parts.at(-1) ?? "";
  const isName = name !== "" && name.length <= 63 && LABEL_VALUE.test(name);
  return isName && (parts.length === 1 || (parts.length === 2 && isSubdomain(parts[0] ?? "")));
}

function isSubdomain(text: string): boolean {
  return text.length <= 253 && SUBDOMAIN.test(text);
}

function isLabel(text: string): boolean {
  return text.length <= 63 && LABEL.test(text);
}
