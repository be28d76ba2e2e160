import { isList, isMap, type Json, type JsonMap } from "../model/json.ts";

/** The map inside a value; empty where there is none. */
export function mapAt(value: Json | undefined, key: string): JsonMap {
  const map = isMap(value) ? value[key] : undefined;
  return isMap(map) ? map : {};
}

/** The maps of a list inside a value; none where there is no list. */
export function mapsAt(value: Json | undefined, key: string): readonly JsonMap[] {
  const list = isMap(value) ? value[key] : undefined;
  return isList(list) ? list.filter(isMap) : [];
}

/** The text inside a value; `undefined` where there is none. */
export function textAt(value: Json | undefined, key: string): string | undefined {
  const text = isMap(value) ? value[key] : undefined;
  return typeof text === "string" ? text : undefined;
}

/** The texts of a list inside a value; none where there is no list. */
export function textsAt(value: Json | undefined, key: string): readonly string[] {
  const list = isMap(value) ? value[key] : undefined;
  return isList(list) ? list.filter((text) => typeof text === "string") : [];
}
