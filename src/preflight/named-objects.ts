import { isMap, type Json, type JsonMap } from "../model/json.ts";
import { groupOf, type KubeObject } from "../model/object.ts";
import { refKey, type Ref } from "../model/ref.ts";
import { containersOf, podSpecsOf } from "./pod-specs.ts";
import { mapAt, mapsAt, textAt, unique } from "./reading.ts";

/**
 * The other objects that an object cannot work without, as it names them: ServiceAccount, ConfigMap, Secret, volume claim,
 * priority and runtime class of its pods, the role it binds, the Services of an Ingress, the target of an autoscaler.
 * What it marks as optional is left out.
 */
export function namedObjects(object: KubeObject): readonly Ref[] {
  const { namespace } = object.metadata;
  const named = [
    ...podSpecsOf(object).flatMap((spec) => podReferences(spec, namespace)),
    ...roleReferences(object),
    ...serviceReferences(object),
    ...scaleReferences(object),
  ];
  return [...new Map(named.map((ref) => [refKey(ref), ref])).values()];
}

function podReferences(spec: JsonMap, namespace: string | undefined): readonly Ref[] {
  const inNamespace = (kind: string, names: readonly string[]): readonly Ref[] =>
    namespace === undefined ? [] : unique(names).map((name) => ({ group: "", kind, namespace, name }));
  const account = textAt(spec, "serviceAccountName");
  const priority = textAt(spec, "priorityClassName");
  const runtime = textAt(spec, "runtimeClassName");
  return [
    // Every namespace has the account `default`.
    ...inNamespace("ServiceAccount", account === undefined || account === "default" ? [] : [account]),
    ...inNamespace("ConfigMap", [...volumeNames(spec, "configMap", "name"), ...environmentNames(spec, "configMap")]),
    ...inNamespace("Secret", [
      ...volumeNames(spec, "secret", "secretName"),
      ...environmentNames(spec, "secret"),
      ...mapsAt(spec, "imagePullSecrets").flatMap((secret) => nameIn(secret)),
    ]),
    ...inNamespace("PersistentVolumeClaim", claims(spec)),
    ...(priority === undefined ? [] : [{ group: "scheduling.k8s.io", kind: "PriorityClass", name: priority }]),
    ...(runtime === undefined ? [] : [{ group: "node.k8s.io", kind: "RuntimeClass", name: runtime }]),
  ];
}

/** Names in volumes: `secret: {secretName}` of a volume of its own, `secret: {name}` of one that is projected. */
function volumeNames(spec: JsonMap, source: "configMap" | "secret", key: string): readonly string[] {
  return mapsAt(spec, "volumes").flatMap((volume) => [
    ...nameIn(volume[source], key),
    ...mapsAt(volume, "projected", "sources").flatMap((projected) => nameIn(projected[source])),
  ]);
}

function environmentNames(spec: JsonMap, source: "configMap" | "secret"): readonly string[] {
  return containersOf(spec).flatMap(({ spec: container }) => [
    ...mapsAt(container, "env").flatMap((variable) => nameIn(mapAt(variable, "valueFrom")[`${source}KeyRef`])),
    ...mapsAt(container, "envFrom").flatMap((variables) => nameIn(variables[`${source}Ref`])),
  ]);
}

function claims(spec: JsonMap): readonly string[] {
  return mapsAt(spec, "volumes").flatMap((volume) => nameIn(volume["persistentVolumeClaim"], "claimName"));
}

function nameIn(value: Json | undefined, key = "name"): readonly string[] {
  if (!isMap(value) || value["optional"] === true) return [];
  const name = value[key];
  return typeof name === "string" && name !== "" ? [name] : [];
}

const RBAC = "rbac.authorization.k8s.io";

function roleReferences(object: KubeObject): readonly Ref[] {
  if (groupOf(object.apiVersion) !== RBAC) return [];
  const { namespace } = object.metadata;
  const kind = textAt(object, "roleRef", "kind");
  return nameIn(object["roleRef"]).flatMap((name): readonly Ref[] => {
    if (kind === "ClusterRole") return [{ group: RBAC, kind, name }];
    return kind === "Role" && namespace !== undefined ? [{ group: RBAC, kind, namespace, name }] : [];
  });
}

function serviceReferences(object: KubeObject): readonly Ref[] {
  const { namespace } = object.metadata;
  if (object.kind !== "Ingress" || groupOf(object.apiVersion) !== "networking.k8s.io" || namespace === undefined)
    return [];
  const paths = mapsAt(object, "spec", "rules").flatMap((rule) => mapsAt(rule, "http", "paths"));
  const backends = [mapAt(object, "spec", "defaultBackend"), ...paths.map((path) => mapAt(path, "backend"))];
  return backends
    .flatMap(({ service }) => nameIn(service))
    .map((name) => ({ group: "", kind: "Service", namespace, name }));
}

function scaleReferences(object: KubeObject): readonly Ref[] {
  const { namespace } = object.metadata;
  if (object.kind !== "HorizontalPodAutoscaler" || namespace === undefined) return [];
  const target = mapAt(object, "spec", "scaleTargetRef");
  const [apiVersion = "", kind] = [textAt(target, "apiVersion"), textAt(target, "kind")];
  return kind === undefined
    ? []
    : nameIn(target).map((name) => ({ group: groupOf(apiVersion), kind, namespace, name }));
}
