import type { KubeKind } from "../model/kind.ts";
import type { Target } from "../model/target.ts";

/** How everything we keep about one target is named. Both parts are DNS labels, so no two targets share a name. */
export function systemName(target: Target): string {
  return `plumbline.${target.environment}.${target.app}`;
}

/** Who wrote it, for people who look around with kubectl. */
export const SYSTEM_LABELS = { "app.kubernetes.io/managed-by": "plumbline" } as const;

/** The kind of the namespace that holds what is ours. */
export const NAMESPACE: KubeKind = {
  group: "",
  version: "v1",
  kind: "Namespace",
  resource: "namespaces",
  namespaced: false,
  verbs: ["create", "get"],
  hasStatus: true,
};

/** A namespaced kind of which we keep objects of our own. */
export function systemKind(group: string, kind: string, resource: string): KubeKind {
  return {
    group,
    version: "v1",
    kind,
    resource,
    namespaced: true,
    verbs: ["create", "get", "update"],
    hasStatus: false,
  };
}
