import type { JsonMap } from "../model/json.ts";
import { groupOf, type KubeObject } from "../model/object.ts";
import { amountsIn, amountsOf, largestOf, sumOf, timesOf, type Amounts } from "./amounts.ts";
import { mapAt, mapsAt, numberAt, textAt } from "./reading.ts";

/** Objects that quotas count by their bare name as well as by `count/`. */
const COUNTED = [
  "pods",
  "services",
  "secrets",
  "configmaps",
  "persistentvolumeclaims",
  "replicationcontrollers",
  "resourcequotas",
];

/** What an object itself takes of its namespace's quotas. `resource` is its plural in URLs. */
export function usageOf(object: KubeObject, resource: string): Amounts {
  const group = groupOf(object.apiVersion);
  const count = amountsOf([
    [`count/${resource}${group === "" ? "" : `.${group}`}`, 1],
    ...(group === "" && COUNTED.includes(resource) ? [[resource, 1] as const] : []),
  ]);
  if (group !== "") return count;
  if (resource === "pods") return sumOf([count, podUsage(mapAt(object, "spec"))]);
  if (resource === "persistentvolumeclaims") return sumOf([count, claimUsage(mapAt(object, "spec"))]);
  return resource === "services" ? sumOf([count, serviceUsage(mapAt(object, "spec"))]) : count;
}

/** What a controller's pods and volume claims will take, once it has made them; nothing for other objects and for DaemonSets, whose nodes nobody counts. */
export function madeUsage(object: KubeObject): { readonly pods: Amounts; readonly podSpec: JsonMap } | undefined {
  const count = podsOf(object);
  if (count === undefined) return undefined;
  const podSpec = mapAt(object, "spec", "template", "spec");
  const pod = sumOf([
    amountsOf([
      ["pods", 1],
      ["count/pods", 1],
    ]),
    podUsage(podSpec),
  ]);
  const claims = mapsAt(object, "spec", "volumeClaimTemplates").map((claim) =>
    sumOf([
      amountsOf([
        ["persistentvolumeclaims", 1],
        ["count/persistentvolumeclaims", 1],
      ]),
      claimUsage(mapAt(claim, "spec")),
    ]),
  );
  return { pods: timesOf(sumOf([pod, ...claims]), count), podSpec };
}

function podsOf({ kind, apiVersion, ...object }: KubeObject): number | undefined {
  const group = groupOf(apiVersion);
  if (group === "apps" && ["Deployment", "ReplicaSet", "StatefulSet"].includes(kind))
    return whole(numberAt(object, "spec", "replicas") ?? 1);
  if (group !== "batch" || kind !== "Job") return undefined;
  const [parallel, completions] = [
    numberAt(object, "spec", "parallelism") ?? 1,
    numberAt(object, "spec", "completions"),
  ];
  return whole(Math.min(parallel, completions ?? parallel));
}

function whole(count: number): number {
  return Number.isSafeInteger(count) && count > 0 ? count : 0;
}

/** Requests and limits of a pod: its containers together, or a start-up container that needs more than they do. */
export function podUsage(spec: JsonMap): Amounts {
  const [requests, limits] = (["requests", "limits"] as const).map((which) => podAmounts(spec, which));
  const requested = [...(requests ?? [])].flatMap(([name, amount]) => {
    const prefixed = [`requests.${name}`, amount] as const;
    return ["cpu", "memory", "ephemeral-storage"].includes(name) ? [prefixed, [name, amount] as const] : [prefixed];
  });
  return new Map([...requested, ...[...(limits ?? [])].map(([name, amount]) => [`limits.${name}`, amount] as const)]);
}

function podAmounts(spec: JsonMap, which: "requests" | "limits"): Amounts {
  const of = (container: JsonMap): Amounts => amountsIn(mapAt(container, "resources", which));
  let sidecars: Amounts = new Map();
  let starting: Amounts = new Map();
  for (const container of mapsAt(spec, "initContainers")) {
    // A start-up container that is always restarted runs on beside those after it.
    if (textAt(container, "restartPolicy") === "Always") sidecars = sumOf([sidecars, of(container)]);
    else starting = largestOf([starting, sumOf([sidecars, of(container)])]);
    starting = largestOf([starting, sidecars]);
  }
  const running = sumOf([sidecars, ...mapsAt(spec, "containers").map(of)]);
  const needed = largestOf([running, starting]);
  const own = amountsIn(mapAt(spec, "resources", which));
  return sumOf([new Map([...needed, ...own]), amountsIn(mapAt(spec, "overhead"))]);
}

const CLASS_SUFFIX = ".storageclass.storage.k8s.io/";

function claimUsage(spec: JsonMap): Amounts {
  const storage = mapAt(spec, "resources", "requests")["storage"];
  const className = textAt(spec, "storageClassName");
  const ofClass =
    className === undefined || className === ""
      ? []
      : ([
          [`${className}${CLASS_SUFFIX}requests.storage`, storage],
          [`${className}${CLASS_SUFFIX}persistentvolumeclaims`, 1],
        ] as const);
  return amountsOf([["requests.storage", storage], ...ofClass]);
}

function serviceUsage(spec: JsonMap): Amounts {
  const [type, ports] = [textAt(spec, "type"), mapsAt(spec, "ports").length];
  const isBalanced = type === "LoadBalancer";
  const hasNodePorts = type === "NodePort" || (isBalanced && spec["allocateLoadBalancerNodePorts"] !== false);
  return amountsOf([
    ["services.loadbalancers", isBalanced ? 1 : 0],
    ["services.nodeports", hasNodePorts ? ports : 0],
  ]);
}
