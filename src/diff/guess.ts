import { isMap, sameJson, type Json, type JsonMap } from "../model/json.ts";
import { refOf, type KubeObject } from "../model/object.ts";
import { isSecretKind } from "./secrecy.ts";

/** What is known of an object when a change to it is judged. */
export interface GuessSides {
  /** What Git had before; absent: the change brings it. */
  readonly base?: KubeObject;
  readonly head: KubeObject;
  readonly live: KubeObject;
}

/**
 * What Git wants, but each value of a Secret that the change brings and that is live already is another one. A plan that is
 * made of it is the plan of a wrong guess: whoever wrote the change cannot tell from it that the guess was right.
 */
export function withoutGuesses({ base, head, live }: GuessSides): KubeObject {
  const [before, wanted, now] = [base?.["data"], head["data"], live["data"]];
  if (!isSecretKind(refOf(head)) || !isMap(wanted) || !isMap(now)) return head;
  const others = Object.entries(wanted).flatMap(([key, value]) => {
    const isGuess = sameJson(value, own(now, key)) && !sameJson(value, isMap(before) ? own(before, key) : undefined);
    return isGuess && typeof value === "string" ? [[key, another(value)] as const] : [];
  });
  return others.length === 0 ? head : { ...head, data: { ...wanted, ...Object.fromEntries(others) } };
}

function own(map: JsonMap, key: string): Json | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/** Of the same form: a line end more breaks neither JSON nor a certificate, so the server takes both or neither. */
function another(value: string): string {
  return Buffer.concat([Buffer.from(value, "base64"), Buffer.from("\n")]).toString("base64");
}
