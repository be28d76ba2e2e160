import type { JsonMap } from "../model/json.ts";
import type { KubeObject } from "../model/object.ts";
import { mapAt, mapsAt, textAt, told } from "./reading.ts";

/** One role for one subject. */
export interface Binding {
  /** `ClusterRole view to ServiceAccount shop/web in namespace shop` */
  readonly text: string;
  /** The role may do everything, or the subject is anybody. */
  readonly isDangerous: boolean;
}

/** Whom a RoleBinding or ClusterRoleBinding gives which role. */
export function bindingsOf(binding: KubeObject): readonly Binding[] {
  const role = mapAt(binding, "roleRef");
  const [kind, name] = [textAt(role, "kind") ?? "Role", textAt(role, "name") ?? "?"];
  const { namespace } = binding.metadata;
  const isWide = binding.kind === "ClusterRoleBinding";
  const where = isWide ? "in the whole cluster" : `in namespace ${told(namespace ?? "?")}`;
  return mapsAt(binding, "subjects").map((subject) => ({
    text: `${told(kind)} ${told(name)} to ${subjectText(subject, namespace)} ${where}`,
    isDangerous: (kind === "ClusterRole" && name === "cluster-admin") || isAnybody(subject),
  }));
}

function subjectText(subject: JsonMap, namespace: string | undefined): string {
  const [kind, name] = [textAt(subject, "kind") ?? "User", told(textAt(subject, "name") ?? "?")];
  if (kind !== "ServiceAccount") return `${told(kind)} ${name}`;
  return `ServiceAccount ${told(textAt(subject, "namespace") ?? namespace ?? "?")}/${name}`;
}

// Groups and users that stand for everybody, or for every pod, or that no rule holds back.
const ANYBODY = [
  "system:masters",
  "system:anonymous",
  "system:unauthenticated",
  "system:authenticated",
  "system:serviceaccounts",
];

function isAnybody(subject: JsonMap): boolean {
  return subject["kind"] !== "ServiceAccount" && ANYBODY.includes(textAt(subject, "name") ?? "");
}
