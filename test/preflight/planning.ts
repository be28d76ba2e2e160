import type { Op } from "../../src/model/change.ts";
import { refOf, type KubeObject } from "../../src/model/object.ts";
import type { Problem } from "../../src/model/problem.ts";
import type { Planned } from "../../src/preflight/planned.ts";

/** One object of a plan by the states that a test is about; it is the same in Git and live before, unless a test says otherwise. */
export function planned(op: Op | undefined, states: Pick<Planned, "live" | "base" | "head" | "at">): Planned {
  const object = states.head ?? states.live ?? states.base;
  if (object === undefined) throw new TypeError("an object without any state is no part of a plan");
  return { ref: refOf(object), ...(op !== undefined && { op }), ...states };
}

export function created(head: KubeObject): Planned {
  return planned("create", { head });
}

export function updated(before: KubeObject, head: KubeObject): Planned {
  return planned("update", { live: before, base: before, head });
}

export function deleted(live: KubeObject): Planned {
  return planned("delete", { live, base: live });
}

export function unchanged(object: KubeObject): Planned {
  return planned(undefined, { live: object, base: object, head: object });
}

/** A copy of an object with other values in its spec. */
export function withSpec(object: KubeObject, spec: Readonly<Record<string, unknown>>): KubeObject {
  return { ...object, spec: { ...(object["spec"] as object), ...spec } } as KubeObject;
}

/** Problems as a person reads them, without what is to be done. */
export function messages(problems: readonly Problem[]): readonly string[] {
  return problems.map(({ code, level, message }) => `${level} ${code} ${message}`);
}
