import type { KubeObject } from "../../src/model/object.ts";
import type { Case } from "./case.ts";
import type { CaseTarget } from "./stage.ts";

/** What the case's app wants now, and what it wanted before. */
export function targetOf(one: Case): CaseTarget {
  const rest = anchors(one);
  return {
    app: one.id.replaceAll("/", "-").toLowerCase().slice(-60),
    namespace: one.spot.namespace,
    head: [...(one.after === undefined ? [] : [one.after]), ...rest],
    ...(one.start === "ours" && one.mutation !== "create" && { base: [one.before, ...rest] }),
    adopt: one.adopts,
  };
}

/** An app that renders to nothing is refused, so where the object leaves Git something else stays. */
export function anchors({ mutation, spot }: Case): readonly KubeObject[] {
  if (mutation !== "leave Git") return [];
  const metadata = { name: "anchor", namespace: spot.namespace };
  return [{ apiVersion: "v1", kind: "ConfigMap", metadata, data: { stays: "here" } }];
}
