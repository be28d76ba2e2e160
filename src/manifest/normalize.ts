import { isMap, type Json, type JsonMap } from "../model/json.ts";
import type { KubeObject } from "../model/object.ts";

/**
 * The object as it is sent: the null `creationTimestamp` that generators leave behind is gone, and a Secret's `stringData` is
 * folded into `data` as the server would do it. Nothing else differs, and the input stays as it is.
 */
export function prepare(object: KubeObject): KubeObject {
  return foldStringData(METADATA.reduce(dropNullTimestamp, object) as KubeObject);
}

/** The object's own metadata and that of the objects it makes. */
const METADATA: readonly (readonly string[])[] = [
  ["metadata"],
  ["spec", "template", "metadata"],
  ["spec", "jobTemplate", "metadata"],
  ["spec", "jobTemplate", "spec", "template", "metadata"],
];

function dropNullTimestamp(map: JsonMap, path: readonly string[]): JsonMap {
  const [step, ...rest] = path;
  if (step === undefined) {
    const { creationTimestamp, ...others } = map;
    return creationTimestamp === null ? others : map;
  }
  const inner = map[step];
  if (!isMap(inner)) return map;
  const dropped = dropNullTimestamp(inner, rest);
  return dropped === inner ? map : { ...map, [step]: dropped };
}

function foldStringData(object: KubeObject): KubeObject {
  if (object.kind !== "Secret" || object.apiVersion !== "v1") return object;
  const { stringData, ...secret } = object;
  if (!isMap(stringData)) return object;
  const texts = Object.entries(stringData);
  // What is no text is the server's to refuse, in the field where it was written.
  if (!texts.every(isText)) return object;
  const folded = Object.fromEntries(texts.map(([key, text]) => [key, Buffer.from(text, "utf8").toString("base64")]));
  return { ...secret, data: isMap(object["data"]) ? { ...object["data"], ...folded } : folded };
}

function isText(member: [string, Json | undefined]): member is [string, string] {
  return typeof member[1] === "string";
}
