import { isMap } from "../model/json.ts";
import type { KubeObject } from "../model/object.ts";
import { formatRef, refKey, type Ref } from "../model/ref.ts";
import type { Refusal } from "../model/refusal.ts";

/**
 * Why a dry-run had to refuse an object that the real write will find provided for: what it names comes with this change.
 * `coming` holds ref keys. `undefined`: the refusal has another reason, or nobody brings what is missing.
 */
export function isAwaited(refusal: Refusal, object: KubeObject, coming: ReadonlySet<string>): string | undefined {
  const missing = missingNeighbours(refusal, object).find((ref) => coming.has(refKey(ref)));
  if (missing !== undefined) return `its ${formatRef(missing)} comes with this change`;
  return awaitedLimits(refusal, object, coming);
}

// Texts as kube-apiserver 1.36 answers them. What is looked up is compared with the object's own words, so that no text
// that an author chose is taken for the server's.
const ACCOUNT = /^pods "[^"]*" is forbidden: error looking up service account ([a-z0-9.-]+)\/([a-z0-9.-]+): /;
const PRIORITY = /^pods "[^"]*" is forbidden: no PriorityClass with name (\S+) was found$/;
const RUNTIME = /^pods "[^"]*" is forbidden: pod rejected: RuntimeClass "([^"]+)" not found$/;

function missingNeighbours({ httpStatus, message, name }: Refusal, object: KubeObject): readonly Ref[] {
  if (httpStatus === 404) return missingRoles(name, object);
  if (httpStatus !== 403) return [];
  const [, namespace, account] = ACCOUNT.exec(message) ?? [];
  if (namespace !== undefined && account !== undefined)
    return [{ group: "", kind: "ServiceAccount", namespace, name: account }];
  const [, priority] = PRIORITY.exec(message) ?? [];
  if (priority !== undefined) return [{ group: "scheduling.k8s.io", kind: "PriorityClass", name: priority }];
  const [, runtime] = RUNTIME.exec(message) ?? [];
  return runtime === undefined ? [] : [{ group: "node.k8s.io", kind: "RuntimeClass", name: runtime }];
}

const RBAC = "rbac.authorization.k8s.io";

/** The server checks the rights that a binding gives, and says of a missing role only its name. */
function missingRoles(name: string | undefined, object: KubeObject): readonly Ref[] {
  const role = object["roleRef"];
  if (!isMap(role) || role["name"] !== name || name === undefined) return [];
  const { namespace } = object.metadata;
  if (role["kind"] === "ClusterRole") return [{ group: RBAC, kind: "ClusterRole", name }];
  return namespace === undefined ? [] : [{ group: RBAC, kind: "Role", namespace, name }];
}

const NO_REQUESTS = /^[\w.-]+ "[^"]*" is forbidden: failed quota: [^:]+: must specify /;

function awaitedLimits(
  { httpStatus, message }: Refusal,
  { metadata: { namespace } }: KubeObject,
  coming: ReadonlySet<string>,
): string | undefined {
  if (httpStatus !== 403 || namespace === undefined || !NO_REQUESTS.test(message)) return undefined;
  const beginning = refKey({ group: "", kind: "LimitRange", namespace, name: "" });
  const limits = [...coming].find((key) => key.startsWith(beginning));
  const name = limits?.slice(beginning.length);
  return name === undefined
    ? undefined
    : `its LimitRange ${namespace}/${name}, which sets requests, comes with this change`;
}
