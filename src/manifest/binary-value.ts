import { isMap } from "../model/json.ts";
import type { SourceObject } from "../model/object.ts";
import type { Problem } from "../model/problem.ts";
import { formatPath } from "./composition.ts";
import { subjectOf } from "./subject.ts";
import { listSome } from "./texts.ts";

const FIELDS: Readonly<Record<string, { readonly field: string; readonly plain: string }>> = {
  Secret: { field: "data", plain: "stringData" },
  ConfigMap: { field: "binaryData", plain: "data" },
};

// As Go's decoder reads it: standard alphabet, padded, line breaks passed over.
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Values that have to be base64 and are not. The server says only that there is one, not where. */
export function findNotBase64({ object, at }: SourceObject): readonly Problem[] {
  const rule = object.apiVersion === "v1" && Object.hasOwn(FIELDS, object.kind) ? FIELDS[object.kind] : undefined;
  const values = rule && object[rule.field];
  if (rule === undefined || !isMap(values)) return [];
  const wrong = Object.entries(values).filter(([, value]) => typeof value === "string" && !isBase64(value));
  if (wrong.length === 0) return [];
  const paths = wrong.map(([key]) => formatPath([rule.field, key]));
  return [
    {
      code: "invalid-object",
      level: "blocker",
      message: `${subjectOf(object)}: not base64 at ${listSome(paths)}`,
      remedy: `encode it, or write it as text under ${rule.plain}`,
      at,
    },
  ];
}

function isBase64(value: string): boolean {
  return BASE64.test(value.replaceAll(/[\r\n]/g, ""));
}
