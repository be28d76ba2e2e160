import { createHash } from "node:crypto";
import { sameJson } from "../model/json.ts";
import type { KubeObject } from "../model/object.ts";
import type { Problem } from "../model/problem.ts";
import { formatRef, refKey, type Ref } from "../model/ref.ts";
import { comparable, withoutStatus } from "../diff/comparable.ts";
import type { Desired } from "./desired.ts";
import type { Prediction } from "./prediction.ts";

/** Whether an object is in the share of so many per cent: the same objects on every machine and day. */
export function isSampled(ref: Ref, percent: number): boolean {
  return percent > 0 && createHash("sha256").update(refKey(ref)).digest().readUInt32BE() % 100 < percent;
}

/** The server would change an object that was proven to be in sync: the proof was wrong. */
export function contradiction({ ref, at }: Desired, live: KubeObject, asked: Prediction): Problem | undefined {
  const told = asked.kind === "predicted" ? contentOf(asked.object) : undefined;
  if (told !== undefined && sameJson(contentOf(live), told)) return undefined;
  return {
    code: "proof-contradicted",
    level: "caution",
    message: `${formatRef(ref)} was proven to be in sync, but the API server says otherwise; the server's word counts`,
    remedy: "this is a bug in Plumbline: please report it with the object; until it is mended run with --exact",
    at,
  };
}

function contentOf(object: KubeObject): ReturnType<typeof comparable> {
  return comparable(withoutStatus(object));
}
