import { isList, isMap, sameJson, type Json } from "../model/json.ts";
import { isBuiltInGroup } from "../model/built-in.ts";
import { groupOf, type KubeObject } from "../model/object.ts";

// What the API server does not store of a built-in kind because it is what a field is without it. Such a field is ours and yet
// absent from the live object. A value of another type is no such value: the server refuses it.

/**
 * Which empty values the server drops without a trace, beside those of metadata. Of custom kinds nothing: their objects are
 * compared without types, so that even `labels: {}` moves the time of our claims with every write.
 */
export type Dropping = "all" | "scalars" | "nothing";

export function droppingOf({ apiVersion, kind }: KubeObject): Dropping {
  if (!isBuiltInGroup(groupOf(apiVersion))) return "nothing";
  return STRICT_KINDS.has(kind) ? "scalars" : "all";
}

/** A field of the object itself or, with `isMetadata`, of its metadata. */
export interface EmptyField {
  readonly name: string;
  readonly value: Json;
  readonly isMetadata: boolean;
}

/** Whether the server drops this value, so that writing it changes nothing. */
export function isDropped({ name, value, isMetadata }: EmptyField, dropping: Dropping): boolean {
  const zero = ZEROS.get(name);
  if (dropping === "nothing" || zero === undefined || !sameJson(value, zero)) return false;
  if (isMetadata) return METADATA.has(name);
  return dropping === "all" || (!isList(value) && !isMap(value));
}

/** Whether an empty list of this name leaves no claim: structured-merge-diff claims the items of a list with keys, not the list. */
export function isUnclaimed({ name, value, isMetadata }: EmptyField, dropping: Dropping): boolean {
  if (!isList(value) || value.length > 0 || dropping === "nothing") return false;
  return isMetadata ? METADATA.has(name) : dropping === "all" && KEYED_LISTS.has(name);
}

// Their generation is compared with reflect.DeepEqual, to which an empty list is another than none: every write of one counts.
const STRICT_KINDS: ReadonlySet<string> = new Set([
  "NetworkPolicy",
  "ValidatingWebhookConfiguration",
  "MutatingWebhookConfiguration",
]);

// Each is a list with keys in every built-in kind that has it outside of parts that are owned as a whole.
const KEYED_LISTS: ReadonlySet<string> = new Set([
  "env",
  "hostAliases",
  "imagePullSecrets",
  "initContainers",
  "ports",
  "secrets",
  "topologySpreadConstraints",
  "volumeDevices",
  "volumeMounts",
  "volumes",
]);

const METADATA: ReadonlySet<string> = new Set(["labels", "annotations", "finalizers", "ownerReferences"]);

// Fields of k8s.io/api that are no pointers and `omitempty`, of the kinds that people write. In all of these kinds a name
// stands for one type only; `options`, `requests` and `selector` do not, and so are missing.
const ZEROS: ReadonlyMap<string, Json> = new Map<string, Json>([
  ...zeros(
    "",
    `apiGroup audience caBundle clusterIP description externalName fsType group hostIP hostname image ip key loadBalancerIP
     medium message name namespace nodeName path pattern priorityClassName protocol reason scheme schedulerName
     serviceAccount serviceAccountName storageClassName subPath subPathExpr subdomain type value volumeName workingDir`,
  ),
  ...zeros(0, "healthCheckNodePort hostPort initialDelaySeconds minReadySeconds nodePort priority"),
  ...zeros(
    false,
    `globalDefault hostIPC hostNetwork hostPID insecureSkipTLSVerify paused preserveUnknownFields publishNotReadyAddresses
     readOnly stdin stdinOnce tty unschedulable`,
  ),
  ...zeros(
    [],
    `accessModes add additionalPrinterColumns allowedTopologies apiGroups args categories clusterRoleSelectors command drop
     egress endpoints env envFrom except externalIPs finalizers groups hostAliases hostnames hosts httpHeaders
     imagePullSecrets ingress initContainers items loadBalancerSourceRanges matchConditions matchExpressions metrics
     mountOptions nameservers nonResourceURLs ownerReferences policyTypes ports
     preferredDuringSchedulingIgnoredDuringExecution readinessGates required
     requiredDuringSchedulingIgnoredDuringExecution resourceNames resources rules scopes searches secrets shortNames subjects
     subsets supplementalGroups sysctls taints tls tolerations topologySpreadConstraints validations variables
     volumeClaimTemplates volumeDevices volumeMounts volumes webhooks`,
  ),
  ...zeros(
    {},
    `annotations attributes binaryData data default defaultRequest extra hard labels limits matchLabels max
     maxLimitRequestRatio min nodeSelector overhead parameters properties volumeAttributes`,
  ),
]);

function zeros(zero: Json, names: string): readonly (readonly [string, Json])[] {
  return names.split(/\s+/).map((name) => [name, zero]);
}
