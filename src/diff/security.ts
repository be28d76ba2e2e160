import type { Path } from "../model/path.ts";
import type { Ref } from "../model/ref.ts";

const RBAC = "rbac.authorization.k8s.io";
const ADMISSION = "admissionregistration.k8s.io";

// Parts of a pod that decide what it may do on its node or as whom it runs.
const POD_PARTS = [
  "containers",
  "initContainers",
  "ephemeralContainers",
  "volumes",
  "hostNetwork",
  "hostPID",
  "hostIPC",
  "securityContext",
  "serviceAccountName",
  "serviceAccount",
];

// Inside a container, what gives it power. An image or an environment value is drift like any other.
const CONTAINER_PARTS = ["securityContext", "volumeMounts", "volumeDevices", "command", "args"];

/** A difference that is reported at first sight: who may do what, or what a pod may do. */
export function isSecurityRelevant(ref: Pick<Ref, "group">, path: Path): boolean {
  if (ref.group === RBAC || ref.group === ADMISSION) return path[0] !== "metadata";
  const names = path.filter((step) => typeof step === "string");
  const part = names.findIndex((name) => POD_PARTS.includes(name));
  const name = names[part];
  if (name === undefined || !names.slice(0, part).includes("spec")) return false;
  const inside = names[part + 1];
  return !name.toLowerCase().endsWith("containers") || inside === undefined || CONTAINER_PARTS.includes(inside);
}
