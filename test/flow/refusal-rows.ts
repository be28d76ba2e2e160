import type { KubeKind } from "../../src/model/kind.ts";
import { DEFINITION, LIVE } from "./refusal-scene.ts";

/** One write that the server refuses. */
export interface Row {
  readonly name: string;
  /** The object that is applied, as YAML. */
  readonly object: string;
  /** Default: the administrator. */
  readonly as?: "limited";
  /** Default: a dry-run. */
  readonly really?: true;
  /** Where it is sent, if not where the object says. */
  readonly to?: { readonly name?: string; readonly namespace?: string; readonly kind?: KubeKind };
}

const meta = (name: string, namespace = "shop", more = ""): string =>
  `metadata: {name: ${name}, namespace: ${namespace}${more}}`;
const config = (name: string, rest = `data: {a: "1"}`, namespace = "shop"): string =>
  `{apiVersion: v1, kind: ConfigMap, ${meta(name, namespace)}, ${rest}}`;
const secret = (name: string, rest: string): string => `{apiVersion: v1, kind: Secret, ${meta(name)}, ${rest}}`;
const widget = (spec: string, name = "w"): string =>
  `{apiVersion: shop.example.com/v1, kind: Widget, ${meta(name)}, spec: ${spec}}`;

const workload = (kind: string, name: string, spec: string): string =>
  `{apiVersion: apps/v1, kind: ${kind}, ${meta(name)}, spec: ${spec}}`;
const deployment = (more: string, container = `name: c, image: "a:1"`, name = "web", selector = "web"): string =>
  workload(
    "Deployment",
    name,
    `{${more}selector: {matchLabels: {app: ${selector}}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{${container}}]}}}`,
  );
const pod = (name: string, spec: string, namespace = "shop"): string =>
  `{apiVersion: v1, kind: Pod, ${meta(name, namespace)}, spec: {${spec}}}`;
const big = (bytes: number): string => "x".repeat(bytes);
const role = (name: string): string =>
  `roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${name}}`;

const nowhere = (group: string, version: string, kind: string): KubeKind => ({
  group,
  version,
  kind,
  resource: `${kind.toLowerCase()}s`,
  namespaced: true,
  verbs: [],
  hasStatus: false,
});

const SCHEMA: readonly Row[] = [
  { name: "unknown field", object: deployment("repicas: 2, ") },
  { name: "unknown field of a new object", object: deployment("repicas: 2, ", undefined, "new") },
  { name: "unknown field in a list", object: deployment("", `name: c, image: "a:1", foo: 1`) },
  { name: "unknown field that belongs elsewhere", object: deployment("image: b, ") },
  { name: "unknown field of a custom kind", object: widget("{colour: r}") },
  { name: "text for a number", object: deployment(`replicas: "two", `) },
  { name: "number for a text", object: deployment("", `name: c, image: "a:1", env: [{name: A, value: 5}]`) },
  {
    name: "map for a list",
    object: workload("Deployment", "web", "{template: {spec: {containers: {}}}}"),
  },
  {
    name: "number for a key with dots",
    object: workload("Deployment", "web", "{template: {spec: {nodeSelector: {example.com/a: 5}}}}"),
  },
  { name: "text for a number of a custom kind", object: widget(`{size: "1"}`) },
  { name: "number in a secret", object: secret("pin", "stringData: {pin: 1234}") },
  { name: "no base64 in a secret", object: secret("pin", "data: {pin: 'not base64!'}") },
  {
    name: "the same environment variable twice",
    object: deployment("", `name: c, image: "a:1", env: [{name: A, value: x}, {name: A, value: z}]`),
  },
  {
    name: "the same port twice",
    object: deployment(
      "",
      `name: c, image: "a:1", ports: [{containerPort: 80, protocol: TCP}, {containerPort: 80, protocol: TCP}]`,
    ),
  },
  { name: "the same item twice in a custom kind", object: widget("{items: [{name: a}, {name: a}]}") },
  { name: "an item without its key in a custom kind", object: widget("{items: [{value: x}]}") },
];

const VALUES: readonly Row[] = [
  { name: "an item without its key", object: deployment("", `name: c, image: "a:1", env: [{name: A}, {value: x}]`) },
  { name: "invalid value", object: deployment("replicas: -1, ") },
  {
    name: "three invalid values",
    object: workload(
      "Deployment",
      "new",
      "{replicas: -1, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {restartPolicy: Never, containers: [{name: c}]}}}",
    ),
  },
  { name: "a number that a schema forbids", object: widget("{size: 0}") },
  { name: "a word that a schema forbids", object: widget("{color: z}") },
  { name: "a rule of a custom kind", object: widget("{size: 100}") },
  { name: "a transition that a custom kind forbids", object: widget("{color: g}") },
  { name: "invalid name", object: config("Bad_Name") },
  {
    name: "invalid name of a service",
    object: `{apiVersion: v1, kind: Service, ${meta("web.a")}, spec: {ports: [{port: 80}]}}`,
  },
  {
    name: "invalid definition",
    object:
      "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: foo.shop.example.com}, spec: {group: shop.example.com, scope: Namespaced, names: {plural: bars, kind: Bar}, versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]}}",
  },
  {
    name: "annotations too long",
    object: config("noted").replace("namespace: shop", `namespace: shop, annotations: {a: ${big(270_000)}}`),
  },
  { name: "data too long", object: config("big", `data: {a: ${big(1_100_000)}}`) },
  { name: "request too large", object: widget(`{text: ${big(3_200_000)}}`, "big") },
  { name: "object too large for the store", object: widget(`{text: ${big(1_800_000)}}`, "big"), really: true },
  { name: "managed fields", object: config("there").replace("namespace: shop", "namespace: shop, managedFields: []") },
  { name: "another name", object: config("there"), to: { name: "other" } },
  { name: "another namespace", object: config("there"), to: { namespace: "small" } },
  {
    name: "another kind",
    object: config("there").replace("ConfigMap", "Secret"),
    to: { kind: { ...nowhere("", "v1", "ConfigMap") } },
  },
];

const relabelled = LIVE.deployment.replace("matchLabels: {app: web}", "matchLabels: {app: x}");
const reselected = relabelled.replace("labels: {app: web}}", "labels: {app: x}}");
const annotated = (text: string, annotation: string): string =>
  text.replace("namespace: shop", `namespace: shop, annotations: {${annotation}}`);

const IMMUTABLE: readonly Row[] = [
  { name: "selector of a Deployment", object: reselected },
  { name: "selector of a Deployment that does not fit its pods", object: relabelled },
  {
    name: "selector of a Deployment, replacement asked for",
    object: annotated(reselected, `plumbline.dev/replace: "true"`),
  },
  { name: "selector of a DaemonSet", object: LIVE.daemonSet.replaceAll("{a: b}", "{a: c}") },
  { name: "service of a StatefulSet", object: LIVE.statefulSet.replace("serviceName: db", "serviceName: other") },
  { name: "volume claims of a StatefulSet", object: LIVE.statefulSet.replace("1Gi", "2Gi") },
  { name: "template of a Job", object: LIVE.job.replace("a:1", "b:2") },
  { name: "completions of a Job", object: LIVE.job.replace("spec: {template", "spec: {completions: 3, template") },
  { name: "command of a Pod", object: LIVE.pod.replace("name: c,", "name: c, command: [x],") },
  { name: "address of a Service", object: LIVE.service.replace("10.0.77.1", "10.0.77.2") },
  { name: "address of a Service taken away", object: LIVE.service.replace("10.0.77.1", "None") },
  { name: "data of an immutable ConfigMap", object: LIVE.fixedConfig.replace('"1"', '"2"') },
  { name: "immutability of a ConfigMap", object: LIVE.fixedConfig.replace("immutable: true", "immutable: false") },
  { name: "data of an immutable Secret", object: LIVE.fixedSecret.replace("8812", "8813") },
  { name: "type of a Secret", object: LIVE.typedSecret.replace("example.com/a", "example.com/b") },
  { name: "access modes of a volume claim", object: LIVE.claim.replace("ReadWriteOnce", "ReadWriteMany") },
  { name: "size of a volume claim that is not bound", object: LIVE.claim.replace("1Gi", "800Mi") },
  { name: "provisioner of a StorageClass", object: LIVE.storageClass.replace("example.com/a", "example.com/b") },
  { name: "value of a PriorityClass", object: LIVE.priorityClass.replace("value: 7", "value: 8") },
  { name: "handler of a RuntimeClass", object: LIVE.runtimeClass.replace("handler: a", "handler: b") },
  { name: "controller of an IngressClass", object: LIVE.ingressClass.replace("example.com/a", "example.com/b") },
  { name: "role of a RoleBinding", object: LIVE.binding.replace("name: view", "name: edit") },
  { name: "scope of a definition", object: DEFINITION.replace("Namespaced", "Cluster") },
  {
    name: "another uid",
    object: LIVE.there.replace("namespace: shop", "namespace: shop, uid: 11111111-1111-4111-8111-111111111111"),
  },
];

const ADMISSION: readonly Row[] = [
  "policy-expression",
  "policy-message",
  "policy-forbidden",
  "policy-error",
  "webhook-denies",
  "webhook-denies-silently",
  "webhook-denies-a-field",
  "webhook-denies-as-forbidden",
  "webhook-is-slow",
  "webhook-is-gone",
  "webhook-of-another-ca",
  "webhook-with-side-effects",
].map((name) => ({ name: name.replaceAll("-", " "), object: config(name) }));

const NAMESPACES: readonly Row[] = [
  { name: "too many objects for a quota", object: deployment("").replace("namespace: shop", "namespace: small") },
  {
    name: "too much for a quota",
    object: pod("p", `containers: [{name: c, image: a, resources: {requests: {cpu: "3"}}}]`, "small"),
  },
  { name: "no requests where a quota counts them", object: pod("p", "containers: [{name: c, image: a}]", "small") },
  {
    name: "a container beyond the limit range",
    object: pod("p", `containers: [{name: c, image: a, resources: {limits: {cpu: "3"}}}]`),
  },
  {
    name: "a volume claim beyond the limit range",
    object: `{apiVersion: v1, kind: PersistentVolumeClaim, ${meta("p")}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 5Gi}}}}`,
  },
  { name: "pod security", object: pod("p", "containers: [{name: c, image: a}]", "strict") },
  {
    name: "missing service account",
    object: pod("p", "serviceAccountName: nobody, containers: [{name: c, image: a}]"),
  },
  { name: "missing priority class", object: pod("p", "priorityClassName: none, containers: [{name: c, image: a}]") },
  { name: "namespace that is being deleted", object: config("new", undefined, "ending") },
  { name: "missing namespace", object: config("new", undefined, "nowhere") },
];

const RIGHTS: readonly Row[] = [
  { name: "no right to patch", as: "limited", object: secret("x", "stringData: {a: x}") },
  { name: "no right to create", as: "limited", object: config("new") },
  {
    name: "no right to patch what has no namespace",
    as: "limited",
    object: "{apiVersion: v1, kind: Namespace, metadata: {name: new}}",
  },
  {
    name: "a role with rights that are not held",
    as: "limited",
    object: `{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, ${meta("new")}, rules: [{apiGroups: [""], resources: [secrets, pods], verbs: [get, list]}, {apiGroups: [apps], resources: [deployments], resourceNames: [web], verbs: [patch]}]}`,
  },
  {
    name: "a binding to a role that is not held",
    as: "limited",
    object: `{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, ${meta("new")}, ${role("cluster-admin")}}`,
  },
  {
    name: "a binding to a missing role",
    as: "limited",
    object: `{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, ${meta("new")}, ${role("missing")}}`,
  },
];

const KINDS: readonly Row[] = [
  {
    name: "missing group",
    object: `{apiVersion: gone.example.com/v1, kind: Gadget, ${meta("g")}}`,
    to: { kind: nowhere("gone.example.com", "v1", "Gadget") },
  },
  {
    name: "missing version of a group",
    object: `{apiVersion: shop.example.com/v9, kind: Widget, ${meta("w")}}`,
    to: { kind: nowhere("shop.example.com", "v9", "Widget") },
  },
  {
    name: "missing kind of a group",
    object: `{apiVersion: apps/v1, kind: Gadget, ${meta("g")}}`,
    to: { kind: nowhere("apps", "v1", "Gadget") },
  },
];

/** What can be provoked by applying one object, by what it is about. */
export const ROWS: Readonly<Record<string, readonly Row[]>> = {
  schema: SCHEMA,
  values: VALUES,
  "immutable-fields": IMMUTABLE,
  admission: ADMISSION,
  namespaces: NAMESPACES,
  rights: RIGHTS,
  kinds: KINDS,
};
