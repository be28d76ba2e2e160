import type { JsonMap } from "../../src/model/json.ts";
import type { KubeObject } from "../../src/model/object.ts";
import { yml } from "../support/yml.ts";

/** An object that others applied and touched before we come. */
export interface MigrationCase {
  readonly name: string;
  readonly before: KubeObject;
  /** What Git wants when we come. */
  readonly desired: KubeObject;
  /** How it came to the cluster: arguments of kubectl besides the manifest; we, by server-side apply, before them when `ourselvesFirst`. */
  readonly by: readonly string[];
  readonly ourselvesFirst?: boolean;
  /** What people and controllers did to it then: kubectl's arguments. */
  readonly touches: readonly (readonly string[])[];
  readonly adopting: boolean;
  /** What Git wants is refused. */
  readonly refused?: true;
}

const CLIENT_SIDE = ["apply"];
const patch = (kind: string, name: string, manager: string, change: JsonMap): readonly string[] => [
  "patch",
  kind,
  name,
  "--type=strategic",
  `--field-manager=${manager}`,
  "-p",
  JSON.stringify(change),
];
const mergePatch = (kind: string, name: string, manager: string, change: JsonMap): readonly string[] => [
  "patch",
  kind,
  name,
  "--type=merge",
  `--field-manager=${manager}`,
  "-p",
  JSON.stringify(change),
];

function web(name: string): KubeObject {
  return yml`
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: ${name}
      labels: {app: ${name}, team: shop, tier: front}
      annotations: {note: first, keep: this}
    spec:
      replicas: 3
      revisionHistoryLimit: 4
      selector: {matchLabels: {app: ${name}}}
      template:
        metadata: {labels: {app: ${name}, release: a}}
        spec:
          terminationGracePeriodSeconds: 50
          containers:
            - name: web
              image: web:1
              imagePullPolicy: Always
              ports: [{name: http, containerPort: 80}, {name: admin, containerPort: 81}]
              env: [{name: A, value: "1"}, {name: B, value: "2"}]
              resources: {limits: {cpu: "1", memory: 1Gi}, requests: {cpu: 100m}}
            - name: proxy
              image: proxy:1
          volumes: [{name: cache, emptyDir: {}}]`;
}

/** Much of it is gone from Git. */
function trimmedWeb(name: string): KubeObject {
  return yml`
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: ${name}
      labels: {app: ${name}, team: shop}
      annotations: {keep: this}
    spec:
      selector: {matchLabels: {app: ${name}}}
      template:
        metadata: {labels: {app: ${name}, release: a}}
        spec:
          containers:
            - name: web
              image: web:1
              ports: [{name: http, containerPort: 80}]
              env: [{name: A, value: "1"}]
              resources: {requests: {cpu: 100m}}`;
}

function configMap(name: string, rest: JsonMap): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, ...rest };
}

function thing(group: string, name: string, spec: JsonMap): KubeObject {
  return { apiVersion: `${group}/v1`, kind: "Thing", metadata: { name }, spec };
}

const THING: JsonMap = {
  nested: { a: "1", b: "2" },
  map: { x: "1", y: "2" },
  items: [
    { name: "one", value: "1" },
    { name: "two", value: "2", weight: 9 },
  ],
  tags: ["p", "q"],
  mode: "own",
};

/** The definition that the cases of `thing` need; its group is the test's own. */
export function thingDefinition(group: string): KubeObject {
  return yml`
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata: {name: things.${group}}
    spec:
      group: ${group}
      scope: Namespaced
      names: {plural: things, kind: Thing}
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
                    nested: {type: object, properties: {a: {type: string}, b: {type: string}}}
                    map: {type: object, additionalProperties: {type: string}}
                    mode: {type: string, default: plain}
                    tags: {type: array, x-kubernetes-list-type: set, items: {type: string}}
                    items:
                      type: array
                      x-kubernetes-list-type: map
                      x-kubernetes-list-map-keys: [name]
                      items:
                        type: object
                        required: [name]
                        properties: {name: {type: string}, value: {type: string}, weight: {type: integer, default: 5}}`;
}

const SERVICE = yml`
  apiVersion: v1
  kind: Service
  metadata: {name: shop, labels: {team: shop}}
  spec:
    sessionAffinity: ClientIP
    selector: {app: web, tier: front}
    ports: [{name: http, port: 80, targetPort: 8080}, {name: metrics, port: 90}]`;

const INGRESS = yml`
  apiVersion: networking.k8s.io/v1
  kind: Ingress
  metadata: {name: shop, annotations: {note: first}}
  spec:
    ingressClassName: nginx
    tls: [{hosts: [a.example], secretName: tls}]
    rules:
      - {host: a.example, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: shop, port: {number: 80}}}}]}}
      - {host: b.example}`;

/** Cases of client-side apply; `group` is that of `thingDefinition`. */
export function clientSideCases(group: string): readonly MigrationCase[] {
  const common = { by: CLIENT_SIDE, touches: [], adopting: false } as const;
  return [
    { ...common, name: "a Deployment of which much is dropped", before: web("web"), desired: trimmedWeb("web") },
    {
      ...common,
      name: "the same after label, set env, scale and rollout restart by people",
      before: web("web"),
      desired: trimmedWeb("web"),
      touches: [
        ["label", "deployment/web", "human=1"],
        ["set", "env", "deployment/web", "HUMAN=1"],
        ["scale", "deployment/web", "--replicas=4"],
        ["rollout", "restart", "deployment/web"],
      ],
    },
    {
      ...common,
      name: "a Service that loses a port, affinity, selector and labels",
      before: SERVICE,
      desired: yml`
        apiVersion: v1
        kind: Service
        metadata: {name: shop}
        spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}`,
    },
    {
      ...common,
      name: "a ConfigMap that loses keys, one of somebody else's stays",
      before: configMap("settings", { data: { a: "1", b: "2" }, binaryData: { z: "AAAA" } }),
      desired: configMap("settings", { data: { a: "1" } }),
      touches: [mergePatch("configmap", "settings", "kubectl-patch", { data: { human: "1" } })],
    },
    {
      ...common,
      name: "a ConfigMap that loses all its data but for what a person wrote",
      before: configMap("settings", { data: { a: "1", b: "2" } }),
      desired: configMap("settings", {}),
      touches: [mergePatch("configmap", "settings", "kubectl-patch", { data: { human: "1", b: "changed" } })],
    },
    {
      ...common,
      name: "a custom resource that loses nested fields, items, set members and a defaulted field",
      before: thing(group, "one", THING),
      desired: thing(group, "one", { map: { x: "1" }, items: [{ name: "two", value: "2" }], tags: ["q"] }),
    },
    {
      ...common,
      name: "a custom resource that loses parts beside another manager's",
      before: thing(group, "one", THING),
      desired: thing(group, "one", { nested: { a: "1" }, mode: "own" }),
      touches: [mergePatch("things", "one", "another", { spec: { map: { z: "9" } } })],
    },
    {
      ...common,
      name: "an Ingress that loses a rule, TLS, its class and annotations",
      before: INGRESS,
      desired: yml`
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: shop}
        spec:
          rules:
            - {host: a.example, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: shop, port: {number: 80}}}}]}}`,
    },
    {
      ...common,
      name: "an object of ours that a person changed with kubectl apply",
      before: web("web"),
      desired: trimmedWeb("web"),
      ourselvesFirst: true,
    },
    {
      ...common,
      name: "values that kubectl edit took from kubectl apply",
      before: web("web"),
      desired: trimmedWeb("web"),
      touches: [
        patch("deployment", "web", "kubectl-edit", {
          spec: {
            template: {
              spec: {
                containers: [
                  { name: "web", env: [{ name: "B", value: "edited" }] },
                  { name: "proxy", args: ["x"] },
                ],
              },
            },
          },
        }),
      ],
    },
    {
      ...common,
      name: "a PersistentVolumeClaim that loses a label",
      before: claim({ a: "1", b: "2" }),
      desired: claim({ a: "1" }),
    },
    {
      ...common,
      name: "a required field that is dropped",
      before: web("web"),
      desired: yml`
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: web, image: "web:1"}, {name: proxy}]}`,
      refused: true,
    },
  ];
}

function claim(labels: JsonMap): KubeObject {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "disk", labels: labels as Readonly<Record<string, string>> },
    spec: { accessModes: ["ReadWriteOnce"], storageClassName: "std", resources: { requests: { storage: "1Gi" } } },
  };
}

function serverSide(manager: string): readonly string[] {
  return ["apply", "--server-side", "--force-conflicts", `--field-manager=${manager}`];
}

/** Cases of objects that another tool applied and that we take over. */
export function adoptionCases(group: string): readonly MigrationCase[] {
  const common = { before: web("web"), desired: trimmedWeb("web"), touches: [], adopting: true } as const;
  const edited = patch("deployment", "web", "kubectl-edit", {
    metadata: { labels: { tier: "edited" } },
    spec: { template: { spec: { containers: [{ name: "proxy", args: ["x"] }] } } },
  });
  return [
    { ...common, name: "Flux: applied by kustomize-controller", by: serverSide("kustomize-controller") },
    {
      ...common,
      name: "Flux, then kubectl edit and scale by people",
      by: serverSide("kustomize-controller"),
      touches: [edited, ["scale", "deployment/web", "--replicas=5"]],
    },
    { ...common, name: "Argo CD, server-side", by: serverSide("argocd-controller") },
    {
      ...common,
      name: "Argo CD, client-side",
      by: ["apply", "--field-manager=argocd-application-controller"],
      touches: [edited],
    },
    { ...common, name: "kubectl apply --server-side", by: ["apply", "--server-side"], touches: [edited] },
    { ...common, name: "kubectl create", by: ["create"] },
    { ...common, name: "kapp", by: ["create", "--field-manager=kapp"], touches: [edited] },
    {
      ...common,
      name: "Flux: a custom resource",
      before: thing(group, "one", THING),
      desired: thing(group, "one", { map: { x: "1" }, items: [{ name: "two", value: "2" }], tags: ["q"] }),
      by: serverSide("kustomize-controller"),
      touches: [mergePatch("things", "one", "another", { spec: { nested: { b: "edited" } } })],
    },
    { ...common, name: "Flux, but not to be taken over", by: serverSide("kustomize-controller"), adopting: false },
  ];
}
