import { readFileSync } from "node:fs";
import { dedent } from "../support/yml.ts";
import { LOOPBACK_CERTIFICATE } from "../kube/loopback-certificate.ts";

// Everything that the rows of refusal-rows.ts run into. Policies and webhooks look at one ConfigMap name each.

/** A kind with a schema and rules. */
export const DEFINITION = dedent(`
  apiVersion: apiextensions.k8s.io/v1
  kind: CustomResourceDefinition
  metadata: {name: widgets.shop.example.com}
  spec:
    group: shop.example.com
    scope: Namespaced
    names: {plural: widgets, singular: widget, kind: Widget}
    versions:
      - name: v1
        served: true
        storage: true
        schema:
          openAPIV3Schema:
            type: object
            properties:
              spec:
                type: object
                properties:
                  size: {type: integer, minimum: 1}
                  color: {type: string, enum: [r, g], x-kubernetes-validations: [{rule: self == oldSelf, message: color is immutable}]}
                  text: {type: string}
                  items:
                    type: array
                    x-kubernetes-list-type: map
                    x-kubernetes-list-map-keys: [name]
                    items: {type: object, required: [name], properties: {name: {type: string}, value: {type: string}}}
                x-kubernetes-validations: [{rule: "!has(self.size) || self.size < 100", message: size must be below 100}]
`);

/** What lies in the cluster before anything is refused. */
export const SCENE = dedent(`
  {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
  ---
  {apiVersion: v1, kind: Namespace, metadata: {name: small}}
  ---
  {apiVersion: v1, kind: Namespace, metadata: {name: strict, labels: {pod-security.kubernetes.io/enforce: restricted}}}
  ---
  {apiVersion: v1, kind: Namespace, metadata: {name: ending}}
  ---
  {apiVersion: v1, kind: ServiceAccount, metadata: {name: default, namespace: shop}}
  ---
  {apiVersion: v1, kind: ServiceAccount, metadata: {name: default, namespace: small}}
  ---
  {apiVersion: v1, kind: ServiceAccount, metadata: {name: default, namespace: strict}}
  ---
  apiVersion: v1
  kind: ResourceQuota
  metadata: {name: q, namespace: small}
  spec: {hard: {requests.cpu: "1", count/deployments.apps: "0"}}
  ---
  apiVersion: v1
  kind: LimitRange
  metadata: {name: l, namespace: shop}
  spec:
    limits:
      - {type: Container, max: {cpu: "1"}}
      - {type: PersistentVolumeClaim, max: {storage: 1Gi}}
  ---
  {apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: limited, namespace: shop}, rules: [
    {apiGroups: [""], resources: [configmaps], verbs: [patch]},
    {apiGroups: [rbac.authorization.k8s.io], resources: [roles, rolebindings], verbs: [get, create, patch]}]}
  ---
  {apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: limited, namespace: shop},
    roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: limited}, subjects: [{kind: User, name: limited}]}
`);

/** The live objects that the rows try to change. */
export const LIVE = {
  deployment: dedent(`
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: web, namespace: shop}
  spec:
    replicas: 1
    selector: {matchLabels: {app: web}}
    template:
      metadata: {labels: {app: web}}
      spec: {containers: [{name: c, image: "a:1", env: [{name: A, value: "1"}]}]}
  `),
  daemonSet: dedent(`
  apiVersion: apps/v1
  kind: DaemonSet
  metadata: {name: ds, namespace: shop}
  spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: "a:1"}]}}}
  `),
  statefulSet: dedent(`
  apiVersion: apps/v1
  kind: StatefulSet
  metadata: {name: db, namespace: shop}
  spec:
    serviceName: db
    selector: {matchLabels: {a: b}}
    template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: "a:1"}]}}
    volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]
  `),
  job: dedent(`
  apiVersion: batch/v1
  kind: Job
  metadata: {name: job, namespace: shop}
  spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: "a:1"}]}}}
  `),
  service: dedent(`
  {apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {clusterIP: 10.0.77.1, ports: [{port: 80}]}}
  `),
  fixedConfig: dedent(`
  {apiVersion: v1, kind: ConfigMap, metadata: {name: fixed, namespace: shop}, immutable: true, data: {a: "1"}}
  `),
  fixedSecret: dedent(`
  {apiVersion: v1, kind: Secret, metadata: {name: fixed, namespace: shop}, immutable: true, stringData: {pin: "8812"}}
  `),
  typedSecret: dedent(`
  {apiVersion: v1, kind: Secret, metadata: {name: typed, namespace: shop}, type: example.com/a}
  `),
  claim: dedent(`
  {apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}
  `),
  storageClass: dedent(`
  {apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: fast}, provisioner: example.com/a}
  `),
  priorityClass: dedent(`
  {apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: high}, value: 7}
  `),
  runtimeClass: dedent(`
  {apiVersion: node.k8s.io/v1, kind: RuntimeClass, metadata: {name: box}, handler: a}
  `),
  ingressClass: dedent(`
  {apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: edge}, spec: {controller: example.com/a}}
  `),
  pod: dedent(`
  {apiVersion: v1, kind: Pod, metadata: {name: one, namespace: shop}, spec: {containers: [{name: c, image: "a:1"}]}}
  `),
  binding: dedent(`
  {apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: binding, namespace: shop}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}}
  `),
  there: dedent(`
  {apiVersion: v1, kind: ConfigMap, metadata: {name: there, namespace: shop}, data: {a: "1"}}
  `),
  widget: dedent(`
  {apiVersion: shop.example.com/v1, kind: Widget, metadata: {name: w, namespace: shop}, spec: {size: 1, color: r, items: [{name: a, value: "1"}]}}
  `),
} as const;

const policy = (name: string, validation: string): string => `
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: ${name}}
spec:
  failurePolicy: Fail
  matchConstraints: {resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}]}
  matchConditions: [{name: only, expression: "object.metadata.name == '${name}'"}]
  validations: [${validation}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: ${name}}
spec: {policyName: ${name}, validationActions: [Deny]}
`;

/** Admission policies: each refuses the ConfigMap that has its name. */
export const POLICIES = [
  policy("policy-expression", `{expression: "object.data.a != '1'"}`),
  policy("policy-message", `{expression: "object.data.a != '1'", message: a must not be 1}`),
  policy("policy-forbidden", `{expression: "object.data.a != '1'", message: a must not be 1, reason: Forbidden}`),
  policy("policy-error", `{expression: "object.data.nokey == '1'"}`),
].join("");

interface Hook {
  readonly name: string;
  readonly url: string;
  readonly ca?: string;
}

const webhook = ({ name, url, ca = LOOPBACK_CERTIFICATE }: Hook): string => `
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: ${name}}
webhooks:
  - name: ${name}.example.com
    admissionReviewVersions: [v1]
    sideEffects: None
    timeoutSeconds: 1
    failurePolicy: Fail
    clientConfig: {url: "${url}/${name}", caBundle: ${Buffer.from(ca).toString("base64")}}
    rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}]
    matchConditions: [{name: only, expression: "object.metadata.name == '${name}'"}]
`;

/** Admission webhooks: each is asked about the ConfigMap that has its name. `nowhere` is a port that nobody listens on. */
export function webhooks({ server, nowhere, caFile }: { server: string; nowhere: string; caFile: string }): string {
  return [
    { name: "webhook-denies", url: server },
    { name: "webhook-denies-silently", url: server },
    { name: "webhook-denies-a-field", url: server },
    { name: "webhook-denies-as-forbidden", url: server },
    { name: "webhook-is-slow", url: server },
    { name: "webhook-is-gone", url: nowhere },
    { name: "webhook-of-another-ca", url: server, ca: readFileSync(caFile, "utf8") },
  ]
    .map(webhook)
    .join("");
}

/** What each webhook answers; `undefined`: nothing, ever. */
export function verdict(name: string): Readonly<Record<string, unknown>> | undefined {
  if (name === "webhook-is-slow") return undefined;
  const statuses: Readonly<Record<string, unknown>> = {
    "webhook-denies": { message: "no way" },
    "webhook-denies-a-field": {
      code: 422,
      reason: "Invalid",
      message: "bad thing",
      details: { causes: [{ reason: "FieldValueInvalid", field: "data.a", message: "field is immutable" }] },
    },
    "webhook-denies-as-forbidden": { code: 403, reason: "Forbidden", message: "exceeded quota: 8812" },
  };
  const status = statuses[name];
  return { allowed: false, ...(status === undefined ? {} : { status }) };
}

/** A webhook configuration of older days, which the API no longer takes: it lies in the store as it was. */
export const OLD_WEBHOOK = {
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "ValidatingWebhookConfiguration",
  metadata: {
    name: "webhook-with-side-effects",
    uid: "6e0c1b1e-0000-4000-8000-000000000001",
    creationTimestamp: "2026-01-01T00:00:00Z",
  },
  webhooks: [
    {
      name: "webhook-with-side-effects.example.com",
      admissionReviewVersions: ["v1"],
      sideEffects: "Some",
      timeoutSeconds: 1,
      failurePolicy: "Fail",
      matchPolicy: "Equivalent",
      namespaceSelector: {},
      objectSelector: {},
      clientConfig: { url: "https://127.0.0.1:1/" },
      rules: [
        {
          apiGroups: [""],
          apiVersions: ["v1"],
          operations: ["CREATE", "DELETE"],
          resources: ["configmaps"],
          scope: "*",
        },
      ],
      matchConditions: [
        {
          name: "only",
          expression:
            "object == null ? oldObject.metadata.name == 'there' : object.metadata.name == 'webhook-with-side-effects'",
        },
      ],
    },
  ],
};

/** An API group that nobody answers for. */
export const DEAD_GROUP = `
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1.dead.example.com}
spec:
  group: dead.example.com
  version: v1
  groupPriorityMinimum: 100
  versionPriority: 1
  insecureSkipTLSVerify: true
  service: {name: nowhere, namespace: default, port: 443}
`;
