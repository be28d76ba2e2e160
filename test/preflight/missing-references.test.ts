import { describe, expect, test } from "vitest";
import type { SourceObject } from "../../src/model/object.ts";
import { formatRef, type Ref } from "../../src/model/ref.ts";
import { parseManifests } from "../../src/manifest/parse.ts";
import { missingReferences, outsideReferences, type Known } from "../../src/preflight/missing-references.ts";
import { dedent } from "../support/yml.ts";

const objectsOf = (text: string): readonly SourceObject[] => parseManifests(dedent(text), "app.yaml").objects;
const messages = (text: string, known: Known = () => "no"): readonly string[] =>
  missingReferences(objectsOf(text), known).map(({ message }) => message);

const WEB = `
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: web, namespace: shop}
  spec:
    template:
      spec:
        serviceAccountName: web
        priorityClassName: fast
        imagePullSecrets: [{name: registry}]
        initContainers:
          - {name: i, image: "a:1", envFrom: [{configMapRef: {name: early}}]}
        containers:
          - name: c
            image: a:1
            env:
              - {name: A, valueFrom: {secretKeyRef: {name: password, key: k}}}
              - {name: B, valueFrom: {configMapKeyRef: {name: maybe, key: k, optional: true}}}
            envFrom: [{secretRef: {name: token}}]
        volumes:
          - {name: v1, configMap: {name: settings}}
          - {name: v2, secret: {secretName: certificate}}
          - {name: v3, persistentVolumeClaim: {claimName: files}}
          - {name: v4, projected: {sources: [{secret: {name: mixed}}, {configMap: {name: gone, optional: true}}]}}
          - {name: v5, emptyDir: {}}
`;

describe("references", () => {
  test("are found wherever a pod names another object, optional ones left out", () => {
    expect(outsideReferences(objectsOf(WEB).map(({ object }) => object)).map(formatRef)).toEqual([
      "ServiceAccount shop/web",
      "ConfigMap shop/settings",
      "ConfigMap shop/early",
      "Secret shop/certificate",
      "Secret shop/mixed",
      "Secret shop/password",
      "Secret shop/token",
      "Secret shop/registry",
      "PersistentVolumeClaim shop/files",
      "scheduling.k8s.io/PriorityClass fast",
    ]);
  });

  test("of some objects are outside where none of all objects provides them", () => {
    const [pod, settings] = objectsOf(`
      apiVersion: v1
      kind: Pod
      metadata: {name: p, namespace: shop}
      spec: {containers: [{name: c, image: "a:1", envFrom: [{configMapRef: {name: settings}}, {secretRef: {name: key}}]}]}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: settings, namespace: shop}
    `).map(({ object }) => object);
    expect(outsideReferences([pod!], [pod!, settings!]).map(formatRef)).toEqual(["Secret shop/key"]);
    expect(outsideReferences([settings!], [pod!, settings!])).toEqual([]);
  });

  test("that nobody provides are one caution for each object, which names them", () => {
    const live = new Set(["web", "settings", "early", "certificate", "mixed", "password", "token", "registry"]);
    const known = ({ name }: Ref): "yes" | "no" => (live.has(name) ? "yes" : "no");
    expect(missingReferences(objectsOf(WEB), known)).toEqual([
      {
        code: "missing-reference",
        level: "caution",
        message:
          "apps/Deployment shop/web: names PersistentVolumeClaim shop/files, scheduling.k8s.io/PriorityClass fast, which neither this change nor the cluster has",
        remedy: "add what is missing, or correct the name",
        at: { file: "app.yaml", line: 1, column: 1 },
      },
    ]);
  });

  test("are no news when the change brings them, or nobody may look", () => {
    const pod = `
      apiVersion: v1
      kind: Pod
      metadata: {name: p, namespace: shop}
      spec: {containers: [{name: c, image: "a:1", envFrom: [{configMapRef: {name: settings}}]}]}
    `;
    const settings = `
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: settings, namespace: shop}
    `;
    expect(messages(pod)).toEqual([
      "Pod shop/p: names ConfigMap shop/settings, which neither this change nor the cluster has",
    ]);
    expect(messages(dedent(pod) + dedent(settings))).toEqual([]);
    expect(messages(dedent(pod) + dedent(settings.replace("shop", "other")))).toHaveLength(1);
    expect(messages(pod, () => "unknown")).toEqual([]);
  });

  test("to a Secret that a controller will make of an object of the change are no news", () => {
    const pod = `
      apiVersion: v1
      kind: Pod
      metadata: {name: p, namespace: shop}
      spec: {containers: [{name: c, image: "a:1", envFrom: [{secretRef: {name: db}}]}]}
    `;
    const makers = [
      "{apiVersion: bitnami.com/v1alpha1, kind: SealedSecret, metadata: {name: db, namespace: shop}}",
      "{apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: {name: x, namespace: shop}, spec: {target: {name: db}}}",
      "{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: x, namespace: shop}, spec: {secretName: db}}",
    ];
    expect(messages(pod)).toHaveLength(1);
    for (const maker of makers) expect(messages(`${dedent(pod)}---\n${maker}\n`)).toEqual([]);
  });

  test("of bindings, routes and autoscalers count as well", () => {
    const text = `
      apiVersion: rbac.authorization.k8s.io/v1
      kind: RoleBinding
      metadata: {name: b, namespace: shop}
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
      ---
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: i, namespace: shop}
      spec: {rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]}
      ---
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: {name: h, namespace: shop}
      spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, maxReplicas: 3}
    `;
    expect(messages(text)).toEqual([
      "rbac.authorization.k8s.io/RoleBinding shop/b: names rbac.authorization.k8s.io/Role shop/reader, which neither this change nor the cluster has",
      "networking.k8s.io/Ingress shop/i: names Service shop/web, which neither this change nor the cluster has",
      "autoscaling/HorizontalPodAutoscaler shop/h: names apps/Deployment shop/web, which neither this change nor the cluster has",
    ]);
  });
});
