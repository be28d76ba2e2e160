import { formatRef } from "../model/ref.ts";
import { refOf, type SourceObject } from "../model/object.ts";
import type { Problem } from "../model/problem.ts";

const HOOK = "helm.sh/hook";

export interface Hooked {
  readonly objects: readonly SourceObject[];
  readonly problems: readonly Problem[];
}

/** Objects that helm would run at a moment of an install are no part of the desired state: tests are dropped, the others named. */
export function withoutHooks(rendered: readonly SourceObject[]): Hooked {
  const hooks = rendered.filter((source) => hooksOf(source).length > 0);
  return {
    objects: rendered.filter((source) => !hooks.includes(source)),
    problems: hooks.filter((source) => !hooksOf(source).every(isTest)).map(notRun),
  };
}

function hooksOf({ object }: SourceObject): readonly string[] {
  const value = object.metadata.annotations?.[HOOK];
  if (typeof value !== "string") return [];
  return value
    .split(",")
    .map((hook) => hook.trim())
    .filter((hook) => hook !== "");
}

function isTest(hook: string): boolean {
  return hook === "test" || hook === "test-success" || hook === "test-failure";
}

function notRun(source: SourceObject): Problem {
  return {
    code: "not-supported-yet",
    level: "caution",
    message: `${formatRef(refOf(source.object))}: helm hook ${hooksOf(source).join(", ")} is not run yet, and the object is left out`,
    remedy: `run it by hand, or remove the annotation ${HOOK} to deploy it like any other object`,
    at: source.at,
  };
}
