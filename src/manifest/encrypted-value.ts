import { isMap } from "../model/json.ts";
import type { SourceObject } from "../model/object.ts";
import type { Problem } from "../model/problem.ts";
import { formatPath } from "./composition.ts";
import { subjectOf } from "./subject.ts";
import { findTexts, listSome } from "./texts.ts";

const SOPS_VALUE = "ENC[AES256_GCM,";

/** Whether SOPS wrote a text. */
export function isEncrypted(text: string): boolean {
  return text.includes(SOPS_VALUE);
}

/** What SOPS encrypted and nobody decrypted: applied as it is, the ciphertext would be the value. */
export function findEncrypted({ object, at }: SourceObject): readonly Problem[] {
  const values = findTexts(object, isEncrypted).map(({ path }) => formatPath(path));
  const paths = isMap(object["sops"]) ? ["sops", ...values.filter((path) => !path.startsWith("sops."))] : values;
  if (paths.length === 0) return [];
  return [
    {
      code: "encrypted-value",
      level: "blocker",
      message: `${subjectOf(object)}: still encrypted at ${listSome(paths)}`,
      remedy: "keep it out of this app: `decrypt: sops` is not supported yet",
      at,
    },
  ];
}
